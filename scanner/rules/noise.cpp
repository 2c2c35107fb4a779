// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/noise.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>

namespace coredact {

namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
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
constexpr std::array<std::string_view, 14> templateMarks {
    "${", "{{", "}}", "<%", "%>", "%s", "%d", "%(", "$(", "#{", "%{", "\\(", "[[", "@@"};

/// Words that people put where a secret will go, or which say that there is none.
constexpr std::array<std::string_view, 37> placeholderWords {
    "example",    "changeme",   "change_me",    "change-me", "changeit",  "placeholder", "your_",
    "your-",      "yourpass",   "yourtoken",    "yoursecr",  "yourkey",   "youraccess",  "insert_",
    "redacted",   "masked",     "hidden",       "xxxx",      "....",      "****",        "dummy",
    "sample",     "notasecret", "not-a-secret", "unknown",   "undefined", "required",    "optional",
    "password",   "passwd",     "default",      "foobar",    "deadbeef",  "todo",        "fixme",
    "1234567890", "abcdefgh"};

constexpr std::array<std::string_view, 20> emptyWords {
    "null", "none", "nil",  "true", "false", "nan",    "void",   "empty",  "yes",  "no",
    "on",   "off",  "test", "temp", "user",  "secret", "string", "object", "bool", "int"};

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
    if (containsAny(text, templateMarks))
        return true;
    if (std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); }))
        return true;
    const std::string small = lower(text);
    if (std::find(emptyWords.begin(), emptyWords.end(), small) != emptyWords.end())
        return true;
    return containsAny(small, placeholderWords);
}

bool isPath(std::string_view text)
{
    if (text.starts_with("/") || text.starts_with("./") || text.starts_with("../")
        || text.starts_with("~/") || text.find(":\\") == 1 || text.find("://") != text.npos)
        return true;
    constexpr std::array<std::string_view, 16> endings {
        ".py", ".so",   ".js",   ".ts",  ".h",   ".c",    ".cpp",  ".go",
        ".rs", ".java", ".json", ".pem", ".txt", ".html", ".conf", ".key"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return text.ends_with(ending); });
}

bool isIdentifier(std::string_view text)
{
    if (text.empty())
        return true;
    if (text.find('(') != text.npos || text.find("->") != text.npos || text.find("::") != text.npos)
        return true;
    // Names joined by points, hyphens, slashes: os.environ, content-type, foo/bar. A run of four
    // digits or digits in the midst of letters again and again are no name.
    std::size_t digits = 0;
    std::size_t turns = 0; // from letter to digit and back
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!isNameByte(c) && c != '.' && c != '-' && c != '/' && c != ':' && c != ' ')
            return false;
        digits += isDigit(c) ? 1 : 0;
        if (i > 0 && isDigit(c) != isDigit(text[i - 1]))
            ++turns;
    }
    if (digits == 0) {
        // Mixed case without a pattern is no name: a name has few changes of case for its length.
        std::size_t changes = 0;
        for (std::size_t i = 1; i < text.size(); ++i)
            if (isLetter(text[i]) && isLetter(text[i - 1])
                && (text[i] >= 'a') != (text[i - 1] >= 'a'))
                ++changes;
        return changes * 3 <= text.size() + 3;
    }
    return turns <= 2 && digits <= 4 && digits * 3 <= text.size();
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

bool isNumber(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || c == '.' || c == ',' || c == '-' || c == '+';
    });
}

} // namespace coredact
