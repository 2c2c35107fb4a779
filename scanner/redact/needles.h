// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/commonparts.h"

#include <cstdint>
#include <vector>

namespace coredact {

/// Two bits of one word for each key: what it does not hold was not added.
class KeyFilter {
public:
    void reserve(std::size_t keys, unsigned mostBits)
    {
        unsigned bits = 12;
        while (std::size_t(1) << bits < keys * 32 && bits < mostBits)
            ++bits;
        m_shift = 64 + 6 - bits;
        m_words.assign(std::size_t(1) << (bits - 6), 0);
    }
    void add(std::uint64_t key)
    {
        const std::uint64_t hash = key * multiplier;
        m_words[hash >> m_shift] |= bitsOf(hash);
    }
    bool mayHold(std::uint64_t key) const
    {
        const std::uint64_t hash = key * multiplier;
        return (~m_words[hash >> m_shift] & bitsOf(hash)) == 0;
    }

private:
    static constexpr std::uint64_t multiplier = 0xd6e8feb86659fd93U;
    /// Of bits of the hash that choose no word: the words are 2^22 at most.
    static std::uint64_t bitsOf(std::uint64_t hash)
    {
        return std::uint64_t(1) << (hash >> 36) % 64 | std::uint64_t(1) << (hash >> 30) % 64;
    }

    std::vector<std::uint64_t> m_words {0, 0};
    unsigned m_shift = 63;
};

/// What of values, in their encodings, must not stand in a copy: pieces of eight bytes that tell,
/// of sixteen that read like words; and texts of 5 to 71 bytes that have no such pieces, as a whole
/// between other characters.
class Needles {
public:
    static constexpr std::size_t longest = 72; ///< bytes of a needle and what counts beside it

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
        /// Where it counts between other characters than letters and digits only: bytes of one.
        std::size_t beside;
    };
    /// The first needle that stands at `position` of `bytes`, or nothing. What stands around it
    /// counts for texts as a whole, as far as it is there.
    std::optional<Match> at(ByteView bytes, std::size_t position) const;

private:
    struct Plain;
    struct Needle {
        std::uint64_t key; ///< its first bytes: eight, or five of a shorter one
        std::uint64_t offset; ///< in m_bytes
        std::uint32_t value;
        std::uint8_t size;
        std::uint8_t beside; ///< see Match
        std::string_view encoding;
    };

    void addValue(std::uint32_t value, ValueForm form, ByteView bytes, const CommonParts& common);
    void addWhole(std::uint32_t value, ByteView text);
    void addWindows(std::uint32_t value, const Plain& plain, std::string_view encoding);
    void addWords(std::uint32_t value, const Plain& plain);
    bool addEncodings(std::uint32_t value, const Plain& plain);
    void addEscapes(std::uint32_t value, const Plain& plain);
    void addForeign(std::uint32_t value, const Plain& plain);
    void addUsual(std::uint32_t value, ByteView window, bool text);
    void addRare(std::uint32_t value, ByteView window, bool text);
    void add(std::uint32_t value, ByteView bytes, std::string_view encoding,
             std::size_t beside = 0);
    void build();
    void addPieces();
    void findPieces(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                    std::vector<std::uint32_t>& positions) const;
    void findWords(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                   std::vector<std::uint32_t>& positions) const;
    std::optional<Match> lookUp(std::uint64_t key, ByteView bytes, std::size_t position) const;

    SecretBytes m_bytes;
    std::vector<Needle, WipingAllocator<Needle>> m_needles; ///< sorted by key
    KeyFilter m_keys; ///< of all needles
    /// The five bytes that begin at each of the first four of every needle but the words. One of
    /// them stands at a position that four divides, wherever the needle stands.
    KeyFilter m_pieces;
    std::vector<std::uint64_t, WipingAllocator<std::uint64_t>> m_wordKeys; ///< sorted
    KeyFilter m_wordSet; ///< the same, for when they are many
};

} // namespace coredact
