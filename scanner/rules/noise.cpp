// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/noise.h"

#include "scanner/base/ascii.h"
#include "scanner/rules/textrarity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>

namespace coredact {

namespace {

bool isHex(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool isNameByte(char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '$'; }

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

template <typename Words> bool containsAny(std::string_view text, const Words& words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    });
}

/// Marks of templates and formats, which stand for a value that is put in later.
constexpr std::array<std::string_view, 12> templateMarks {"${", "{{", "}}", "<%",  "%>", "%(",
                                                          "$(", "#{", "%{", "\\(", "[[", "@@"};

/// Whether a conversion of C's formats stands in it. Passwords with signs may have two such
/// characters, but then, as a rule, other letters behind them.
bool hasConversion(std::string_view text)
{
    for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
        const std::string_view behind = text.substr(at + 1, 2);
        const bool isConversion = !behind.empty() && (behind[0] == 's' || behind[0] == 'd');
        if (isConversion && (behind.size() < 2 || !(isLetter(behind[1]) || isDigit(behind[1]))))
            return true;
    }
    return false;
}

/// Texts that people put where a secret will go, anywhere in a value.
constexpr std::array<std::string_view, 24> placeholderParts {
    "example", "changeme", "change_me", "change-me", "changeit", "placeholder", "your_", "your-",
    "yourpass", "yourtoken", "yoursecr", "yourkey", "insert_", "redacted", "xxxx", "....", "****",
    "dummy", "notasecret", "not-a-secret", "replace_me", "replaceme",
    // Python's urllib and Ansible document themselves with these in every process.
    "geheim$parole", "03#pa33w0rd"};

/// Words that stand for a value or say that there is none, as the whole of a value.
constexpr std::array<std::string_view, 44> placeholderWords {
    "null",   "none",    "nil",       "true",     "false",    "nan",      "void",   "empty",
    "yes",    "no",      "on",        "off",      "test",     "temp",     "user",   "username",
    "secret", "string",  "object",    "bool",     "int",      "password", "passwd", "pass",
    "pwd",    "default", "token",     "key",      "value",    "foobar",   "foo",    "bar",
    "baz",    "unknown", "undefined", "required", "optional", "hidden",   "masked", "sample",
    "todo",   "fixme",   "integer",   "number"};

} // namespace

double entropy(std::string_view text)
{
    if (text.empty())
        return 0;
    std::array<std::uint32_t, 256> counts {};
    for (const char c : text)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const std::uint32_t count : counts) {
        if (count == 0)
            continue;
        const double share = static_cast<double>(count) / static_cast<double>(text.size());
        bits -= share * std::log2(share);
    }
    return bits;
}

bool isPlaceholder(std::string_view text)
{
    if (text.empty() || (text.front() == '<' && text.back() == '>')
        || (text.front() == '{' && text.back() == '}')
        || (text.front() == '%' && text.back() == '%')
        || (text.front() == '$' && isNameByte(text[text.size() - 1])
            && isIdentifier(text.substr(1))))
        return true;
    constexpr std::size_t brackets = 2;
    if (text.size() > brackets && text.front() == '[' && text.back() == ']'
        && isPlaceholder(text.substr(1, text.size() - brackets)))
        return true;
    if ((containsAny(text, templateMarks) || hasConversion(text)) && !isDrawn(text))
        return true; // a random text may have one of them in it
    if (std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); }))
        return true;
    const std::string small = lower(text);
    if (std::find(placeholderWords.begin(), placeholderWords.end(), small)
        != placeholderWords.end())
        return true;
    return containsAny(small, placeholderParts);
}

bool isPath(std::string_view text)
{
    // Base64 may begin with a slash; no name of some 600,000 files of a system looks so.
    constexpr std::size_t shortestCode = 20;
    const bool isBase64 = text.size() >= shortestCode && isLikeNoName(text)
        && std::all_of(text.begin(), text.end(), [](char c) {
                              return isLetter(c) || isDigit(c) || c == '+' || c == '/' || c == '=';
                          });
    if ((text.starts_with("/") && !isBase64) || text.starts_with("./") || text.starts_with("../")
        || text.starts_with("~/") || text.find(":\\") == 1 || text.find("://") != text.npos)
        return true;
    constexpr std::array<std::string_view, 16> endings {
        ".py", ".so",   ".js",   ".ts",  ".h",   ".c",    ".cpp",  ".go",
        ".rs", ".java", ".json", ".pem", ".txt", ".html", ".conf", ".key"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return text.ends_with(ending); });
}

/// What compilers of C++ and D make of names: _ZNK4Item4typeEv, _D3std6string6stringFZv.
bool isMangled(std::string_view text)
{
    constexpr std::size_t prefix = 2;
    constexpr std::string_view kinds = "NTSKLG0123456789";
    const bool isOfD = text.starts_with("_D") && text.size() > prefix && isDigit(text[prefix]);
    return text.size() > prefix + 1 && (text.starts_with("_Z") || isOfD)
        && kinds.find(text[prefix]) != kinds.npos
        && std::all_of(text.begin(), text.end(), isNameByte);
}

bool isIdentifier(std::string_view text)
{
    if (isMangled(text))
        return true;
    if (isDrawn(text))
        return false;
    // What ends a name in program text.
    while (!text.empty() && std::string_view(",;:.) ").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    if (text.empty())
        return true;
    // name[0], name = other, Name | None
    for (const std::string_view operation : {"[", " "})
        if (const auto at = text.find(operation); at != text.npos && at > 0)
            return isIdentifier(text.substr(0, at));
    if (text.find('(') != text.npos || text.find("->") != text.npos || text.find("::") != text.npos)
        return true;
    // Words of one case, joined by case or by points, hyphens and slashes: os.environ, camelCase,
    // content-type. A random text changes between lower case, upper case and digits all the time.
    std::size_t digits = 0;
    std::size_t changes = 0;
    std::size_t numbers = 0; // runs of digits
    bool hasLower = false;
    bool hasUpper = false;
    bool isJoined = false; // by other signs than the underscore
    char last = 0; // kind of the character before: lower, upper, digit, or other
    for (const char c : text) {
        if (!isNameByte(c) && c != '.' && c != '-' && c != '/' && c != ':' && c != ' ')
            return false;
        const char kind = isDigit(c) ? '0' : !isLetter(c) ? '\0' : c >= 'a' ? 'a' : 'A';
        digits += kind == '0' ? 1 : 0;
        numbers += kind == '0' && last != '0' ? 1 : 0;
        hasLower = hasLower || kind == 'a';
        hasUpper = hasUpper || kind == 'A';
        isJoined = isJoined || !isNameByte(c);
        // A capital before small letters begins a word.
        if (kind != 0 && last != 0 && kind != last && !(last == 'A' && kind == 'a'))
            ++changes;
        last = kind;
    }
    // One of ten random texts of this size changes no more often, but has several numbers in it.
    constexpr std::size_t longName = 16;
    if (text.size() >= longName && numbers >= 2 && hasLower && hasUpper && !isJoined)
        return false;
    if (isLikeNoName(text))
        return false;
    return changes * 10 < text.size() * 3 && digits * 3 <= text.size();
}

bool isUuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isHex(text[i]))
            return false;
    }
    return true;
}

bool isRandomUuid(std::string_view text)
{
    constexpr std::size_t version = 14;
    constexpr std::size_t variant = 19;
    return isUuid(text) && text[version] == '4'
        && std::string_view("89abAB").find(text[variant]) != std::string_view::npos;
}

bool isNumber(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || c == '.' || c == ',' || c == '-' || c == '+';
    });
}

} // namespace coredact
