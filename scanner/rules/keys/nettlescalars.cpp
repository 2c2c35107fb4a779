// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/nettlescalars.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/eckey.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t wordSize = 8;
constexpr std::size_t mostScalars = std::size_t {1} << 16;
/// Addresses of user space, but for the first page.
constexpr WordRange addresses {0x1000, (std::uint64_t {1} << 47) - 1};

/// How many words a number of the curve at `address` has; nothing where there is no curve that keys
/// are met on.
Result<std::optional<std::size_t>> wordsOfCurve(const WalkContext& context, std::uint64_t address)
{
    std::array<std::uint8_t, 4> head {};
    const auto read = context.memory.read(context.source, address, head);
    if (!read)
        return read.error();
    const std::size_t bits = littleWord<std::uint16_t>(head.data());
    const std::size_t words = littleWord<std::uint16_t>(head.data() + 2);
    if (*read != head.size() || words != (bits + 63) / 64
        || std::none_of(ecCurves().begin(), ecCurves().end(),
                        [&](const EcCurve& curve) { return curve.bytes == (bits + 7) / 8; }))
        return std::optional<std::size_t>();
    return std::optional(words);
}

bool isPoint(std::size_t words, const BigNumber& x, const BigNumber& y)
{
    return std::any_of(ecCurves().begin(), ecCurves().end(), [&](const EcCurve& curve) {
        return (curve.bytes + 7) / 8 == words && ecIsPoint(curve, {x, y});
    });
}

} // namespace

NettleScalars::NettleScalars(const Dump& dump)
{
    if (dump.order != ByteOrder::Little || dump.wordSize == 4)
        return;
    for (const Module& module : dump.modules)
        if (module.name.find("libhogweed.") != std::string::npos)
            m_curves.push_back({module.memory.first(), module.memory.last()});
}

void NettleScalars::look(const Window& window)
{
    constexpr std::size_t size = 2 * wordSize;
    if (!window.address || window.bytes.size() < size)
        return;
    const std::uint8_t* data = window.bytes.data();
    const std::size_t end = std::min(window.freshEnd, window.bytes.size() - size + 1);
    const RangeKernel mayBegin = rangeKernels().back().kernel;
    for (const WordRange& curves : m_curves)
        for (std::size_t at = alignedFresh(window, wordSize); at < end;) {
            // Looks at 72 bytes of each 64.
            if (at + 64 <= end)
                at += mayBegin(curves, addresses, data + at, 0, end - at - 63);
            for (const std::size_t stop = std::min(end, at + 64); at < stop; at += wordSize) {
                const auto curve = littleWord<std::uint64_t>(data + at);
                const auto words = littleWord<std::uint64_t>(data + at + wordSize);
                if (curves.holds(curve) && addresses.holds(words) && words % wordSize == 0)
                    keep(words, curve);
            }
        }
}

/// Of two curves the lesser stays: which is met first must not count.
void NettleScalars::keep(std::uint64_t words, std::uint64_t curve)
{
    const auto [it, isNew] = m_scalars.try_emplace(words, curve);
    if (!isNew)
        it->second = std::min(it->second, curve);
    keepFirst(m_scalars, mostScalars);
}

void NettleScalars::join(const NettleScalars& other)
{
    for (const auto& [words, curve] : other.m_scalars)
        keep(words, curve);
}

Result<std::vector<HeldNumber>> NettleScalars::numbers(const WalkContext& context) const
{
    std::vector<HeldNumber> numbers;
    for (const auto& [address, curve] : m_scalars) {
        const Segment* segment = context.memory.segmentAt(address);
        if (!segment || (segment->access.read && !segment->access.write))
            continue;
        const auto words = wordsOfCurve(context, curve);
        if (!words)
            return words.error();
        if (!*words)
            continue;
        const std::size_t size = **words * wordSize;
        SecretBytes bytes(2 * size);
        const auto read = context.memory.read(context.source, address, bytes);
        if (!read)
            return read.error();
        if (*read < size)
            continue;
        BigNumber number = BigNumber::fromLittleEndian(ByteView(bytes).first(size));
        if (!looksRandom(number.bigEndian())
            || (*read == bytes.size()
                && isPoint(**words, number,
                           BigNumber::fromLittleEndian(ByteView(bytes).last(size)))))
            continue;
        numbers.push_back(
            {std::move(number), context.memory.fileRanges(address, size), true, true});
    }
    return numbers;
}

} // namespace coredact
