// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords behind a name in Russian, Chinese or Japanese: "пароль: ...", "密码：...". Rules of
// text look for names in ASCII; these are looked for by their last bytes, in UTF-8 and in UTF-16.
#include "scanner/base/characters.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validators/keyedvalue.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t shortest = 4;
constexpr std::size_t longest = 100; ///< characters
constexpr std::size_t mostCharacters = longest + 16; ///< with what stands around the value
constexpr std::size_t shortestNumber = 6;
constexpr std::size_t tail = 4; ///< bytes of a name that are an anchor

/// Few: the bytes of each more are searched for in all of every dump, and some are not rare.
constexpr std::array names {
    u"пароль"sv,
    u"Пароль"sv,
    u"密码"sv,
    u"パスワード"sv,
};

std::span<const RuleInfo> foreignNameRules()
{
    static const std::array rules {
        RuleInfo {"foreign-name-password",
                  "Password under a name in another script",
                  Severity::High,
                  "A text names a password in a script other than Latin, and this value stands "
                  "behind the name.",
                  "Change the password, and the same password wherever else it is used.",
                  {"generic", "password"},
                  10},
    };
    return rules;
}

std::string inUtf8(std::u16string_view name)
{
    SecretBytes text;
    for (const char16_t unit : name)
        appendUtf8(text, unit);
    return std::string(asText(text));
}

std::string inUtf16(std::u16string_view name)
{
    std::string text;
    for (const char16_t unit : name) {
        text += static_cast<char>(unit & 0xff);
        text += static_cast<char>(unit >> 8);
    }
    return text;
}

struct Writing {
    std::string name;
    std::size_t width; ///< 1: UTF-8, 2: UTF-16LE
};

const std::vector<Writing>& writings()
{
    static const auto all = [] {
        std::vector<Writing> list;
        for (const std::u16string_view name : names) {
            list.push_back({inUtf8(name), 1});
            list.push_back({inUtf16(name), 2});
        }
        return list;
    }();
    return all;
}

/// Characters from a place on, up to a control character or what is none.
struct Text {
    std::vector<std::uint32_t> codes;
    std::vector<std::size_t> places; ///< of each, and of the end
    bool isCut = false; ///< the window ends before the text does

    std::uint32_t at(std::size_t index) const { return index < codes.size() ? codes[index] : 0; }
};

Text textAt(ByteView bytes, std::size_t at, std::size_t width)
{
    Text text;
    while (text.codes.size() < mostCharacters) {
        if (at + width > bytes.size()) {
            text.isCut = true;
            break;
        }
        const Character character = width == 2
            ? Character {littleWord<std::uint16_t>(bytes.data() + at), 2, true}
            : characterAt(bytes, at);
        if (!character.isUtf8 || (character.code < 0x20 && character.code != '\t')
            || character.code == 0x7f)
            break;
        text.codes.push_back(character.code);
        text.places.push_back(at);
        at += character.size;
    }
    text.places.push_back(at);
    return text;
}

bool isBlank(std::uint32_t code) { return code == ' ' || code == '\t' || code == 0x3000; }

bool isQuoteMark(std::uint32_t code) { return code == '"' || code == '\'' || code == '`'; }

/// The signs that stand between a name and its value; also of full width, and two words of Chinese.
bool isBetween(std::uint32_t code)
{
    return code == ':' || code == '=' || code == 0xff1a || code == 0xff1d || code == 0x662f
        || code == 0x4e3a;
}

bool endsValue(std::uint32_t code)
{
    return isBlank(code) || isQuoteMark(code) || code == '<' || code == ',' || code == ';'
        || code == 0xff0c || code == 0x3002 || code == 0xff1b;
}

struct Value {
    std::size_t begin = 0; ///< characters
    std::size_t end = 0;
    bool isQuoted = false;
};

std::size_t pastBlanks(const Text& text, std::size_t at)
{
    constexpr std::size_t most = 4;
    for (std::size_t count = 0; count < most && isBlank(text.at(at)); ++count)
        ++at;
    return at;
}

