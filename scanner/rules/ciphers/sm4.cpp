// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/sm4.h"

#include "scanner/rules/ciphers/samples.h"

namespace coredact {

namespace {

constexpr std::size_t rounds = 32;
constexpr std::array<std::uint32_t, 4> familyKey {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};

/// In GF(2^8) modulo x^8 + x^7 + x^6 + x^5 + x^4 + x^2 + 1.
constexpr std::uint8_t product(std::uint8_t a, std::uint8_t b)
{
    unsigned sum = 0;
    unsigned power = a;
    for (unsigned bits = b; bits != 0; bits >>= 1) {
        if ((bits & 1) != 0)
            sum ^= power;
        power = (power << 1) ^ (power >= 0x80 ? 0x1f5 : 0);
    }
    return static_cast<std::uint8_t>(sum);
}

/// The affine map of the S-box, which is taken before and after the inverse.
constexpr std::uint8_t mapped(std::uint8_t byte)
{
    unsigned bits = 0;
    for (int i = 0; i < 8; ++i)
        bits |= (std::popcount(static_cast<std::uint8_t>(std::rotl(std::uint8_t {0xa7}, i) & byte))
                 & 1U)
            << i;
    return static_cast<std::uint8_t>(bits ^ 0xd3);
}

constexpr sm4::Substitution makeSubstitution()
{
    sm4::Substitution table {};
    for (unsigned x = 0; x < 256; ++x) {
        // The inverse is the 254th power.
        std::uint8_t square = mapped(static_cast<std::uint8_t>(x));
        std::uint8_t inverse = 1;
        for (int bit = 1; bit < 8; ++bit) {
            square = product(square, square);
            inverse = product(inverse, square);
        }
        table[x] = mapped(inverse);
    }
    return table;
}

constexpr sm4::Substitution substituted = makeSubstitution();

constexpr sm4::Substitution inverseOf(const sm4::Substitution& table)
{
    sm4::Substitution inverse {};
    for (unsigned x = 0; x < 256; ++x)
        inverse[table[x]] = static_cast<std::uint8_t>(x);
    return inverse;
}

/// CK[i]: its bytes count on in sevens.
std::uint32_t constant(std::size_t i)
{
    std::uint32_t word = 0;
    for (std::size_t byte = 0; byte < 4; ++byte)
        word = word << 8 | ((4 * i + byte) * 7 & 0xff);
    return word;
}

/// T': the S-box on each byte, then the turns.
std::uint32_t transformed(std::uint32_t word)
{
    std::uint32_t bytes = 0;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes = bytes << 8 | substituted[word >> shift & 0xff];
    return bytes ^ std::rotl(bytes, 13) ^ std::rotl(bytes, 23);
}

/// The family key and the key before the round keys, then these: K[0] to K[35].
using Words = std::array<std::uint32_t, rounds + 4>;

std::uint32_t step(const Words& words, std::size_t i)
{
    return transformed(words[i + 1] ^ words[i + 2] ^ words[i + 3] ^ constant(i));
}

void put(SecretBytes& bytes, std::uint32_t word, std::endian order)
{
    for (unsigned i = 0; i < 4; ++i)
        bytes.push_back(static_cast<std::uint8_t>(
            word >> 8 * (order == std::endian::little ? i : 3 - i) & 0xff));
}

std::optional<Sm4Schedule> scheduleAt(ByteView bytes, std::size_t position, bool reversed)
{
    Words words {};
    for (std::size_t i = 0; i < rounds; ++i)
        words[i + 4] = littleWord<std::uint32_t>(bytes.data() + position
                                                 + 4 * (reversed ? rounds - 1 - i : i));
    for (std::size_t i = 4; i < rounds; ++i)
        if (words[i + 4] != (words[i] ^ step(words, i)))
            return std::nullopt;
    Sm4Schedule schedule {position, reversed, {}};
    for (std::size_t i = 4; i-- > 0;)
        words[i] = words[i + 4] ^ step(words, i);
    for (std::size_t i = 0; i < 4; ++i)
        put(schedule.key, words[i] ^ familyKey[i], std::endian::big);
    return schedule;
}

} // namespace

constinit const sm4::Substitution sm4::unsubstituted = inverseOf(substituted);

std::optional<Sm4Schedule> sm4ScheduleAround(ByteView bytes, std::size_t sample)
{
    const auto word
        = [&](std::size_t i) { return littleWord<std::uint32_t>(bytes.data() + sample + 4 * i); };
    const std::uint32_t first = sm4::unspread(word(0) ^ word(4)) >> 24;
    // The first byte of CK[i] is 28 i; 7 times 55 is 1 modulo 64.
    const unsigned byte = sm4::unsubstituted[first] ^ (word(1) ^ word(2) ^ word(3)) >> 24;
    const std::size_t index = byte / 4 * 55 % 64;
    if (byte % 4 != 0 || index < 4 || index >= rounds)
        return std::nullopt;
    for (const bool reversed : {false, true}) {
        const std::size_t before = 4 * (reversed ? rounds - 1 - index : index - 4);
        if (before <= sample && bytes.size() - (sample - before) >= roundKeyBytes)
            if (auto schedule = scheduleAt(bytes, sample - before, reversed))
                return schedule;
    }
    return std::nullopt;
}

SecretBytes expandSm4Key(ByteView key)
{
    Words words {};
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t byte = 0; byte < 4; ++byte)
            words[i] = words[i] << 8 | key[4 * i + byte];
    for (std::size_t i = 0; i < 4; ++i)
        words[i] ^= familyKey[i];
    SecretBytes schedule;
    for (std::size_t i = 0; i < rounds; ++i) {
        words[i + 4] = words[i] ^ step(words, i);
        put(schedule, words[i + 4], std::endian::little);
    }
    return schedule;
}

} // namespace coredact
