// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"

#include <cstring>

namespace coredact {

/// The pieces of values, in their encodings, that must not stand in a copy.
class Needles {
public:
    static constexpr std::size_t longest = 64; ///< bytes of a needle

    explicit Needles(std::span<const SecretValue> values);

    bool empty() const { return m_needles.empty(); }
    std::size_t size() const { return m_needles.size(); }

    /// False where surely no needle begins with these eight bytes; to be asked before `at`.
    bool mayStandAt(const std::uint8_t* eight) const
    {
        std::uint64_t key = 0;
        std::memcpy(&key, eight, sizeof key);
        return isSeen(key) || (m_words && isSeen(key & 0xffffffffffU));
    }

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

    void addValue(std::uint32_t value, ValueForm form, ByteView bytes);
    void addWindows(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic,
                    std::string_view encoding);
    void addWords(std::uint32_t value, const SecretBytes& bytes, const std::vector<bool>& isPublic);
    void addEncodings(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic,
                      bool text);
    void addEscapes(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic);
    void addUsual(std::uint32_t value, ByteView window, bool text);
    void addRare(std::uint32_t value, ByteView window, bool text);
    void addWord(std::uint32_t value, ByteView bytes);
    void add(std::uint32_t value, ByteView bytes, std::string_view encoding, bool word = false);
    void build();
    std::uint64_t slotOf(std::uint64_t key) const { return key * 0xd6e8feb86659fd93U >> m_shift; }
    bool isSeen(std::uint64_t key) const
    {
        return (m_seen[slotOf(key) / 64] >> slotOf(key) % 64 & 1U) != 0;
    }
    std::optional<Match> lookUp(std::uint64_t key, ByteView bytes,
                                std::optional<std::uint8_t> before) const;

    SecretBytes m_bytes;
    std::vector<Needle, WipingAllocator<Needle>> m_needles; ///< sorted by key
    std::vector<std::uint64_t> m_seen {0}; ///< a bit for the hash of each key
    unsigned m_shift = 58;
    bool m_words = false;
};

} // namespace coredact
