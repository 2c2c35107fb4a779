// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords and keys in strings of Go that nothing names: what settings and fields are called
// stands in the program's file, which dumps leave out. A string is a pointer and a length, its text
// has no end of its own and is often a part of a longer one. Few words can be such pointers, since
// Go's heap has addresses of its own.
#include "scanner/base/memoryword.h"
#include "scanner/dump/dump.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/keys/goheap.h"
#include "scanner/rules/keys/textpages.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <map>

namespace coredact {

namespace {

constexpr std::size_t word = 8;
constexpr WordRange lengths {enoughWithLength.size, 128};
constexpr std::size_t mostPending = std::size_t {1} << 18;
constexpr std::size_t mostTexts = std::size_t {1} << 16;

/// By address, and then by how much stands behind: a text stands before its parts.
using TextKey = std::pair<std::uint64_t, std::uint64_t>;

TextKey keyOf(std::uint64_t address, std::uint64_t size) { return {address, lengths.most - size}; }
std::uint64_t sizeOf(const TextKey& key) { return lengths.most - key.second; }

/// Gathers strings whose text looks generated or chosen. Thousands of strings have the same text,
/// so whenever many are together each text is looked at once.
class StringRound : public WalkRound {
public:
    explicit StringRound(const WalkContext& context)
        : m_context(context)
    {
    }

    void look(const Window& window) override
    {
        constexpr std::size_t together = 64;
        const RangeKernel mayBegin = rangeKernels().back().kernel;
        const ByteView bytes = window.bytes;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), 2 * word - 1));
        std::size_t at = alignedFresh(window, word);
        while (at < end) {
            if (at + together <= end)
                at += mayBegin(goHeap, lengths, bytes.data() + at, 0, end - at - together + 1);
            for (const std::size_t stop = std::min(end, at + together); at < stop; at += word) {
                const auto address = littleWord<std::uint64_t>(bytes.data() + at);
                const auto size = littleWord<std::uint64_t>(bytes.data() + at + word);
                if (goHeap.holds(address) && lengths.holds(size))
                    add(keyOf(address, size));
            }
        }
    }

    void join(WalkRound& other) override
    {
        auto& that = static_cast<StringRound&>(other);
        that.settle();
        for (auto& [key, part] : that.m_texts)
            keep(key, std::move(part));
    }

    /// What of each text is to be told: its last bytes.
    std::map<TextKey, SecretBytes>& texts()
    {
        settle();
        return m_texts;
    }

private:
    void add(const TextKey& key)
    {
        m_pending.push_back(key);
        if (m_pending.size() == mostPending)
            settle();
    }

    void settle()
    {
        std::sort(m_pending.begin(), m_pending.end());
        m_pending.erase(std::unique(m_pending.begin(), m_pending.end()), m_pending.end());
        const MemoryReader memory(m_context.source, m_context.memory);
        TextPages pages(memory);
        for (const TextKey& key : m_pending) {
            if (m_context.control.cancelled())
                break;
            const auto text = pages.at({key.first, sizeOf(key)});
            if (!text)
                continue;
            const std::string_view part = secretPart(asText(*text));
            if (!part.empty())
                keep(key, SecretBytes(part.begin(), part.end()));
        }
        m_pending.clear();
    }

    void keep(const TextKey& key, SecretBytes part)
    {
        m_texts.emplace(key, std::move(part));
        keepFirst(m_texts, mostTexts);
    }

    const WalkContext& m_context;
    std::vector<TextKey> m_pending;
    std::map<TextKey, SecretBytes> m_texts;
};

class StringWalk : public Walk {
public:
    void begin(const WalkContext& context) override { m_context = &context; }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_looked ? nullptr : std::make_unique<StringRound>(*m_context);
    }

    /// What reads a text leaves strings of its parts behind, which are told with the whole.
    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_looked = true;
        std::uint64_t begin = 0; // of what was told last
        std::uint64_t end = 0;
        for (auto& [key, part] : static_cast<StringRound&>(gathered).texts()) {
            const std::uint64_t last = key.first + sizeOf(key);
            if (last - part.size() >= begin && last <= end)
                continue;
            begin = last - part.size();
            end = last;
            Match match;
            match.rule = &generatedRules()[0];
            match.confidence = Confidence::Possible;
            match.places = context.memory.fileRanges(begin, part.size());
            match.value = std::move(part);
            sink.add(std::move(match));
        }
        return {};
    }

private:
    const WalkContext* m_context = nullptr;
    bool m_looked = false;
};

std::unique_ptr<Walk> newStringWalk(const Dump& dump)
{
    const bool isGo
        = std::any_of(dump.segments.begin(), dump.segments.end(),
                      [](const Segment& segment) { return segment.memory.contains(goHeap.least); });
    if (!isGo || dump.order != ByteOrder::Little || dump.wordSize == 4)
        return nullptr;
    return std::make_unique<StringWalk>();
}

} // namespace

extern const Detector gostringsDetector;
const Detector gostringsDetector {"gostrings", generatedRules, 0, nullptr, false, newStringWalk};

} // namespace coredact
