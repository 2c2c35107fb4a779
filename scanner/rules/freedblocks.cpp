// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords and keys of which only the rest is left in a block of glibc's heap that the program
// freed: the allocator writes words of its own over the first bytes of the text, and the others
// stay until the block is given out again. Nothing stands before them that is a length or a number.
// Those words prove that the block is free (malloc.c):
// - in a thread's cache: where the next one of the cache is, and a number of the process that the
//   next one has, too;
// - in a fast bin: where the next one is, which has the same size;
// - in other bins: where the next one and the one before are, which lead back to it.
// The first two are mixed with the address that they stand at since glibc 2.32 (PROTECT_PTR), which
// is proof enough where it leads to the neighbourhood: the next one may be in use again. Of 64-bit
// little-endian machines.
#include "scanner/base/ascii.h"
#include "scanner/base/memoryword.h"
#include "scanner/dump/dump.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/keys/firstones.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/keys/textwords.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <optional>

namespace coredact {

namespace {

constexpr std::size_t word = 8;
constexpr std::size_t step = 2 * word; ///< of the addresses and sizes of blocks
constexpr std::size_t longestRest = 128;
constexpr std::size_t mostRests = std::size_t {1} << 18;
constexpr unsigned addressBits = 47;

/// What a block begins with. The program has the bytes from `first` on.
struct Head {
    std::uint64_t size = 0; ///< and three flags
    std::uint64_t first = 0;
    std::uint64_t second = 0;

    static constexpr std::uint64_t flags = 7;
    std::uint64_t bytes() const { return size & ~flags; }

    /// Whether it may be one of a free block, by its numbers alone.
    bool isLikely() const
    {
        constexpr std::uint64_t isMapped = 2;
        constexpr std::uint64_t largest = std::uint64_t {1} << 26;
        return first != 0 && first >> addressBits == 0 && (size & (isMapped | (step / 2))) == 0
            && bytes() >= 4 * word && bytes() <= largest;
    }
};

constexpr std::size_t headSize = 4 * word; ///< with the size of the block before

Head headAt(ByteView bytes, std::size_t at)
{
    const auto wordAt
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + at + i * word); };
    return {wordAt(1), wordAt(2), wordAt(3)};
}

/// Asks the memory whether a block is free. `place` is that of its first word.
class FreeBlocks {
public:
    explicit FreeBlocks(const WalkContext& context)
        : m_memory(context.source, context.memory)
    {
    }

    bool isCached(const Head& head, std::uint64_t place) const
    {
        constexpr unsigned halfOfWord = 32; // a small number may stand anywhere
        return isLinked(head, place, [&](std::uint64_t next) {
            return head.second >> halfOfWord != 0 && wordAt(next + word) == head.second;
        });
    }

    bool isInFastBin(const Head& head, std::uint64_t place) const
    {
        constexpr std::uint64_t largest = 128;
        return head.bytes() <= largest && isLinked(head, place, [&](std::uint64_t next) {
                   const auto size = wordAt(next + word);
                   return size && (*size & ~Head::flags) == head.bytes();
               });
    }

    bool isInBin(const Head& head, std::uint64_t place) const
    {
        const std::uint64_t own = place - 2 * word;
        return wordAt(head.first + 3 * word) == own && wordAt(head.second + 2 * word) == own;
    }

private:
    /// Whether the block's first word leads to another block, or says that none follows.
    /// `isNext` says whether there is one at an address.
    template <typename IsNext>
    static bool isLinked(const Head& head, std::uint64_t place, const IsNext& isNext)
    {
        constexpr unsigned pageBits = 12;
        const std::uint64_t mixedWith = place >> pageBits;
        const std::uint64_t next = head.first ^ mixedWith;
        const auto mayLead = [&](std::uint64_t to) { return to % step == 0 && isNext(to); };
        return next == 0 || (next % step == 0 && isNear(next, place, mixedWith)) || mayLead(next)
            || mayLead(head.first);
    }

