// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/opensslbignums.h"

namespace coredact {

/// A modulus of SymCrypt with all that the library computed from it.
struct SymCryptModulus {
    HeldNumber number; ///< its places are those of all that gives the value away
    std::size_t elementBytes = 0; ///< of a number in whole digits; Montgomery's R is as wide
    bool isPublic = false; ///< the library was told that it is, as n and a curve's field are
};

/// What stands in SymCrypt's objects: SYMCRYPT_MODULUS with its SYMCRYPT_DIVISOR, and SYMCRYPT_INT.
struct SymCryptNumbers {
    std::vector<SymCryptModulus> moduli; ///< odd ones of 224 bits and more, in the file's order
    std::vector<HeldNumber> integers; ///< the same of those that are no part of a modulus; guarded
    std::vector<HeldNumber> coordinates; ///< what may be X and Z of a point, before an integer
};

/// Gathers the objects of SymCrypt (inc/symcrypt_internal.h), the library under Windows' CNG. Each
/// begins with its kind, its digits and its size, so that sizes tell how wide a digit is and where
/// the number begins: builds differ in both. A modulus is taken only where -1/m mod 2^64, which it
/// keeps, is right, so no more than one in 2^64 is a chance. Bounded: of more than 2^14 objects the
/// first in the file stay.
class SymCryptHarvest : public Bounded {
public:
    static std::vector<Anchor> anchors();
    /// One of the anchors stands at `position`.
    void lookAt(const Window& window, std::size_t position);
    void join(SymCryptHarvest& other);
    SymCryptNumbers numbers() &&;

private:
    void addModulus(const Window& window, std::size_t divisor);
    void addInteger(const Window& window, std::size_t at);
    void addPoint(const Window& window, std::size_t end, std::size_t elementBytes);
    template <typename Found, typename Object>
    void keep(Found& found, std::uint64_t place, Object object);

    /// By place in the file.
    std::map<std::uint64_t, SymCryptModulus> m_moduli;
    std::map<std::uint64_t, HeldNumber> m_integers;
    std::map<std::uint64_t, HeldNumber> m_coordinates;
};

} // namespace coredact
