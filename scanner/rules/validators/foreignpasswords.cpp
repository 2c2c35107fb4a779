// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/characters.h"
#include "scanner/rules/compiledrule.h"
#include "scanner/rules/validators/keyedvalue.h"

#include <algorithm>

namespace coredact {

namespace {

bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '-' || c == '.';
}

bool endsLine(char c) { return c == '\n' || c == '\r' || c == '\0'; }

/// The name, all of it, that the match is about, and whether it begins a line or a string.
struct Named {
    std::string_view name;
    bool beginsLine = false;
};

Named nameOf(const Candidate& candidate)
{
    constexpr std::size_t longest = 60;
    const std::string_view window = asText(candidate.window);
    std::size_t end = candidate.secret.begin;
    while (end > candidate.match.begin && !isNameByte(window[end - 1]))
        --end;
    std::size_t begin = end;
    while (begin > 0 && end - begin < longest && isNameByte(window[begin - 1]))
        --begin;
    std::size_t line = begin;
    while (line > 0 && begin - line < longest
           && (window[line - 1] == ' ' || window[line - 1] == '\t'))
        --line;
    return {window.substr(begin, end - begin), line == 0 || endsLine(window[line - 1])};
}

} // namespace

bool foreignpasswordScreen(ByteView bytes) { return !isAscii(bytes); }

/// A value beside a name, in quotes or an element, or up to where a line, a field or a string ends.
Validation namedpasswordValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const Named named = nameOf(candidate);
    if (secret.size() < 5 || !isWritten(asBytes(secret))
        || secret.find_first_of("{}()<>|`") != secret.npos)
        return {.proof = Proof::Absurd};
    const char before = static_cast<char>(candidate.window[candidate.secret.begin - 1]);
    if (isNameByte(before))
        return {.proof = Proof::Absurd};
    const bool afterBlank = before == ' '
        && isNameByte(static_cast<char>(candidate.window[candidate.secret.begin - 2]));
    if (afterBlank && !named.name.starts_with("--"))
        return {.proof = Proof::Absurd};
    const bool enclosed = before == '"' || before == '\'' || before == '>' || before == ':';
    const bool isLine = named.beginsLine && endsLine(candidate.matchText().back());
    switch (keyedValue(named.name, secret)) {
    case KeyedValue::Mixed:
        if (enclosed || isLine || before == '\0')
            return {};
        return {.confidence = Confidence::Possible};
    case KeyedValue::Letters:
    case KeyedValue::Number:
        if (enclosed || isLine)
            return {.confidence = Confidence::Possible};
        break;
    case KeyedValue::Nothing:
    case KeyedValue::Prose:
        break;
    }
    return {.proof = Proof::Absurd};
}

/// The same of a value that is not all ASCII; others have rules of their own.
Validation foreignpasswordValidator(const Candidate& candidate)
{
    if (isAscii(asBytes(candidate.secretText())))
        return {.proof = Proof::Absurd};
    return namedpasswordValidator(candidate);
}

} // namespace coredact
