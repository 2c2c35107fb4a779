// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/nametexts.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t mostNames = std::size_t {1} << 16;

/// What names end with (`tableRuleFor`): the last letters, before a NUL.
constexpr std::array endings {"ord"sv, "swd"sv, "ase"sv, "ass"sv, "pwd"sv, "_pw"sv,
                              "ode"sv, "ret"sv, "ken"sv, "ial"sv, "als"sv, "key"sv};
constexpr std::size_t wide = 2; ///< bytes of a character of UTF-16

/// Letters of either case.
constexpr std::uint8_t maskOf(char c) { return c == '_' ? 0xff : 0xdf; }

/// Three letters and a NUL.
WalkAnchor narrowAnchor(std::string_view ending)
{
    WalkAnchor anchor;
    for (std::size_t i = 0; i < ending.size(); ++i) {
        anchor.mask[i] = maskOf(ending[i]);
        anchor.value[i] = static_cast<std::uint8_t>(ending[i]) & anchor.mask[i];
    }
    anchor.reach = longestTableName;
    return anchor;
}

/// The last two letters.
WalkAnchor wideAnchor(std::string_view ending)
{
    WalkAnchor anchor;
    for (std::size_t i = 0; i < 2; ++i) {
        const char letter = ending[i + 1];
        anchor.mask[i * wide] = maskOf(letter);
        anchor.value[i * wide] = static_cast<std::uint8_t>(letter) & maskOf(letter);
    }
    anchor.reach = longestTableName * wide;
    return anchor;
}

bool isNameLetter(std::uint8_t byte) { return byte < 0x80 && isTableNameByte(byte); }

} // namespace

std::vector<WalkAnchor> NameTextRound::anchors() const
{
    std::vector<WalkAnchor> anchors;
    for (const std::string_view ending : endings) {
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