    /// Whether it is so near that no pointer is that is not mixed, and hardly another number.
    static bool isNear(std::uint64_t next, std::uint64_t place, std::uint64_t mixedWith)
    {
        constexpr std::uint64_t reach = std::uint64_t {1} << 28;
        return mixedWith >= reach && (next > place ? next - place : place - next) < reach;
    }

    std::optional<std::uint64_t> wordAt(std::uint64_t address) const
    {
        std::array<std::uint8_t, word> bytes {};
        return m_memory.read(address, bytes)
            ? std::optional(littleWord<std::uint64_t>(bytes.data()))
            : std::nullopt;
    }

    MemoryReader m_memory;
};

/// The rest of a text from `begin` on in a block that ends at `end`. What runs to the block's end
/// or goes on in another line is a piece of a longer text, of a certificate perhaps.
std::string_view restIn(ByteView bytes, std::size_t begin, std::uint64_t end)
{
    const auto most = static_cast<std::size_t>(
        std::min<std::uint64_t>({bytes.size(), end, begin + longestRest + 1}));
    std::size_t last = begin;
    while (last < most && isVisible(bytes[last]))
        ++last;
    const bool isEnded = last < most && bytes[last] != '\n' && bytes[last] != '\r';
    return isEnded ? asText(bytes.subspan(begin, last - begin)) : std::string_view();
}

using Rest = std::pair<std::uint64_t, std::size_t>; ///< address and size

class FreedRound : public WalkRound {
public:
    explicit FreedRound(const WalkContext& context)
        : m_blocks(context)
    {
    }

    void look(const Window& window) override
    {
        const ByteView bytes = window.bytes;
        constexpr std::size_t needed = headSize + word;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), needed - 1));
        if (window.address)
            for (std::size_t at = alignedFresh(window, step); at < end; at += step)
                lookAtBlock(window, at);
    }

    void join(WalkRound& other) override { rests.join(static_cast<FreedRound&>(other).rests); }
    bool hasLeftOut() const override { return leftOut() || rests.leftOut(); }

    FirstOnes<Rest> rests {mostRests};

private:
    void lookAtBlock(const Window& window, std::size_t at)
    {
        const Head head = headAt(window.bytes, at);
        if (!head.isLikely())
            return;
        const std::size_t behind = at + headSize;
        const std::uint64_t place = *window.address + at + 2 * word;
        const std::uint64_t end = at + word + head.bytes();
        if (TextWords::isText(head.second)) {
            const auto part = secretPart(restIn(window.bytes, behind - word, end));
            if (!part.empty() && m_blocks.isInFastBin(head, place))
                keep(window, part);
        } else if (TextWords::isText(littleWord<std::uint64_t>(window.bytes.data() + behind))) {
            const auto part = secretPart(restIn(window.bytes, behind, end));
            if (!part.empty() && (m_blocks.isCached(head, place) || m_blocks.isInBin(head, place)))
                keep(window, part);
        }
    }

    void keep(const Window& window, std::string_view part)
    {
        const auto at = static_cast<std::size_t>(part.data() - asText(window.bytes).data());
        rests.add({*window.address + at, part.size()});
    }

    const FreeBlocks m_blocks;
};

class FreedWalk : public Walk {
public:
    void begin(const WalkContext& context) override { m_context = &context; }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_looked ? nullptr : std::make_unique<FreedRound>(*m_context);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_looked = true;
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [address, size] : static_cast<FreedRound&>(gathered).rests.all()) {
            Match match;
            match.rule = &generatedRules()[0];
            match.confidence = Confidence::Possible;
            match.places = context.memory.fileRanges(address, size);
            match.value.resize(size);
            if (memory.read(address, match.value))
                sink.add(std::move(match));
        }
        return {};
    }

private:
    const WalkContext* m_context = nullptr;
    bool m_looked = false;
};

std::unique_ptr<Walk> newFreedWalk(const Dump& dump)
{
    if (dump.order != ByteOrder::Little || dump.wordSize == 4)
        return nullptr;
    return std::make_unique<FreedWalk>();
}

} // namespace

extern const Detector freedblocksDetector;
const Detector freedblocksDetector {"freedblocks", generatedRules, 0, nullptr, false, newFreedWalk};

} // namespace coredact
