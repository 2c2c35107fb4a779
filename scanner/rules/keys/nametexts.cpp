// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/nametexts.h"

#include "scanner/rules/byteanchor.h"

#include <array>
#include <set>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t mostNames = std::size_t {1} << 16;

/// What names end with besides: words that say little where other text stands around them.
constexpr std::array moreEndings {"pass"sv, "_pw"sv, "code"sv};
constexpr std::size_t lastLetters = 3; ///< that an anchor has of an ending
constexpr std::size_t wide = 2; ///< bytes of a character of UTF-16

/// The last letters of all endings, each once.
std::set<std::string_view> endings()
{
    std::set<std::string_view> all;
    for (const std::string_view ending : tableNameEndings)
        all.insert(ending.substr(ending.size() - lastLetters));
    for (const std::string_view ending : moreEndings)
        all.insert(ending.substr(ending.size() - lastLetters));
    return all;
}

/// Three letters and a NUL.
Anchor narrowAnchor(std::string_view ending)
{
    Anchor anchor;
    for (std::size_t i = 0; i < ending.size(); ++i) {
        anchor.mask[i] = anyCase(ending[i]);
        anchor.value[i] = static_cast<std::uint8_t>(ending[i]) & anchor.mask[i];
    }
    anchor.reach = longestTableName;
    return anchor;
}

/// The last two letters.
Anchor wideAnchor(std::string_view ending)
{
    Anchor anchor;
    for (std::size_t i = 0; i < 2; ++i) {
        const char letter = ending[i + 1];
        anchor.mask[i * wide] = anyCase(letter);
        anchor.value[i * wide] = static_cast<std::uint8_t>(letter) & anyCase(letter);
    }
    anchor.reach = longestTableName * wide;
    return anchor;
}

bool isNameLetter(std::uint8_t byte) { return byte < 0x80 && isTableNameByte(byte); }

} // namespace

std::vector<Anchor> NameTextRound::anchors() const
{
    std::vector<Anchor> anchors;
    for (const std::string_view ending : endings()) {
        anchors.push_back(narrowAnchor(ending));
        anchors.push_back(wideAnchor(ending));
    }
    return anchors;
}

void NameTextRound::lookAt(const Window& window, std::size_t position)
{
    const ByteView bytes = window.bytes;
    if (!window.address)
        return;
    if (bytes[position + 1] != 0)
        return lookAtEnd(window, position + 3, 1);
    const std::size_t end = position + 2 * wide;
    if (end + wide <= bytes.size() && bytes[end] == 0 && bytes[end + 1] == 0)
        lookAtEnd(window, end, wide);
}

void NameTextRound::lookAtEnd(const Window& window, std::size_t end, std::size_t width)
{
    const ByteView bytes = window.bytes;
    std::string text;
    std::size_t begin = end;
    while (begin >= width && text.size() <= longestTableName && isNameLetter(bytes[begin - width])
           && (width == 1 || bytes[begin - 1] == 0)) {
        begin -= width;
        text.push_back(static_cast<char>(bytes[begin]));
    }
    if (text.size() < shortestTableName || text.size() > longestTableName || !window.fresh(begin))
        return;
    std::string name(text.rbegin(), text.rend());
    if (const RuleInfo* rule = tableRuleFor(name)) {
        names.emplace(*window.address + begin, Name {rule, std::move(name)});
        keepFirst(names, mostNames);
    }
}

void NameTextRound::join(WalkRound& other)
{
    names.merge(static_cast<NameTextRound&>(other).names);
    keepFirst(names, mostNames);
}

} // namespace coredact
