// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"

namespace coredact {

/// What very many secrets have in common: the domain of mail addresses, the beginning of tokens of
/// one issuer. It tells nothing of one of them, and where it stands alone it is no fragment of them
/// all: with ten thousand tokens, each place of it would be ten thousand places. Immutable; any
/// thread.
class CommonParts {
public:
    /// Secrets that share eight bytes when these are common: more than that many.
    static constexpr std::size_t mostSharing = 64;

    explicit CommonParts(std::span<const SecretValue> values);

    /// Sets the marks of all bytes that lie in eight common ones. Not of a value that has nothing
    /// else: a password that stands in a hundred connection strings is a secret of its own.
    void mark(ByteView bytes, std::vector<bool>& marks) const;

private:
    void gather(std::span<const SecretValue> values, std::uint64_t part, unsigned shift);

    std::vector<std::uint64_t, WipingAllocator<std::uint64_t>> m_windows; ///< sorted
};

} // namespace coredact
