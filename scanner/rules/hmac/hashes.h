// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace coredact {

enum class HashKind { Sha1, Sha224, Sha256, Sha384, Sha512 };

/// A hash (FIPS 180-4) with which HMACs are made. Sizes in bytes.
struct HashForm {
    HashKind kind;
    std::string_view name;
    std::size_t block;
    std::size_t digest;
    std::size_t state; ///< what it calculates on: more than the digest of SHA-224 and SHA-384
    std::size_t word; ///< of the state
};

/// In the order of HashKind.
inline constexpr std::array hashForms {
    HashForm {HashKind::Sha1, "SHA-1", 64, 20, 20, 4},
    HashForm {HashKind::Sha224, "SHA-224", 64, 28, 32, 4},
    HashForm {HashKind::Sha256, "SHA-256", 64, 32, 32, 4},
    HashForm {HashKind::Sha384, "SHA-384", 128, 48, 64, 8},
    HashForm {HashKind::Sha512, "SHA-512", 128, 64, 64, 8},
};

constexpr const HashForm& formOf(HashKind kind)
{
    return hashForms[static_cast<std::size_t>(kind)];
}

} // namespace coredact
