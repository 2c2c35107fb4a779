// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in tables of text, under the names of their columns: CSV, also with semicolons and tabs,
// and what the clients of PostgreSQL and MySQL print.
//   name,email,password          | id | api_token |
//   jane,j@example.org,...       +----+-----------+
#include "scanner/base/ascii.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/keys/tablerules.h"

#include <algorithm>
#include <array>
#include <optional>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view detectorName = "textcolumns"sv;
// What is longer is left out, which is told where the head of the table is known.
constexpr std::size_t longestLine = 1024;
constexpr std::size_t longestRows = 8192;
constexpr std::string_view separators = ",;\t|";

bool isText(char c) { return (c >= 0x20 && c != 0x7f) || c == '\t' || c < 0; }

/// The line from `begin` on, without its end.
std::string_view lineAt(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    while (end < text.size() && end - begin < longestLine && isText(text[end]))
        ++end;
    return text.substr(begin, end - begin);
}

/// Where the line begins that has `at` in it.
std::size_t lineBegin(std::string_view text, std::size_t at)
{
    const std::size_t first = at - std::min(at, longestLine);
    while (at > first && isText(text[at - 1]))
        --at;
    return at;
}

/// The fields of a line, without blanks and quotes around them; separators between quotes are
/// none.
std::vector<Span> fieldsOf(std::string_view line, char separator)
{
    std::vector<Span> fields;
    std::size_t begin = 0;
    bool isQuoted = false;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        if (at < line.size() && line[at] == '"')
            isQuoted = !isQuoted;
        if (at < line.size() && (isQuoted || line[at] != separator))
            continue;
        Span field {begin, at};
        const auto isAround
            = [&](std::size_t place) { return line[place] == ' ' || line[place] == '"'; };
        while (field.begin < field.end && isAround(field.begin))
            ++field.begin;
        while (field.begin < field.end && isAround(field.end - 1))
            --field.end;
        fields.push_back(field);
        begin = at + 1;
    }
    return fields;
}

std::string_view textOf(std::string_view line, Span field)
{
    return line.substr(field.begin, field.end - field.begin);
}

/// Whether the fields are nothing but names, two at least, of which none comes twice.
bool areNames(std::string_view line, const std::vector<Span>& fields)
{
    std::vector<std::string_view> names;
    for (const Span& field : fields) {
        const std::string_view name = textOf(line, field);
        if (name.size() > longestTableName || !std::all_of(name.begin(), name.end(), [](char c) {
                return c == ' ' || isTableNameByte(static_cast<std::uint8_t>(c));
            }))
            return false;
        if (name.empty())
            continue;
        if (isDigit(name[0]))
            return false; // a row
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names.size() >= 2 && std::adjacent_find(names.begin(), names.end()) == names.end();
}

/// A line between a table's head and its rows.
bool isRule(std::string_view line)
{
    return !line.empty() && line.find_first_not_of("-+|= ") == line.npos;
}

/// The line behind the one that ends at `end`; empty where no end of a line stands there.
std::string_view lineBehind(std::string_view text, std::size_t end)
{
    if (end < text.size() && text[end] == '\r')
        ++end;
    return end < text.size() && text[end] == '\n' ? lineAt(text, end + 1) : std::string_view();
}

/// A column that holds something secret.
struct Column {
    std::size_t number = 0;
    std::size_t count = 0; ///< of all columns
    char separator = ',';
    const RuleInfo* rule = nullptr;
    std::string name;
};

/// The column whose name in the line ends at `nameEnd`, if the line is the head of a table.
std::optional<Column> columnIn(std::string_view line, std::size_t nameEnd)
{
    for (const char separator : separators) {
        if (line.find(separator) == line.npos)
            continue;
        const auto fields = fieldsOf(line, separator);
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const Span& one) { return one.end == nameEnd; });
        if (field == fields.end() || !areNames(line, fields))
            continue;
        const std::string_view name = textOf(line, *field);
        if (const RuleInfo* rule = tableRuleFor(name))
            return Column {static_cast<std::size_t>(field - fields.begin()), fields.size(),
                           separator, rule, std::string(name)};
    }
    return std::nullopt;
}

void tell(std::string_view text, std::string_view value, const Column& column, MatchSink& sink)
{
    if (!isLikeNoOther(value))
        return;
    auto match
        = tableMatch({value.begin(), value.end()}, *column.rule, column.name, "a table of text");
    if (!match)
        return;
    const auto at = static_cast<std::size_t>(value.data() - text.data());
    match->confidence = Confidence::Possible;
    match->spans = {{at, at + value.size()}};
    sink.add(std::move(*match));
}

/// Tells the column's values in the rows from `line` on. Whether there are more of these than
/// `text` has, which then `isCut`, or one is too long.
bool tellRows(std::string_view text, bool isCut, std::string_view line, const Column& column,
              MatchSink& sink)
{
    bool isTable = false;
    while (!line.empty()) {
        const auto end = static_cast<std::size_t>(line.data() - text.data()) + line.size();
        const auto fields = fieldsOf(line, column.separator);
        if (end == text.size() ? isCut : isText(text[end]))
            return fields.size() <= column.count && (isTable || fields.size() > 1);
        if (!isRule(line)) {
            if (fields.size() != column.count)
                return false;
            isTable = true;
            tell(text, textOf(line, fields[column.number]), column, sink);
        }
        line = lineBehind(text, end);
    }
    return false;
}

/// `position` is of the last four letters of what may be a name.
void lookAtName(const Window& window, std::size_t position, MatchSink& sink)
{
    constexpr std::size_t anchorSize = 4;
    const std::size_t nameEnd = position + anchorSize;
    const std::string_view text
        = asText(window.bytes).substr(0, std::min(window.bytes.size(), nameEnd + longestRows));
    if (!window.fresh(position) || nameEnd >= text.size()
        || (separators.find(text[nameEnd]) == separators.npos && text[nameEnd] != '"'
            && text[nameEnd] != ' ' && text[nameEnd] != '\r' && text[nameEnd] != '\n'))
        return;
    const std::size_t begin = lineBegin(text, position);
    const std::string_view head = lineAt(text, begin);
    const std::string_view line = lineBehind(text, begin + head.size());
    if (line.empty())
        return;
    const auto column = columnIn(head, nameEnd - begin);
    if (!column)
        return;
    const bool isCut = text.size() < window.bytes.size();
    if (tellRows(text, isCut, line, *column, sink))
        sink.leaveOut(detectorName, position);
}

} // namespace

std::span<const ByteAnchor> textcolumnsAnchors()
{
    static const auto anchors = anchorsOfLetters(tableNameEndings, 0, lookAtName);
    return anchors;
}

extern const Detector textcolumnsDetector;
const Detector textcolumnsDetector {detectorName, tableRules, longestLine + longestRows, nullptr,
                                    true};

} // namespace coredact
