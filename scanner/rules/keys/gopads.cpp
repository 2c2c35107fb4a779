// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/gopads.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/foreignnumbers.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 8;
constexpr std::size_t mostPads = 4096;
constexpr std::uint8_t outerPad = 0x5c;
constexpr std::uint8_t innerPad = 0x36;

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

void addGoPads(const Window& window, std::set<GoPads>& pads)
{
    if (!window.address || !isInGoHeap(*window.address))
        return;
    constexpr std::size_t size = 6 * wordBytes;
    const ByteView bytes = window.bytes;
    for (std::size_t at = alignedFresh(window, wordBytes);
         at < window.freshEnd && bytes.size() - at >= size; at += wordBytes) {
        const auto word = [&](std::size_t i) {
            return littleWord<std::uint64_t>(bytes.data() + at + i * wordBytes);
        };
        const std::uint64_t block = word(1);
        if ((block != 64 && block != 128) || word(2) != block || word(4) != block
            || word(5) != block || !isInGoHeap(word(0)) || !isInGoHeap(word(3)))
            continue;
        pads.insert({word(0), word(3), block});
        keepFirst(pads, mostPads);
    }
}

SecretBytes keyOfPads(ByteView outer, ByteView inner)
{
    SecretBytes key;
    if (outer.size() != inner.size())
        return key;
    for (std::size_t i = 0; i < outer.size(); ++i) {
        if ((outer[i] ^ inner[i]) != (outerPad ^ innerPad))
            return {};
        key.push_back(static_cast<std::uint8_t>(outer[i] ^ outerPad));
    }
    while (!key.empty() && key.back() == 0)
        key.pop_back();
    return isKnown(key) ? SecretBytes() : key;
}

} // namespace coredact
