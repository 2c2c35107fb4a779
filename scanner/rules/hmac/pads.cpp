// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/hmac/pads.h"

#include "scanner/base/distinctbytes.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t fewestDistinct = 10;
constexpr std::array<std::size_t, 2> blocks {64, longestHmacBlock};

/// Derive-Secret(Early Secret, "derived", "") without a shared key (RFC 8446 7.1), of SHA-256 and
/// SHA-384.
constexpr std::array<std::uint8_t, 32> saltOfSha256 {
    0x6f, 0x26, 0x15, 0xa1, 0x08, 0xc7, 0x02, 0xc5, 0x67, 0x8f, 0x54, 0xfc, 0x9d, 0xba, 0xb6, 0x97,
    0x16, 0xc0, 0x76, 0x18, 0x9c, 0x48, 0x25, 0x0c, 0xeb, 0xea, 0xc3, 0x57, 0x6c, 0x36, 0x11, 0xba};
constexpr std::array<std::uint8_t, 48> saltOfSha384 {
    0x15, 0x91, 0xda, 0xc5, 0xcb, 0xbf, 0x03, 0x30, 0xa4, 0xa8, 0x4d, 0xe9, 0xc7, 0x53, 0x33, 0x0e,
    0x92, 0xd0, 0x1f, 0x0a, 0x88, 0x21, 0x4b, 0x44, 0x64, 0x97, 0x2f, 0xd6, 0x68, 0x04, 0x9e, 0x93,
    0xe5, 0x2f, 0x2b, 0x16, 0xfa, 0xd9, 0x22, 0xfd, 0xc0, 0x58, 0x44, 0x78, 0x42, 0x8f, 0x28, 0x2b};
/// The Early Secret itself.
constexpr std::array<std::uint8_t, 32> earlyOfSha256 {
    0x33, 0xad, 0x0a, 0x1c, 0x60, 0x7e, 0xc0, 0x3b, 0x09, 0xe6, 0xcd, 0x98, 0x93, 0x68, 0x0c, 0xe2,
    0x10, 0xad, 0xf3, 0x00, 0xaa, 0x1f, 0x26, 0x60, 0xe1, 0xb2, 0x2e, 0x10, 0xf1, 0x70, 0xf9, 0x2a};
constexpr std::array<std::uint8_t, 48> earlyOfSha384 {
    0x7e, 0xe8, 0x20, 0x6f, 0x55, 0x70, 0x02, 0x3e, 0x6d, 0xc7, 0x51, 0x9e, 0xb1, 0x07, 0x3b, 0xc4,
    0xe7, 0x91, 0xad, 0x37, 0xb5, 0xc3, 0x82, 0xaa, 0x10, 0xba, 0x18, 0xe2, 0x35, 0x7e, 0x71, 0x69,
    0x71, 0xf9, 0x36, 0x2f, 0x2c, 0x2f, 0xe2, 0xa7, 0x6b, 0xfd, 0x78, 0xdf, 0xec, 0x4e, 0xa9, 0xb5};

bool isKnown(ByteView key)
{
    const auto is = [&](const auto& known) {
        return std::equal(key.begin(), key.end(), known.begin(), known.end());
    };
    return is(saltOfSha256) || is(saltOfSha384) || is(earlyOfSha256) || is(earlyOfSha384);
}

} // namespace

std::vector<HmacPad> hmacPadsAt(const Window& window, std::size_t position)
{
    const ByteView bytes = window.bytes;
    const std::uint8_t pad = bytes[position];
    std::size_t end = position;
    while (end < bytes.size() && end - position < longestHmacBlock && bytes[end] == pad)
        ++end;
    std::vector<HmacPad> pads;
    // What stands behind the block may begin with the same byte.
    for (const std::size_t behind : {end, end - 1})
        for (const std::size_t size : blocks) {
            if (size > behind || behind - size >= position || !window.fresh(behind - size))
                continue;
            const std::size_t begin = behind - size;
            if (distinctBytes(bytes.subspan(begin, position - begin)) < fewestDistinct)
                continue;
            const ByteView block = bytes.subspan(begin, size);
            pads.push_back({window.map->fileRanges(begin, position), {block.begin(), block.end()}});
        }
    return pads;
}

SecretBytes keyOfPad(ByteView block, std::uint8_t pad)
{
    SecretBytes key(block.begin(), block.end());
    for (std::uint8_t& byte : key)
        byte ^= pad;
    while (!key.empty() && key.back() == 0)
        key.pop_back();
    return key;
}

SecretBytes keyOfPads(ByteView outer, ByteView inner)
{
    SecretBytes key = keyOfPad(outer, outerHmacPad);
    if (outer.size() != inner.size() || key != keyOfPad(inner, innerHmacPad) || isKnown(key))
        return {};
    return key;
}

} // namespace coredact
