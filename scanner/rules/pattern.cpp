// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/pattern.h"

#include "scanner/rules/regex/probe.h"
#include "scanner/rules/textruns.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include <hs.h>

namespace coredact {

namespace {

Error refused(std::string message)
{
    return {ErrorCode::Malformed, std::move(message), std::nullopt};
}

void replaceAll(std::string& text, std::string_view what, std::string_view with)
{
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// Walks over an expression and tells escapes and character classes from the rest.
class RegexWalk {
public:
    explicit RegexWalk(std::string_view text)
        : m_text(text)
    {
    }
    bool next()
    {
        m_at += m_size;
        if (m_at >= m_text.size())
            return false;
        m_size = m_text[m_at] == '\\' && m_at + 1 < m_text.size() ? 2 : 1;
        m_plain = false;
        if (m_inClass && m_text.substr(m_at, 2) == "[:" && m_text.find(":]", m_at) != m_text.npos) {
            m_size = m_text.find(":]", m_at) + 2 - m_at;
        } else if (m_inClass) {
            m_inClass = part() != "]" || m_at == m_classBegin;
        } else if (part() == "[") {
            m_inClass = true;
            m_classBegin = m_at + 1;
            if (m_text.substr(m_classBegin, 1) == "^")
                ++m_classBegin;
        } else {
            m_plain = m_size == 1;
        }
        return true;
    }
    std::string_view part() const { return m_text.substr(m_at, m_size); }
    /// Not escaped and not in a character class.
    bool plain() const { return m_plain; }
    std::size_t at() const { return m_at; }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_size = 0;
    std::size_t m_classBegin = 0;
    bool m_inClass = false;
    bool m_plain = false;
};

std::string withoutFreeSpacing(std::string_view regex)
{
    std::string out;
    RegexWalk walk(regex);
    bool comment = false;
    while (walk.next()) {
        const std::string_view part = walk.part();
        if (comment) {
            comment = part.find('\n') == std::string_view::npos;
        } else if (walk.plain() && part == "#") {
            comment = true;
        } else if (!walk.plain()
                   || std::string_view(" \t\r\n\f\v").find(part) == std::string_view::npos) {
            out += part;
        }
    }
    return out;
}

/// The flags of "(?ix-s)" at `at`, or "" when no such group stands there.
std::string_view flagsAt(std::string_view regex, std::size_t at)
{
    if (regex.substr(at, 2) != "(?")
        return {};
    const std::size_t end = regex.find_first_not_of("imsxU-", at + 2);
    if (end == std::string_view::npos || (regex[end] != ')' && regex[end] != ':'))
        return {};
    return regex.substr(at + 2, end - at - 2);
}

/// Whether ^ and $ stand for line ends somewhere in the expression.
bool isMultiLine(std::string_view regex)
{
    RegexWalk walk(regex);
    while (walk.next())
        if (walk.plain() && walk.part() == "("
            && flagsAt(regex, walk.at()).find('m') != std::string_view::npos)
            return true;
    return false;
}

/// In memory a text begins and ends where bytes begin that are no text.
std::string withTextEnds(const std::string& regex)
{
    if (regex.find_first_of("^$") == std::string::npos || isMultiLine(regex))
        return regex;
    std::string out;
    RegexWalk walk(regex);
    while (walk.next()) {
        if (walk.plain() && walk.part() == "^")
            out += "(?:\\A|[\\x00-\\x08\\x0e-\\x1f\\x7f-\\xff])";
        else if (walk.plain() && walk.part() == "$")
            out += "(?:\\z|[\\x00-\\x08\\x0e-\\x1f\\x7f-\\xff])";
        else
            out += walk.part();
    }
    return out;
}

std::string withEdges(const TextRule& rule, std::string_view core, const RegexWidth& width)
{
    std::string text;
    if (!rule.leftEdge.empty()) {
        // A length byte may look like a letter: a Pascal string's, or PostgreSQL's, which counts
        // itself, doubled and one more (varatt.h, VARATT_1B). So may the end of an escape
        // sequence (\n, %3D) of the text around.
        std::string length;
        for (const std::size_t size : {width.least, width.most})
            for (const std::size_t byte : {size, 2 * (size + 1) + 1}) {
                if (size == 0 || byte > 255)
                    continue;
                std::array<char, 8> buffer {};
                std::snprintf(buffer.data(), buffer.size(), "|\\x%02x",
                              static_cast<unsigned>(byte));
                length += buffer.data();
            }
        text = "(?:\\A|[^" + rule.leftEdge
            + "]|\\\\[nrtbf]|%[0-9A-Fa-f][0-9A-Fa-f]|\\\\u00[0-9a-f][0-9a-f]" + length + ")";
    }
    text += '(' + std::string(core) + ')';
    if (!rule.rightEdge.empty())
        text += "(?:\\z|[^" + rule.rightEdge + "])";
    return text;
}

/// How wide the pattern engine says that matches are: for what is not taken apart here.
Result<RegexWidth> askedWidth(const std::string& text)
{
    hs_expr_info_t* facts = nullptr;
    hs_compile_error_t* problem = nullptr;
    if (hs_expression_info(text.c_str(), HS_FLAG_ALLOWEMPTY, &facts, &problem) != HS_SUCCESS) {
        std::string message = problem ? problem->message : "unknown";
        hs_free_compile_error(problem);
        return refused("the pattern engine refuses the expression: " + message);
    }
    const RegexWidth width {facts->min_width,
                            facts->max_width == UINT_MAX ? unbounded : facts->max_width};
    std::free(facts);
    return width;
}

Result<RegexWidth> widthOf(const std::optional<Regex>& tree, const std::string& text)
{
    if (tree)
        return widthOf(tree->root);
    return askedWidth(text);
}

/// What is asked of an expression with its edges.
struct Measure {
    RegexWidth width;
    std::size_t groups = 0;
    std::size_t size = unbounded; ///< of its tree; unbounded where it is not taken apart
};

/// Whether this is nothing, or the inside of a character class.
bool isEdge(const std::string& edge)
{
    if (edge.empty())
        return true;
    const auto tree = parseRegex("[^" + edge + ']');
    return tree && tree->root.kind == RegexNode::Kind::Bytes;
}

/// `core`: without the edges, of which all is known, so that few are taken apart twice.
Result<Measure> measured(const TextRule& rule, const std::optional<Regex>& core,
                         const std::string& text)
{
    constexpr std::size_t widestLeft = 6; // of a letter in JSON
    constexpr std::size_t edgeSize = 1000; // more than any class and what is beside it
    if (core && isEdge(rule.leftEdge) && isEdge(rule.rightEdge)) {
        RegexWidth width = widthOf(core->root);
        if (width.most != unbounded)
            width.most
                += (rule.leftEdge.empty() ? 0 : widestLeft) + (rule.rightEdge.empty() ? 0 : 1);
        return Measure {width, static_cast<std::size_t>(core->groups) + 1,
                        core->size + 2 * edgeSize};
    }
    const auto tree = parseRegex(text);
    const auto width = widthOf(tree, text);
    if (!width)
        return width.error();
    Measure measure {*width};
    if (tree) {
        measure.groups = static_cast<std::size_t>(tree->groups);
        measure.size = tree->size;
    }
    return measure;
}

ByteSet setOf(bool (*has)(std::uint8_t))
{
    ByteSet set;
    for (unsigned byte = 0; byte < 256; ++byte)
        set[byte] = has(static_cast<std::uint8_t>(byte));
    return set;
}

/// Bits that a probe must tell for an automaton to be the best way to look for it: more than a
/// rare sign alone does.
constexpr std::size_t leastForAutomaton = 14;

/// Bits that a probe must tell to be looked for in every text: four letters.
constexpr std::size_t leastAlone = 28;

/// Whether words are of digits and signs, half of their first bytes at least. An automaton has
/// nothing to wait for in those, while words with many letters are what it is good at.
bool areNumbers(const Words& words)
{
    static const ByteSet letters
        = setOf([](std::uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; });
    return std::all_of(words.words.begin(), words.words.end(), [](const FoundWord& word) {
        const WordHead head = headOf(word);
        return std::count_if(head.begin(), head.begin() + wordStart,
                             [](const ByteSet& set) { return (set & letters).none(); })
            >= std::ptrdiff_t {wordStart / 2};
    });
}

AutomatonProbe probeOf(const std::optional<Regex>& core, const std::string& text)
{
    using Where = AutomatonProbe::Where;
    static const ByteSet tokens = setOf([](std::uint8_t byte) { return isTokenByte(byte); });
    static const ByteSet texts = setOf([](std::uint8_t byte) { return isTextByte(byte); });
    if (core) {
        auto token = probeOf(core->root, tokens);
        if (token && token->run < leastTokenRun)
            token.reset();
        // Beside a token that tells enough no other text is asked for.
        auto anyText
            = token && token->told >= leastForAutomaton ? std::nullopt : probeOf(core->root, texts);
        if (anyText && anyText->run < leastTextRun)
            anyText.reset();
        const std::size_t told = std::max(token ? token->told : 0, anyText ? anyText->told : 0);
        if (told < leastForAutomaton)
            if (auto sign = signProbeOf(core->root, tokens, leastTokenRun))
                return {Where::Sign, {}, std::move(sign)};
        const bool byToken = token && (token->told > 0 || !anyText || anyText->told == 0);
        const auto& probe = byToken ? token : anyText;
        if (probe) {
            std::optional<Words> words;
            if (probe->told < leastAlone) // else not needed, and it takes time
                words = wordsOf(isOnly(core->root, texts) ? core->root : probe->node);
            if (words && areNumbers(*words))
                return {Where::Words, toText(probe->node), {}, std::move(words)};
            return {byToken ? Where::Tokens : Where::Text, toText(probe->node)};
        }
    }
    return {Where::Everywhere, text};
}

/// Compiles the expression now where it might not compile later.
Status prepareConfirm(Pattern& pattern, const Measure& measure)
{
    pattern.confirm = std::make_unique<const LazyRegex>(pattern.text);
    if (measure.size <= surelySmall) {
        pattern.groups = measure.groups;
        return {};
    }
    const RE2& confirm = **pattern.confirm;
    if (!confirm.ok())
        return refused("the matching engine refuses the expression: " + confirm.error());
    pattern.groups = static_cast<std::size_t>(confirm.NumberOfCapturingGroups());
    return {};
}

} // namespace

Result<std::string> forMemory(std::string_view regex)
{
    std::string text(regex);
    // The guards of gitleaks' and betterleaks' rules.
    constexpr std::string_view memoryGuard = "(?:[^0-9A-Za-z_+/=.-]|\\z)";
    replaceAll(text, R"((?:[\x60'"\s;]|\\[nr]|$))", memoryGuard);
    replaceAll(text, R"((?:\\?['"\x60]|[\s;]|\\[nr]|$))", memoryGuard);
    const std::string_view flags = flagsAt(text, 0);
    if (flags.find('x') != std::string_view::npos && text[2 + flags.size()] == ')') {
        std::string others(flags);
        std::erase(others, 'x');
        text = (others.empty() ? "" : "(?" + others + ")")
            + withoutFreeSpacing(std::string_view(text).substr(flags.size() + 3));
    }
    RegexWalk walk(text);
    while (walk.next())
        if (walk.plain() && walk.part() == "("
            && flagsAt(text, walk.at()).find('x') != std::string_view::npos)
            return refused("free spacing, (?x), works at the beginning of an expression only");
    return withTextEnds(text);
}

