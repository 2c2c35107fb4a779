// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/commonparts.h"

#include <cstdint>
#include <vector>

namespace coredact {

/// A bit for the hash of each key.
class BitSet {
public:
    void reserve(std::size_t keys, unsigned mostBits)
    {
        unsigned bits = 12;
        while (std::size_t(1) << bits < keys * 32 && bits < mostBits)
            ++bits;
        m_shift = 64 - bits;
        m_bits.assign(std::size_t(1) << (bits - 6), 0);
    }
    void add(std::uint64_t key)
    {
        m_bits[slotOf(key) / 64] |= std::uint64_t(1) << slotOf(key) % 64;
    }
    bool mayHold(std::uint64_t key) const
    {
        const std::uint64_t slot = slotOf(key);
        return (m_bits[slot / 64] >> slot % 64 & 1U) != 0;
    }

private:
    std::uint64_t slotOf(std::uint64_t key) const { return key * 0xd6e8feb86659fd93U >> m_shift; }

    std::vector<std::uint64_t> m_bits {0};
    unsigned m_shift = 58;
};

/// The pieces of values, in their encodings, that must not stand in a copy.
class Needles {
public:
    static constexpr std::size_t longest = 64; ///< bytes of a needle

    explicit Needles(std::span<const SecretValue> values)
        : Needles(values, CommonParts(values))
    {
    }
    /// `common`: of all values that are to be looked for, of which these are some.
    Needles(std::span<const SecretValue> values, const CommonParts& common);

    bool empty() const { return m_needles.empty(); }
    std::size_t size() const { return m_needles.size(); }

    /// Positions in [begin, end) of `bytes` at which a needle may begin, in rising order: at all
    /// others surely none does. Twelve bytes after `end` must be readable.
    void candidates(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                    std::vector<std::uint32_t>& positions) const;

    struct Match {
        std::size_t size; ///< bytes
        std::size_t value; ///< index of the value
        std::string_view encoding;
        bool word; ///< a short word, which counts between other characters only
    };
    /// The first needle that stands at the begin of `bytes`, or nothing. `before` is the byte
    /// in front of it, which a short word needs.
    std::optional<Match> at(ByteView bytes, std::optional<std::uint8_t> before) const;

private:
    struct Needle {
        std::uint64_t key; ///< its first bytes: eight, or five of a short word
        std::uint64_t offset; ///< in m_bytes
        std::uint32_t value;
        std::uint8_t size;
        bool word; ///< counts between other characters only
        std::string_view encoding;
    };

    void addValue(std::uint32_t value, ValueForm form, ByteView bytes, const CommonParts& common);
    void addWindows(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic,
                    std::string_view encoding);
    void addWords(std::uint32_t value, const SecretBytes& bytes, const std::vector<bool>& isPublic);
    void addEncodings(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic,
                      bool text);
    void addEscapes(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic,
                    bool text);
    void addForeign(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic);
    void addUsual(std::uint32_t value, ByteView window, bool text);
    void addRare(std::uint32_t value, ByteView window, bool text);
    void addWord(std::uint32_t value, ByteView bytes);
    void add(std::uint32_t value, ByteView bytes, std::string_view encoding, bool word = false);
    void build();
    void addPieces();
    void findPieces(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                    std::vector<std::uint32_t>& positions) const;
    void findWords(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                   std::vector<std::uint32_t>& positions) const;
    std::optional<Match> lookUp(std::uint64_t key, ByteView bytes,
                                std::optional<std::uint8_t> before) const;

    SecretBytes m_bytes;
    std::vector<Needle, WipingAllocator<Needle>> m_needles; ///< sorted by key
    BitSet m_keys; ///< of all needles
    /// The five bytes that begin at each of the first four of every needle but the words. One of
    /// them stands at a position that four divides, wherever the needle stands.
    BitSet m_pieces;
    std::vector<std::uint64_t, WipingAllocator<std::uint64_t>> m_wordKeys; ///< sorted
    BitSet m_wordSet; ///< the same, for when they are many
};

} // namespace coredact
