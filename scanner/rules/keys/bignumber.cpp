// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/bignumber.h"

#include <cstring>
#include <limits>
#include <numeric>

#include <openssl/bn.h>
#include <openssl/crypto.h>

#include <new>

namespace coredact {

namespace {

struct FreeContext {
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Context = std::unique_ptr<BN_CTX, FreeContext>;

/// libcrypto fails here only for want of memory: its arguments are in range by our contracts.
void need(bool done)
{
    if (!done)
        throw std::bad_alloc();
}

Context newContext()
{
    Context context(BN_CTX_secure_new());
    need(context != nullptr);
    return context;
}

} // namespace

void BigNumber::Free::operator()(BIGNUM* number) const { BN_clear_free(number); }

BigNumber::BigNumber()
    : m_number(BN_new())
{
    need(m_number != nullptr);
}

BigNumber::BigNumber(std::uint64_t word)
    : BigNumber()
{
    static_assert(sizeof(BN_ULONG) == 8 || sizeof(BN_ULONG) == 4);
    need(BN_set_word(made(), static_cast<BN_ULONG>(word >> 32)) == 1);
    need(BN_lshift(made(), made(), 32) == 1);
    need(BN_add_word(made(), static_cast<BN_ULONG>(word & 0xffffffffU)) == 1);
}

BigNumber::BigNumber(const BigNumber& other)
    : m_number(BN_dup(other.native()))
{
    need(m_number != nullptr);
}

BigNumber& BigNumber::operator=(const BigNumber& other)
{
    if (this != &other)
        m_number = BigNumber(other).m_number;
    return *this;
}

BigNumber BigNumber::fromBigEndian(ByteView bytes)
{
    BigNumber number;
    need(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.made()) != nullptr);
    return number;
}

BigNumber BigNumber::fromLittleEndian(ByteView bytes)
{
    BigNumber number;
    need(BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), number.made()) != nullptr);
    return number;
}

BigNumber BigNumber::fromLimbs(const Limbs& limbs)
{
    SecretBytes bytes;
    for (const std::uint64_t limb : limbs)
        for (unsigned shift = 0; shift < 64; shift += 8)
            bytes.push_back(static_cast<std::uint8_t>(limb >> shift & 0xff));
    return fromLittleEndian(bytes);
}

BigNumber BigNumber::powerOfTwo(unsigned exponent)
{
    BigNumber number;
    need(BN_set_bit(number.made(), static_cast<int>(exponent)) == 1);
    return number;
}

SecretBytes BigNumber::bigEndian() const { return bigEndian(bytes()); }

SecretBytes BigNumber::bigEndian(std::size_t size) const
{
    SecretBytes bytes(size);
    need(BN_bn2binpad(native(), bytes.data(), static_cast<int>(size)) >= 0);
    return bytes;
}

SecretBytes BigNumber::littleEndian(std::size_t size) const
{
    SecretBytes bytes(size);
    need(BN_bn2lebinpad(native(), bytes.data(), static_cast<int>(size)) >= 0);
    return bytes;
}

SecretBytes BigNumber::decimal() const
{
    char* text = BN_bn2dec(native());
    need(text != nullptr);
    const std::size_t size = std::strlen(text);
    const SecretBytes digits(text, text + size);
    OPENSSL_clear_free(text, size);
    return digits;
}

unsigned BigNumber::bits() const { return static_cast<unsigned>(BN_num_bits(native())); }

bool BigNumber::isOdd() const { return BN_is_odd(native()) == 1; }

BigNumber BigNumber::operator*(const BigNumber& other) const
{
    BigNumber product;
    need(BN_mul(product.made(), native(), other.native(), newContext().get()) == 1);
    return product;
}

BigNumber BigNumber::operator+(const BigNumber& other) const
{
    BigNumber sum;
    need(BN_add(sum.made(), native(), other.native()) == 1);
    return sum;
}

BigNumber BigNumber::operator-(const BigNumber& other) const
{
    BigNumber difference;
    need(BN_sub(difference.made(), native(), other.native()) == 1);
    BN_set_negative(difference.made(), 0);
    return difference;
}

BigNumber BigNumber::operator%(const BigNumber& divisor) const
{
    BigNumber remainder;
    need(BN_mod(remainder.made(), native(), divisor.native(), newContext().get()) == 1);
    return remainder;
}

std::optional<BigNumber> BigNumber::dividedBy(const BigNumber& divisor) const
{
    if (divisor.isZero())
        return std::nullopt;
    BigNumber quotient;
    BigNumber remainder;
    need(BN_div(quotient.made(), remainder.made(), native(), divisor.native(), newContext().get())
         == 1);
    if (!remainder.isZero())
        return std::nullopt;
    return quotient;
}

std::uint64_t BigNumber::remainder(std::uint64_t divisor) const
{
    static_assert(sizeof(BN_ULONG) == 8 || sizeof(BN_ULONG) == 4);
    if (divisor > std::numeric_limits<BN_ULONG>::max()) {
        const SecretBytes rest = (*this % BigNumber(divisor)).bigEndian();
        return std::accumulate(
            rest.begin(), rest.end(), std::uint64_t {0},
            [](std::uint64_t sum, std::uint8_t byte) { return sum << 8 | byte; });
    }
    return BN_mod_word(native(), static_cast<BN_ULONG>(divisor));
}

BigNumber BigNumber::greatestCommonDivisor(const BigNumber& other) const
{
    // Euclid's algorithm: the library's own takes the same time for all numbers, which nobody needs
    // here and which costs ten times as much.
    BigNumber divisor;
    BigNumber rest;
    need(BN_copy(divisor.made(), native()) != nullptr
         && BN_copy(rest.made(), other.native()) != nullptr);
    const auto context = newContext();
    while (!rest.isZero()) {
        need(BN_mod(divisor.made(), divisor.native(), rest.native(), context.get()) == 1);
        std::swap(divisor, rest);
    }
    return divisor;
}

std::optional<BigNumber> BigNumber::inverse(const BigNumber& modulus) const
{
    if (modulus.bits() < 2 || greatestCommonDivisor(modulus).bits() != 1)
        return std::nullopt;
    BigNumber inverse;
    need(BN_mod_inverse(inverse.made(), native(), modulus.native(), newContext().get()) != nullptr);
    return inverse;
}

BigNumber BigNumber::power(const BigNumber& exponent, const BigNumber& modulus) const
{
    BigNumber power;
    need(BN_mod_exp(power.made(), native(), exponent.native(), modulus.native(), newContext().get())
         == 1);
    return power;
}

bool BigNumber::operator==(const BigNumber& other) const
{
    return BN_cmp(native(), other.native()) == 0;
}

bool BigNumber::operator<(const BigNumber& other) const
{
    return BN_cmp(native(), other.native()) < 0;
}

} // namespace coredact