/// The value behind a name, whose text goes on with `text`.
std::optional<Value> valueIn(const Text& text)
{
    std::size_t at = 0;
    while (at < 2 && (text.at(at) == '\\' || isQuoteMark(text.at(at)) || text.at(at) == ']'))
        ++at;
    at = pastBlanks(text, at);
    if (!isBetween(text.at(at)))
        return std::nullopt;
    ++at;
    if (text.at(at) == '=' || text.at(at) == '>')
        ++at;
    at = pastBlanks(text, at);
    if (text.at(at) == '\\')
        ++at;
    const std::uint32_t quote = isQuoteMark(text.at(at)) ? text.at(at) : 0;
    Value value {at + (quote != 0 ? 1 : 0), 0, quote != 0};
    std::size_t end = value.begin;
    while (end < text.codes.size() && end - value.begin <= longest
           && (quote != 0 ? text.at(end) != quote : !endsValue(text.at(end))))
        ++end;
    const bool isOpen = end == text.codes.size() && (quote != 0 || text.isCut);
    if (end > value.begin && text.at(end - 1) == '\\')
        --end;
    value.end = end;
    if (isOpen || end - value.begin < shortest || end - value.begin > longest)
        return std::nullopt;
    return value;
}

std::optional<Confidence> worth(ByteView value, bool isQuoted)
{
    const std::string_view text = asText(value);
    if (!isWritten(value) || isPlaceholder(text) || isPath(text)
        || text.find_first_of("{}<>()") != text.npos)
        return std::nullopt;
    const bool hasDigit
        = std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    // Other letters are what a form says of the field.
    if (!isAscii(value))
        return hasDigit ? std::optional(Confidence::Possible) : std::nullopt;
    switch (keyedValue({}, text)) {
    case KeyedValue::Mixed:
        return Confidence::Likely;
    case KeyedValue::Number:
        return text.size() >= shortestNumber ? std::optional(Confidence::Possible) : std::nullopt;
    case KeyedValue::Letters:
        return isQuoted ? std::optional(Confidence::Possible) : std::nullopt;
    default:
        return std::nullopt;
    }
}

void lookBehind(const Window& window, std::size_t position, const Writing& writing, MatchSink& sink)
{
    const Text text = textAt(window.bytes, position + tail, writing.width);
    const auto value = valueIn(text);
    if (!value)
        return;
    SecretBytes bytes;
    for (std::size_t i = value->begin; i < value->end; ++i)
        appendUtf8(bytes, text.codes[i]);
    const auto confidence = worth(bytes, value->isQuoted);
    if (!confidence)
        return;
    Match match;
    match.rule = &foreignNameRules()[0];
    match.confidence = *confidence;
    match.form = ValueForm::Text;
    match.spans = {{text.places[value->begin], text.places[value->end]}};
    if (writing.width == 2)
        match.value = std::move(bytes);
    sink.add(std::move(match));
}

/// `position` is of the last bytes of a name.
void lookAtName(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    const std::string_view before = asText(window.bytes.first(position + tail));
    for (const Writing& writing : writings())
        if (before.ends_with(writing.name))
            return lookBehind(window, position, writing, sink);
}

} // namespace

std::span<const ByteAnchor> foreignnamesAnchors()
{
    static const auto anchors = [] {
        std::vector<std::string_view> tails;
        for (const Writing& writing : writings())
            tails.push_back(std::string_view(writing.name).substr(writing.name.size() - tail));
        std::sort(tails.begin(), tails.end());
        tails.erase(std::unique(tails.begin(), tails.end()), tails.end());
        std::vector<ByteAnchor> list;
        for (const std::string_view bytes : tails)
            list.push_back(anchorOf(bytes, 0, lookAtName));
        return list;
    }();
    return anchors;
}

extern const Detector foreignnamesDetector;
const Detector foreignnamesDetector {"foreignnames", foreignNameRules, 4 * mostCharacters + tail,
                                     nullptr, false};

} // namespace coredact
