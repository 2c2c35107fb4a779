// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets beside their names in programs that hold a string as pointer and length: std::string of
// libstdc++ and string_view, String and &str of Rust, string of Go. Where a map, a list of pairs or
// a node of a tree joins two of them, the string of the value stands at a fixed distance behind
// that of the name, while the texts may be anywhere. Of little-endian machines.
#include "scanner/base/characters.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/goheap.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/keys/textpages.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t mostNames = std::size_t {1} << 17; ///< that name something secret

/// From the pointer to the name to that to the value.
struct Distance {
    std::size_t bytes;
    bool betweenNames; ///< the next name may stand there as well
};
constexpr std::uint8_t jsonString = 3; ///< nlohmann's kind of a value
/// From the pointer to the name to a value of Go's `any`, which is a type and a pointer to the
/// string: in a slot of its newer maps, in a bucket of the older ones.
constexpr std::array<std::size_t, 2> toAny {16, 128};

/// How programs lay out strings and what joins them.
struct Machine {
    std::size_t word;
    WordRange addresses; ///< of a process; none is smaller than a page
    std::array<Distance, 5> distances;
    /// A value of nlohmann's JSON behind a std::string: a kind, and a pointer to the string.
    std::size_t toJsonKind;
    std::size_t toJsonPointer;

    std::uint64_t wordAt(const std::uint8_t* at) const
    {
        return word == 4 ? littleWord<std::uint32_t>(at) : littleWord<std::uint64_t>(at);
    }
};

// Two string_views, &str and &str, a slot of Go's newer maps; two Strings, in a tuple or a HashMap;
// two std::strings (which have room for 16 bytes in them on either machine); eight names and then
// eight values: a bucket of Go's older maps; eleven of each: a node of a BTreeMap.
constexpr Machine wide {8,
                        {0x10000, 0x7fffffffffff}, // none has its highest bits set
                        {{{16, true}, {24, false}, {32, false}, {128, true}, {264, true}}},
                        32,
                        40};
constexpr Machine narrow {4,
                          {0x10000, 0xffffffff},
                          {{{8, true}, {12, false}, {24, false}, {64, true}, {132, true}}},
                          24,
                          28}; // of i386, where 64 bits stand at any word

/// A string that may be a name's, by the place of its pointer.
struct NamePlace {
    std::uint64_t place = 0;
    TextPlace text;
};

constexpr WordRange nameLengths {shortestTableName, longestTableName};

/// Whether all of a text is saved and prints.
bool prints(const MemoryReader& memory, const TextPlace& place)
{
    if (!mayBeTableValue(place.size))
        return false;
    SecretBytes text(static_cast<std::size_t>(place.size));
    return memory.read(place.address, text) && isWritten(text);
}

/// The text of the string whose pointer stands at `place`: a length follows, or, in Rust's order
/// of some versions, a capacity and then the length.
std::optional<TextPlace> textAt(const MemoryReader& memory, const Machine& machine,
                                std::uint64_t place)
{
    std::array<std::uint8_t, 24> bytes {}; // the last word is zero where the memory ends before it
    const auto words = MutableByteView(bytes).first(3 * machine.word);
    if (!memory.read(place, words) && !memory.read(place, words.first(2 * machine.word)))
        return std::nullopt;
    const std::uint64_t address = machine.wordAt(bytes.data());
    const std::uint64_t first = machine.wordAt(bytes.data() + machine.word);
    const std::uint64_t second = machine.wordAt(bytes.data() + 2 * machine.word);
    if (const TextPlace text {address, first}; prints(memory, text))
        return text;
    const TextPlace text {address, second};
    return second < first && prints(memory, text) ? std::optional(text) : std::nullopt;
}

struct Name {
    const RuleInfo* rule = nullptr;
    std::string text;
};

using TextKey = std::pair<std::uint64_t, std::uint64_t>; ///< where a text stands, and its length

