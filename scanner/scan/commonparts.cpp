// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/commonparts.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t windowSize = 8;
constexpr std::size_t atOnce = 1U << 20; ///< windows that are sorted together, about

template <typename Visit> void forEachWindow(ByteView bytes, Visit visit)
{
    for (std::size_t at = 0; at + windowSize <= bytes.size(); ++at)
        visit(at, nativeWord<std::uint64_t>(bytes.data() + at));
}

template <typename Visit> void forEachWindow(const SecretValue& value, Visit visit)
{
    const auto only = [&](std::size_t, std::uint64_t window) { visit(window); };
    forEachWindow(ByteView(value.value), only);
    for (const DerivedValue& derived : value.derived)
        forEachWindow(ByteView(derived.bytes), only);
}

std::uint64_t hashOf(std::uint64_t window) { return window * 0x9e3779b97f4a7c15U; }

} // namespace

CommonParts::CommonParts(std::span<const SecretValue> values)
{
    if (values.size() <= mostSharing)
        return;
    std::size_t windows = 0;
    for (const SecretValue& value : values)
        forEachWindow(value, [&](std::uint64_t) { ++windows; });
    unsigned bits = 1;
    while (windows >> bits > atOnce)
        ++bits;
    for (std::uint64_t part = 0; part < std::uint64_t {1} << bits; ++part)
        gather(values, part, 64 - bits);
    std::sort(m_windows.begin(), m_windows.end());
}

/// Adds the common windows whose hash begins with the bits of `part`.
void CommonParts::gather(std::span<const SecretValue> values, std::uint64_t part, unsigned shift)
{
    struct Seen {
        std::uint64_t window;
        std::uint64_t secret;
        auto operator<=>(const Seen&) const = default;
    };
    std::vector<Seen, WipingAllocator<Seen>> seen;
    for (std::size_t i = 0; i < values.size(); ++i)
        forEachWindow(values[i], [&](std::uint64_t window) {
            if (hashOf(window) >> shift == part)
                seen.push_back({window, i});
        });
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    for (std::size_t begin = 0; begin < seen.size();) {
        std::size_t end = begin;
        while (end < seen.size() && seen[end].window == seen[begin].window)
            ++end;
        if (end - begin > mostSharing)
            m_windows.push_back(seen[begin].window);
        begin = end;
    }
}

void CommonParts::mark(ByteView bytes, std::vector<bool>& marks) const
{
    if (m_windows.empty())
        return;
    std::vector<bool> common(bytes.size(), false);
    forEachWindow(bytes, [&](std::size_t at, std::uint64_t window) {
        if (std::binary_search(m_windows.begin(), m_windows.end(), window))
            std::fill_n(common.begin() + static_cast<std::ptrdiff_t>(at), windowSize, true);
    });
    if (std::find(common.begin(), common.end(), false) == common.end())
        return;
    for (std::size_t i = 0; i < common.size(); ++i)
        marks[i] = marks[i] || common[i];
}

} // namespace coredact
