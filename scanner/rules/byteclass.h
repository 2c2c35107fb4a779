// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace coredact {

/// Any set of bytes, so that many bytes can be asked at once.
class ByteClass {
public:
    void add(std::uint8_t byte)
    {
        auto& row = m_rows[byte >> 7][byte & 15];
        row = static_cast<std::uint8_t>(row | 1U << (byte >> 4 & 7));
    }
    bool operator==(const ByteClass&) const = default;
    bool has(std::uint8_t byte) const
    {
        return (m_rows[byte >> 7][byte & 15] >> (byte >> 4 & 7) & 1) != 0;
    }

    /// For bytes below 0x80 and for the others, by lower half: a bit for each upper half.
    using Rows = std::array<std::array<std::uint8_t, 16>, 2>;
    const Rows& rows() const { return m_rows; }

private:
    Rows m_rows {};
};

/// A bit for each byte that the class has, 64 bytes a mask.
using ClassMaskKernel = void (*)(const ByteClass& set, const std::uint8_t* bytes,
                                 std::uint64_t* masks, std::size_t count);

using ClassMaskKernelChoice = KernelChoice<ClassMaskKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const ClassMaskKernelChoice> classMaskKernels();

/// By the fastest of them.
void classMasks(const ByteClass& set, const std::uint8_t* bytes, std::uint64_t* masks,
                std::size_t count);

} // namespace coredact