/// Which of the texts name something secret. Objects of other kinds look like strings, thousands
/// of them with the same pointer.
std::map<TextKey, Name> namesAmong(const std::vector<NamePlace>& places, const WalkContext& context)
{
    std::vector<TextKey> texts;
    texts.reserve(places.size());
    for (const NamePlace& place : places)
        texts.emplace_back(place.text.address, place.text.size);
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    const MemoryReader memory(context.source, context.memory);
    TextPages pages(memory);
    std::map<TextKey, Name> names;
    for (const auto& [address, size] : texts) {
        if (context.control.cancelled())
            break;
        const auto bytes = pages.at({address, size});
        if (!bytes || !mayBeginTableName(bytes->front()) || !mayEndTableName(bytes->back())
            || !std::all_of(bytes->begin(), bytes->end(), isTableNameByte))
            continue;
        if (const RuleInfo* rule = tableRuleFor(asText(*bytes)))
            names.try_emplace({address, size}, Name {rule, std::string(asText(*bytes))});
    }
    return names;
}

/// Gathers pointers with the length of a name behind, which have such a pair of a value at one of
/// the distances. There may be millions: whenever many are together, those stay whose text is a
/// name.
class NameRound : public WalkRound {
public:
    NameRound(const WalkContext& context, const Machine& machine)
        : m_context(context)
        , m_machine(machine)
    {
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        constexpr std::size_t together = 64;
        const RangeKernel mayBegin = rangeKernels().back().kernel;
        const std::size_t word = m_machine.word;
        const ByteView bytes = window.bytes;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), 2 * word - 1));
        std::size_t at = alignedFresh(window, word);
        while (at < end) {
            if (word == 8 && at + together <= end)
                at += mayBegin(m_machine.addresses, nameLengths, bytes.data() + at, 0,
                               end - at - together + 1);
            for (const std::size_t stop = std::min(end, at + together); at < stop; at += word)
                lookAtPair(window, at);
        }
    }

    void join(WalkRound& other) override
    {
        auto& that = static_cast<NameRound&>(other);
        that.settle();
        for (auto& [place, name] : that.m_names)
            keep(place, std::move(name));
    }

    /// By the place of the pointer.
    const std::map<std::uint64_t, Name>& names()
    {
        settle();
        return m_names;
    }

private:
    static constexpr std::size_t mostPending = std::size_t {1} << 17;

    void lookAtPair(const Window& window, std::size_t at)
    {
        const ByteView bytes = window.bytes;
        const TextPlace text {m_machine.wordAt(bytes.data() + at),
                              m_machine.wordAt(bytes.data() + at + m_machine.word)};
        if (!nameLengths.holds(text.size) || !m_machine.addresses.holds(text.address))
            return;
        if (std::none_of(
                m_machine.distances.begin(), m_machine.distances.end(),
                [&](const Distance& distance) { return mayBeValue(bytes, at + distance.bytes); })
            && !mayBeJson(bytes, at) && !mayBeAny(bytes, at))
            return;
        m_pending.push_back({*window.address + at, text});
        if (m_pending.size() == mostPending)
            settle();
    }

    bool isAddress(ByteView bytes, std::size_t at) const
    {
        return at + m_machine.word <= bytes.size()
            && m_machine.addresses.holds(m_machine.wordAt(bytes.data() + at));
    }

    /// An address, and the length of a value behind it or behind a capacity.
    bool mayBeValue(ByteView bytes, std::size_t at) const
    {
        const std::size_t word = m_machine.word;
        const auto mayBeLength = [&](std::size_t place) {
            return place + word <= bytes.size()
                && mayBeTableValue(m_machine.wordAt(bytes.data() + place));
        };
        return isAddress(bytes, at) && (mayBeLength(at + word) || mayBeLength(at + 2 * word));
    }

    bool mayBeJson(ByteView bytes, std::size_t at) const
    {
        return isAddress(bytes, at + m_machine.toJsonPointer)
            && bytes[at + m_machine.toJsonKind] == jsonString;
    }

    bool mayBeAny(ByteView bytes, std::size_t at) const
    {
        const std::size_t word = m_machine.word;
        return std::any_of(toAny.begin(), toAny.end(), [&](std::size_t distance) {
            return at + distance + 2 * word <= bytes.size()
                && goHeap.holds(m_machine.wordAt(bytes.data() + at + distance + word));
        });
    }

    void settle()
    {
        const auto names = namesAmong(m_pending, m_context);
        for (const NamePlace& one : m_pending)
            if (const auto name = names.find({one.text.address, one.text.size});
                name != names.end())
                keep(one.place, name->second);
        m_pending.clear();
    }

    void keep(std::uint64_t place, Name name)
    {
        m_names.emplace(place, std::move(name));
        keepFirst(m_names, mostNames);
    }

    const WalkContext& m_context;
    const Machine& m_machine;
    std::vector<NamePlace> m_pending;
    std::map<std::uint64_t, Name> m_names;
};

