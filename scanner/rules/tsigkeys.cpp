// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of TSIG and rndc as BIND holds them: the text of the settings is gone, and what stays is a
// dst_key (magic "DSTK") that leads to the bytes of an HMAC key.
#include "scanner/rules/detector.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/anchors/wordanchor.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <compare>
#include <set>

namespace coredact {

namespace {

constexpr std::uint32_t magic = 0x4453544b;
constexpr std::size_t mostKeys = std::size_t {1} << 14;
constexpr std::size_t word = 8;
/// Between the magic and the key's size lie a count, a lock and a name, whose sizes vary.
constexpr std::size_t firstSize = 16;
constexpr std::size_t lastSize = 104;
/// From the size to the pointers of which one leads to the key.
constexpr std::size_t firstPointer = 32;
constexpr std::size_t lastPointer = 88;
/// What the key lies in; the rest is zero. Longer keys are hashed first.
constexpr std::size_t block = 64;
constexpr std::size_t shortest = 8;

std::span<const RuleInfo> tsigRules()
{
    static const std::array rules {
        RuleInfo {"tsig-key-memory",
                  "TSIG key (in memory)",
                  Severity::High,
                  "A key as BIND holds it: it signs zone transfers, dynamic updates or rndc's "
                  "commands. Whoever holds it can read and change zones, or control the server.",
                  "Make a new key (tsig-keygen, rndc-confgen -a) and put it into the settings of "
                  "all servers that share it.",
                  {"dns"},
                  95},
    };
    return rules;
}

/// The algorithms that BIND numbers for HMAC.
std::string_view algorithmOf(std::uint32_t number)
{
    switch (number) {
    case 157:
        return "hmac-md5";
    case 161:
        return "hmac-sha1";
    case 162:
        return "hmac-sha224";
    case 163:
        return "hmac-sha256";
    case 164:
        return "hmac-sha384";
    case 165:
        return "hmac-sha512";
    default:
        return {};
    }
}

struct HeldKey {
    std::uint64_t address = 0;
    std::size_t bytes = 0;
    std::string_view algorithm;

    auto operator<=>(const HeldKey&) const = default;
};

/// Gathers where keys may stand.
class TsigRound : public WalkRound {
public:
    explicit TsigRound(ByteOrder order)
        : m_order(order)
    {
    }

    std::vector<Anchor> anchors() const override { return {anchorOfWord(magic, m_order)}; }

    void lookAt(const Window& window, std::size_t position) override
    {
        if (!window.address || (*window.address + position) % word != 0)
            return;
        for (std::size_t at = firstSize; at <= lastSize; at += word)
            if (lookAtSize(window.bytes, position + at))
                return;
    }

    void join(WalkRound& other) override
    {
        keys.merge(static_cast<TsigRound&>(other).keys);
        keepFirst(keys, mostKeys);
    }

    std::set<HeldKey> keys;

private:
    /// The size in bits, the protocol, and the algorithm.
    bool lookAtSize(ByteView bytes, std::size_t at)
    {
        if (at + lastPointer + word > bytes.size())
            return false;
        const std::uint64_t bits = number(bytes, at, 4);
        const std::string_view algorithm
            = algorithmOf(static_cast<std::uint32_t>(number(bytes, at + word, 4)));
        if (algorithm.empty() || number(bytes, at + 4, 4) > 0xff || bits % 8 != 0
            || bits < 8 * shortest || bits > 8 * block)
            return false;
        for (std::size_t pointer = firstPointer; pointer <= lastPointer; pointer += word)
            if (const std::uint64_t address = number(bytes, at + pointer, word); address != 0)
                keys.insert({address, static_cast<std::size_t>(bits / 8), algorithm});
        keepFirst(keys, mostKeys);
        return true;
    }

    std::uint64_t number(ByteView bytes, std::size_t at, std::size_t size) const
    {
        return numberOf(bytes.subspan(at, size), m_order);
    }

    ByteOrder m_order;
};

class TsigWalk : public Walk {
public:
    explicit TsigWalk(const Dump& dump)
        : m_dump(dump)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        // Only structures of 64-bit programs are known.
        return m_done || m_dump.wordSize != word ? nullptr
                                                 : std::make_unique<TsigRound>(m_dump.order);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_done = true;
        for (const HeldKey& held : static_cast<TsigRound&>(gathered).keys) {
            SecretBytes bytes(block);
            const auto read = context.memory.read(context.source, held.address, bytes);
            if (!read)
                return read.error();
            if (*read != block || !isKey(bytes, held.bytes))
                continue;
            bytes.resize(held.bytes);
            Match match;
            match.rule = &tsigRules()[0];
            match.confidence = Confidence::Likely;
            match.title = "TSIG key (in memory), " + std::string(held.algorithm);
            match.proof = "the structure around it fits its kind";
            match.identity = Identity {"tsig-algorithm", std::string(held.algorithm)};
            match.form = ValueForm::Binary;
            match.places = context.memory.fileRanges(held.address, held.bytes);
            match.value = std::move(bytes);
            sink.add(std::move(match));
        }
        return {};
    }

private:
    /// Random bytes, and zeros up to the end of the block.
    static bool isKey(const SecretBytes& bytes, std::size_t size)
    {
        const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(size);
        const std::size_t zeros = static_cast<std::size_t>(std::count(bytes.begin(), end, 0));
        return zeros <= size / 8
            && distinctBytes(ByteView(bytes).first(size)) >= std::min<std::size_t>(size / 2 + 1, 16)
            && std::all_of(end, bytes.end(), [](std::uint8_t byte) { return byte == 0; });
    }

    const Dump& m_dump;
    bool m_done = false;
};

std::unique_ptr<Walk> newTsigWalk(const Dump& dump) { return std::make_unique<TsigWalk>(dump); }

} // namespace

extern const Detector tsigkeysDetector;
const Detector tsigkeysDetector {"tsigkeys", tsigRules, 0, nullptr, false, newTsigWalk};

} // namespace coredact
