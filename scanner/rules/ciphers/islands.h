// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/samples.h"
#include "scanner/rules/detector.h"

namespace coredact {

/// Where random-looking bytes begin and end. The round keys of most ciphers look random all over
/// and show what they are only when a key's worth of them is put together, which is too much to try
/// everywhere. But a cipher's context has pointers and counts around its round keys, so that they
/// lie close to where such bytes begin or end: what is deep inside of compressed or encrypted data
/// is left out. Told by samples at fixed places, so that no window shows.
class Islands {
public:
    /// How many samples are needed before the fresh part.
    static constexpr std::size_t samplesBefore = 8;

    Islands(const Window& window, const RoundKeySamples& samples)
        : m_window(window)
        , m_samples(samples)
    {
    }

    /// Fresh places where something of 128 bytes or more may begin that looks random all over:
    /// sorted, apart.
    std::vector<Span> edges() const;
    /// The same for something of `size` bytes that begins or ends where such bytes do.
    std::vector<Span> filledBy(std::size_t size) const;

private:
    template <typename Take> void forRuns(Take take) const;
    std::size_t place(std::size_t sample) const { return m_samples.first + sample * sampleStride; }
    bool isMixed(std::size_t sample) const;
    void addPlaces(std::vector<Span>& places, std::size_t sample) const;

    const Window& m_window;
    const RoundKeySamples& m_samples;
};

} // namespace coredact
