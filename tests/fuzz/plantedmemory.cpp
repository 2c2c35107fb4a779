// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/plantedmemory.h"

#include "tests/fuzz/targets.h"

#include <algorithm>

namespace coredact::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr unsigned valueKinds = 4;
constexpr unsigned encodings = 8;

std::uint32_t next(std::uint32_t& state)
{
    state = state * 1664525 + 1013904223;
    return state >> 8;
}

std::uint32_t crc32(std::string_view text)
{
    std::uint32_t crc = 0xffffffffU;
    for (const char c : text) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

std::string letters(std::uint32_t state, std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text += base62[next(state) % base62.size()];
    return text;
}

Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

/// A token whose checksum holds, a cloud key's name, a text or a key of random bytes.
Bytes value(unsigned kind, std::uint32_t seed)
{
    switch (kind % valueKinds) {
    case 0: {
        const std::string body = letters(seed, 30);
        std::string tail(6, '0');
        std::uint32_t crc = crc32(body);
        for (std::size_t i = tail.size(); i-- > 0; crc /= 62)
            tail[i] = base62[crc % 62];
        return bytesOf(std::string("gh") + "p_" + body + tail);
    }
    case 1:
        return bytesOf("postgres://user:" + letters(seed, 14) + "@db.internal:5432/orders");
    case 2:
        return bytesOf(letters(seed, 20 + seed % 30));
    default:
        Bytes key(16 + seed % 33);
        for (std::uint8_t& byte : key)
            byte = static_cast<std::uint8_t>(next(seed));
        return key;
    }
}

Bytes hex(ByteView bytes, std::string_view digits)
{
    Bytes text;
    for (const std::uint8_t byte : bytes) {
        text.push_back(static_cast<std::uint8_t>(digits[byte >> 4]));
        text.push_back(static_cast<std::uint8_t>(digits[byte & 15]));
    }
    return text;
}

Bytes inBase64(ByteView bytes)
{
    Bytes text;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = bits << 8 | byte;
        for (held += 8; held >= 6; held -= 6)
            text.push_back(static_cast<std::uint8_t>(base64[bits >> (held - 6) & 63]));
    }
    if (held > 0)
        text.push_back(static_cast<std::uint8_t>(base64[bits << (6 - held) & 63]));
    return text;
}

Bytes wide(ByteView bytes, bool bigEndian)
{
    Bytes text;
    for (const std::uint8_t byte : bytes) {
        text.push_back(bigEndian ? 0 : byte);
        text.push_back(bigEndian ? byte : 0);
    }
    return text;
}

Bytes encoded(Bytes bytes, unsigned how)
{
    switch (how % encodings) {
    case 0:
        return bytes;
    case 1:
        return wide(bytes, false);
    case 2:
        return wide(bytes, true);
    case 3:
        return hex(bytes, "0123456789abcdef");
    case 4:
        return hex(bytes, "0123456789ABCDEF");
    case 5:
        return inBase64(bytes);
    case 6:
        std::reverse(bytes.begin(), bytes.end());
        return bytes;
    default:
        bytes.resize(8 + bytes.size() / 3); // a fragment
        return bytes;
    }
}

class Planter {
public:
    explicit Planter(ByteView input)
        : m_in(input, ByteOrder::Little)
    {
    }

    PlantedMemory plant()
    {
        constexpr std::size_t largest = 64U << 10;
        m_made.dump.format = "raw";
        const unsigned order = m_in.u8();
        while (m_in.ok() && m_in.left() > 0 && m_made.bytes.size() < largest)
            step();
        endSegment();
        if (m_made.bytes.empty())
            m_made.bytes.push_back(0);
        m_made.dump.size = m_made.bytes.size();
        if ((order & 1) != 0)
            std::reverse(m_made.dump.segments.begin(), m_made.dump.segments.end());
        return std::move(m_made);
    }

private:
    void step()
    {
        switch (m_in.u8() % 5) {
        case 0: { // the input's own bytes
            const ByteView own = m_in.bytes(std::min<std::uint64_t>(m_in.u8(), m_in.left()));
            return append({own.begin(), own.end()});
        }
        case 1:
            return append(Bytes(m_in.u16() % 6000, 0));
        case 2:
        case 3:
            return plantValue();
        default:
            return endSegment();
        }
    }

    void plantValue()
    {
        const unsigned kind = m_in.u8();
        const std::uint32_t seed = m_in.u8() % 8 + 1U;
        const Bytes secret = value(kind, seed);
        if (kind % valueKinds >= 2) {
            const SecretBytes wiped(secret.begin(), secret.end());
            if (std::find(m_made.given.begin(), m_made.given.end(), wiped) == m_made.given.end())
                m_made.given.push_back(wiped);
        }
        const Bytes copy = encoded(secret, m_in.u8());
        const std::size_t size = std::min<std::size_t>(copy.size(), 8U + m_in.u8());
        append({copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(size)});
    }

    /// What follows lies elsewhere in memory, or right behind although not in the file's order.
    void endSegment()
    {
        const std::uint64_t size = m_made.bytes.size() - m_begin;
        if (size == 0)
            return;
        const unsigned gap = m_in.u8();
        m_made.dump.segments.push_back({*AddressRange::make(m_address, size),
                                        *FileRange::make(m_begin, size), {true, true, false},
                                        RegionKind::Anonymous, "[anon]"});
        m_address += size + (gap % 3 == 0 ? 0 : 0x1000 + gap);
        m_begin = m_made.bytes.size();
        if (gap % 2 == 0) { // bytes that no segment has
            append(Bytes(gap % 16, '-'));
            m_begin = m_made.bytes.size();
        }
    }

    void append(const Bytes& bytes)
    {
        m_made.bytes.insert(m_made.bytes.end(), bytes.begin(), bytes.end());
    }

    ByteReader m_in;
    PlantedMemory m_made;
    std::uint64_t m_address = 0x10000;
    std::uint64_t m_begin = 0;
};

} // namespace

PlantedMemory plantedMemory(ByteView input) { return Planter(input).plant(); }

const RuleSet& builtInRules()
{
    static const auto loaded = RuleSet::load({}, {});
    require(loaded.ok(), "the built-in rules can be loaded");
    return *loaded;
}

std::vector<Bytes> plantingSeeds()
{
    std::vector<Bytes> all;
    for (std::uint8_t kind = 0; kind < valueKinds; ++kind) {
        Bytes bytes {kind};
        for (std::uint8_t how = 0; how < encodings; ++how) {
            const Bytes step {2, kind, 1, how, 255, 0, 3, '\n', '=', 0, 4, how};
            bytes.insert(bytes.end(), step.begin(), step.end());
        }
        all.push_back(std::move(bytes));
    }
    return all;
}

} // namespace coredact::test
