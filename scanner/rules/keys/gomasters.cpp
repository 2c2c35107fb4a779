// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/gomasters.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/foreignnumbers.h"

namespace coredact {

namespace {

constexpr std::size_t word = 8;
constexpr std::size_t sliceBytes = 3 * word;
constexpr std::size_t masterBytes = 48;
constexpr std::size_t randomBytes = 32;
/// How many words from the master's slice a random's may begin, before or behind it.
constexpr std::size_t reach = 9;

/// Where a slice of `length` bytes that begins at `at` points to.
std::optional<std::uint64_t> sliceAt(ByteView bytes, std::size_t at, std::uint64_t length)
{
    if (at > bytes.size() || bytes.size() - at < sliceBytes)
        return std::nullopt;
    const auto wordAt
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + at + i * word); };
    if (wordAt(1) != length || wordAt(2) < length || !isInGoHeap(wordAt(0)))
        return std::nullopt;
    return wordAt(0);
}

} // namespace

std::optional<GoMaster> goMasterAt(const Window& window, std::size_t slice)
{
    const auto master = sliceAt(window.bytes, slice, masterBytes);
    if (!master)
        return std::nullopt;
    std::optional<std::uint64_t> first;
    const std::size_t begin = slice > reach * word ? slice - reach * word : slice % word;
    for (std::size_t at = begin; at <= slice + reach * word; at += word) {
        const auto random = sliceAt(window.bytes, at, randomBytes);
        if (random && first)
            return GoMaster {*master, *first, *random};
        if (random)
            first = random;
    }
    return std::nullopt;
}

} // namespace coredact
