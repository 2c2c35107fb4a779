// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/limbs.h"

#include <memory>
#include <optional>

using BIGNUM = struct bignum_st;

namespace coredact {

/// A non-negative integer of any size, over libcrypto's. A value; wiped when dropped. Throws
/// std::bad_alloc. Subtracting more than there is gives the difference's absolute value.
class BigNumber {
public:
    BigNumber();
    explicit BigNumber(std::uint64_t word);
    BigNumber(const BigNumber& other);
    BigNumber& operator=(const BigNumber& other);
    BigNumber(BigNumber&& other) noexcept = default;
    BigNumber& operator=(BigNumber&& other) noexcept = default;

    static BigNumber fromBigEndian(ByteView bytes);
    static BigNumber fromLittleEndian(ByteView bytes);
    static BigNumber fromLimbs(const Limbs& limbs);
    /// 2 to the power of `exponent`.
    static BigNumber powerOfTwo(unsigned exponent);

    /// Without leading zeros; empty for zero.
    SecretBytes bigEndian() const;
    /// With leading zeros up to `size` bytes, which must be enough.
    SecretBytes bigEndian(std::size_t size) const;
    SecretBytes littleEndian(std::size_t size) const;
    /// Its digits as people write them.
    SecretBytes decimal() const;

    unsigned bits() const;
    std::size_t bytes() const { return (bits() + 7) / 8; }
    bool isZero() const { return bits() == 0; }
    bool isOdd() const;

    BigNumber operator*(const BigNumber& other) const;
    BigNumber operator+(const BigNumber& other) const;
    BigNumber operator-(const BigNumber& other) const;
    /// The remainder; `divisor` must not be zero.
    BigNumber operator%(const BigNumber& divisor) const;
    /// The same for a divisor of one word, which must not be zero.
    std::uint64_t remainder(std::uint64_t divisor) const;
    /// The quotient when the division leaves nothing.
    std::optional<BigNumber> dividedBy(const BigNumber& divisor) const;
    BigNumber greatestCommonDivisor(const BigNumber& other) const;
    std::optional<BigNumber> inverse(const BigNumber& modulus) const;
    /// this ^ exponent mod modulus; the modulus must be odd.
    BigNumber power(const BigNumber& exponent, const BigNumber& modulus) const;

    bool operator==(const BigNumber& other) const;
    bool operator<(const BigNumber& other) const;

    /// For calls into libcrypto; valid as long as this is.
    const BIGNUM* native() const { return m_number.get(); }

private:
    struct Free {
        void operator()(BIGNUM* number) const;
    };
    BIGNUM* made() const { return m_number.get(); }

    std::unique_ptr<BIGNUM, Free> m_number;
};

} // namespace coredact