class StringPairWalk : public Walk {
public:
    explicit StringPairWalk(const Machine& machine)
        : m_machine(machine)
    {
    }

    void begin(const WalkContext& context) override { m_context = &context; }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_done ? nullptr : std::make_unique<NameRound>(*m_context, m_machine);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_done = true;
        for (const auto& [place, name] : static_cast<NameRound&>(gathered).names()) {
            if (context.control.cancelled())
                break;
            lookBehind(place, name, context, sink);
        }
        return {};
    }

private:
    void lookBehind(std::uint64_t place, const Name& name, const WalkContext& context,
                    MatchSink& sink) const
    {
        const MemoryReader memory(context.source, context.memory);
        const auto tell = [&](const TextPlace& value) {
            tellTableValue(context, value, *name.rule, name.text, runtime, sink);
        };
        for (const Distance& distance : m_machine.distances)
            if (const auto value = textAt(memory, m_machine, place + distance.bytes))
                if (!distance.betweenNames || !isName(memory, *value))
                    tell(*value);
        for (const std::size_t distance : toAny) {
            std::array<std::uint8_t, 8> pointer {};
            if (!memory.read(place + distance + m_machine.word,
                             MutableByteView(pointer).first(m_machine.word)))
                continue;
            const std::uint64_t string = m_machine.wordAt(pointer.data());
            if (!goHeap.holds(string))
                continue;
            if (const auto value = textAt(memory, m_machine, string))
                tell(*value);
        }
        std::array<std::uint8_t, 16> json {};
        const std::size_t toPointer = m_machine.toJsonPointer - m_machine.toJsonKind;
        const auto upToPointer = MutableByteView(json).first(toPointer + m_machine.word);
        if (!memory.read(place + m_machine.toJsonKind, upToPointer) || json[0] != jsonString)
            return;
        if (const auto value = textAt(memory, m_machine, m_machine.wordAt(&json[toPointer])))
            tell(*value);
    }

    static bool isName(const MemoryReader& memory, const TextPlace& place)
    {
        SecretBytes text(static_cast<std::size_t>(place.size));
        return memory.read(place.address, text) && isIdentifier(asText(text));
    }

    static constexpr std::string_view runtime = "C++, Rust or Go";

    const Machine& m_machine;
    const WalkContext* m_context = nullptr;
    bool m_done = false;
};

std::unique_ptr<Walk> newStringPairWalk(const Dump& dump)
{
    if (dump.order != ByteOrder::Little)
        return nullptr;
    return std::make_unique<StringPairWalk>(dump.wordSize == 4 ? narrow : wide);
}

} // namespace

extern const Detector stringpairsDetector;
const Detector stringpairsDetector {"stringpairs", tableRules, 0,
                                    nullptr,       false,      newStringPairWalk};

} // namespace coredact
