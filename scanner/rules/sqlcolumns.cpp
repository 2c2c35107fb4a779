// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in statements of SQL that insert rows: names of columns in one list, values in others, so
// that a secret stands far from its name and is told by its place alone.
//   INSERT INTO accounts (name, api_token) VALUES ('jane', '4f...'), ('joe', '81...')
#include "scanner/base/ascii.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/tablerules.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view detectorName = "sqlcolumns"sv;
constexpr std::string_view keyword = "VALUES"sv;
constexpr std::size_t longestColumns = 2048; ///< bytes of their list
constexpr std::size_t longestRows = 8192; ///< what is more is left out, which is told
constexpr std::size_t mostColumns = 128;

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

char small(char c) { return isCapital(c) ? static_cast<char>(c | 0x20) : c; }

bool isKeywordAt(std::string_view text, std::size_t at)
{
    const std::string_view word = text.substr(at, keyword.size());
    return std::equal(word.begin(), word.end(), keyword.begin(), keyword.end(),
                      [](char a, char b) { return small(a) == small(b); });
}

/// A column by its place in the list, if its name calls for a rule.
struct Column {
    std::size_t number = 0;
    const RuleInfo* rule = nullptr;
    std::string name;
};

/// The columns that hold something secret, of the list that ends before `end`: "(a, "b", `c`) ".
std::vector<Column> columnsBefore(std::string_view text, std::size_t end)
{
    while (end > 0 && isBlank(text[end - 1]))
        --end;
    if (end == 0 || text[end - 1] != ')')
        return {};
    const std::string_view reachable
        = text.substr(end - std::min(end, longestColumns), std::min(end, longestColumns) - 1);
    const std::size_t open = reachable.rfind('(');
    if (open == reachable.npos)
        return {};
    std::vector<Column> columns;
    std::string_view list = reachable.substr(open + 1);
    for (std::size_t number = 0; number < mostColumns && !list.empty(); ++number) {
        const std::size_t size = std::min(list.size(), list.find(','));
        std::string name;
        for (const char c : list.substr(0, size))
            if (!isBlank(c) && "\"`[]\\"sv.find(c) == std::string_view::npos)
                name += c;
        if (!std::all_of(name.begin(), name.end(),
                         [](char c) { return isTableNameByte(static_cast<std::uint8_t>(c)); }))
            return {};
        if (const RuleInfo* rule = name.size() <= longestTableName ? tableRuleFor(name) : nullptr)
            columns.push_back({number, rule, name});
        list.remove_prefix(std::min(list.size(), size + 1));
    }
    return columns;
}

/// Reads values one after another.
class Values {
public:
    Values(std::string_view text, std::size_t at)
        : m_text(text)
        , m_at(at)
    {
    }

    bool take(char c)
    {
        skipBlanks();
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    /// The next value: what stands between quotes, or, of others, nothing. False where none ends.
    bool next(Span& value)
    {
        skipBlanks();
        value = {m_at, m_at};
        if (m_at < m_text.size() && (m_text[m_at] == 'E' || m_text[m_at] == 'N'))
            ++m_at; // a kind of literal, if a quote follows
        if (m_at < m_text.size() && m_text[m_at] == '\'')
            return nextQuoted(value);
        while (m_at < m_text.size() && m_text[m_at] != ',' && m_text[m_at] != ')') {
            if (m_text[m_at] == '\'' || m_text[m_at] == '(' || m_text[m_at] == '\0')
                return false;
            ++m_at;
        }
        return m_at < m_text.size();
    }

    /// Whether all of the text was read.
    bool atEnd() const { return m_at >= m_text.size(); }

private:
    void skipBlanks()
    {
        while (m_at < m_text.size() && isBlank(m_text[m_at]))
            ++m_at;
    }

    /// Quotes inside are written twice or behind a backslash.
    bool nextQuoted(Span& value)
    {
        value.begin = ++m_at;
        for (; m_at < m_text.size() && m_text[m_at] != '\0'; ++m_at) {
            const bool isQuote = m_text[m_at] == '\'';
            if (m_text[m_at] == '\\' || (isQuote && m_text.substr(m_at + 1, 1) == "'")) {
                ++m_at;
            } else if (isQuote) {
                value.end = m_at++;
                return true;
            }
        }
        return false;
    }

    std::string_view m_text;
    std::size_t m_at;
};

void tell(const Window& window, Span value, const Column& column, MatchSink& sink)
{
    const ByteView bytes = window.bytes.subspan(value.begin, value.end - value.begin);
    if (auto match = tableMatch({bytes.begin(), bytes.end()}, *column.rule, column.name, "SQL")) {
        match->spans = {value};
        sink.add(std::move(*match));
    }
}

void readRows(Values& values, const std::vector<Column>& columns, const Window& window,
              MatchSink& sink)
{
    do {
        if (!values.take('('))
            return;
        auto column = columns.begin();
        for (std::size_t number = 0; number < mostColumns; ++number) {
            Span value;
            if (!values.next(value))
                return;
            if (column != columns.end() && column->number == number)
                tell(window, value, *column++, sink);
            if (!values.take(','))
                break;
        }
        if (!values.take(')'))
            return;
    } while (values.take(','));
}

/// `position` is of the keyword's first letters.
void lookAtValues(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::string_view text
        = asText(window.bytes).substr(0, std::min(window.bytes.size(), position + longestRows));
    if (!window.fresh(position) || !isKeywordAt(text, position))
        return;
    const std::vector<Column> columns = columnsBefore(text, position);
    if (columns.empty())
        return;
    Values values(text, position + keyword.size());
    readRows(values, columns, window, sink);
    if (values.atEnd() && text.size() < window.bytes.size())
        sink.leaveOut(detectorName, position);
}

} // namespace

std::span<const ByteAnchor> sqlcolumnsAnchors()
{
    static const std::array anchors {
        anchorOf("VALU"sv, "\xdf\xdf\xdf\xdf"sv, 0, lookAtValues),
    };
    return anchors;
}

extern const Detector sqlcolumnsDetector;
const Detector sqlcolumnsDetector {detectorName, tableRules, longestColumns + longestRows, nullptr,
                                   true};

} // namespace coredact
