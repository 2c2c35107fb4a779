// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/wordfilter.h"
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

/// What the bytes of a copy are shown to, by those who unpack and join them. Any thread.
class Seeker {
public:
    struct Match {
        std::size_t size; ///< bytes
        std::size_t value; ///< index of the value
        std::string_view encoding;
        /// Where it counts between other characters than letters and digits only: bytes of one.
        std::size_t beside;
    };

    virtual ~Seeker() = default;
    /// Positions in [begin, end) of `bytes` at which something sought may begin, in rising order:
    /// at all others surely nothing does. Twelve bytes after `end` must be readable.
    virtual void candidates(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                            std::vector<std::uint32_t>& positions) const = 0;
    /// The first thing sought that stands at `position` of `bytes`, or nothing. What stands around
    /// it counts for texts as a whole, as far as it is there.
    virtual std::optional<Match> at(ByteView bytes, std::size_t position) const = 0;
};

/// Finds nothing, and gathers of all bytes which words of five stand where needles are looked for.
class WordGatherer : public Seeker {
public:
    /// `words` must outlive it.
    explicit WordGatherer(WordFilter& words)
        : m_words(words)
    {
    }
    void candidates(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                    std::vector<std::uint32_t>& positions) const override;
    std::optional<Match> at(ByteView bytes, std::size_t position) const override;

private:
    WordFilter& m_words;
};

/// What of values, in their encodings, must not stand in a copy: pieces of eight bytes that tell,
/// of sixteen that read like words; and texts of 5 to 71 bytes that have no such pieces, as a whole
/// between other characters.
class Needles : public Seeker {
public:
    static constexpr std::size_t longest = 72; ///< bytes of a needle and what counts beside it

    explicit Needles(std::span<const SecretValue> values)
        : Needles(values, CommonParts(values))
    {
    }
    /// `common`: of all values that are to be looked for, of which these are some.
    Needles(std::span<const SecretValue> values, const CommonParts& common);
    /// None yet. `words`: what was gathered of all bytes that they will be looked for in; a needle
    /// that surely stands nowhere there is made and left out. nullptr: that is not known.
    Needles(const CommonParts& common, const WordFilter* words);

    /// Adds those of the next value; after the last one `build` must be called, once.
    void add(const SecretValue& value);
    void build();
    /// About how many bytes they take.
    std::size_t memory() const { return m_needles.size() * ofNeedle + m_bytes.size(); }

    bool empty() const { return m_needles.empty(); }
    /// How many were made, those left out too.
    std::size_t size() const { return m_needles.size() + m_leftOut; }

    void candidates(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                    std::vector<std::uint32_t>& positions) const override;
    std::optional<Match> at(ByteView bytes, std::size_t position) const override;

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

    void addValue(std::uint32_t value, ValueForm form, ByteView bytes);
    bool mayStand(ByteView needle) const;
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
    void addPieces();
    void findPieces(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                    std::vector<std::uint32_t>& positions) const;
    void findWords(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                   std::vector<std::uint32_t>& positions) const;
    std::optional<Match> lookUp(std::uint64_t key, ByteView bytes, std::size_t position) const;

    static constexpr std::size_t ofNeedle = 72; ///< bytes, with what is looked up before it

    const CommonParts* m_common; ///< until it is built
    const WordFilter* m_words; ///< the same
    std::uint32_t m_values = 0; ///< that were added
    std::size_t m_leftOut = 0;
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