Result<Pattern> compile(const TextRule& rule)
{
    if (rule.regex.size() > largestRegex)
        return refused("the expression is longer than " + std::to_string(largestRegex) + " bytes");
    const auto core = forMemory(rule.regex);
    if (!core)
        return core.error();
    const auto coreTree = parseRegex(*core);
    const auto coreWidth = widthOf(coreTree, *core);
    if (!coreWidth)
        return coreWidth.error();
    if (coreWidth->least == 0)
        return refused("the expression matches the empty text");

    Pattern pattern;
    pattern.text = withEdges(rule, *core, *coreWidth);
    const auto measure = measured(rule, coreTree, pattern.text);
    if (!measure)
        return measure.error();
    const std::size_t edges = 8; // more than the longest left edge and a byte after
    const std::size_t most = measure->width.most;
    pattern.width = rule.maximumSize > 0 ? rule.maximumSize + edges
        : most != unbounded              ? most
                                         : unboundedSize;
    if (rule.maximumSize == 0 && most != unbounded && most > largestMaximumSize)
        return refused("a match could be larger than " + std::to_string(largestMaximumSize)
                       + " bytes; say maximumSize");
    if (const Status status = prepareConfirm(pattern, *measure); !status)
        return status.error();
    if (rule.secretGroup < 0 || static_cast<std::size_t>(rule.secretGroup) >= pattern.groups)
        return refused("secretGroup is " + std::to_string(rule.secretGroup)
                       + ", but the expression has fewer groups");
    pattern.probe = probeOf(coreTree, pattern.text);
    if (auto& words = pattern.probe.words) {
        words->before = std::min(words->before, pattern.width);
        words->after = std::min(words->after, pattern.width);
    }
    return pattern;
}

} // namespace coredact
