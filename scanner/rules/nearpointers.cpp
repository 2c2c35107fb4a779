// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets beside their names in programs of any language. However a runtime lays out its tables,
// objects and strings, an entry that joins a name and a value has pointers to both, a few words
// from each other, and each leads to a text behind a header of a few words, the value's perhaps by
// one pointer more. Nothing proves that the two belong together: so only values are told that
// hardly are anything but secrets, in memory that the process could write. Of little-endian
// machines. Languages whose layouts are known have detectors of their own, which tell more.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/keys/constants.h"
#include "scanner/rules/keys/firstones.h"
#include "scanner/rules/keys/nametexts.h"
#include "scanner/rules/keys/structurewords.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/keys/textpages.h"
#include "scanner/rules/noise.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace coredact {

namespace {

constexpr std::size_t wordsAround = 4; ///< how far from the name's pointer the value's may be
constexpr std::size_t mostEntries = std::size_t {1} << 22; ///< that lead to what may be secrets
constexpr std::size_t mostPending = std::size_t {1} << 14;
/// What points at a name is looked for as a symbol or a string that others point at. Where there
/// are more for one name they are entries themselves, of many tables of one form.
constexpr std::size_t mostHolders = 4096;
constexpr std::size_t mostHoldersOfAll = std::size_t {1} << 18;
constexpr std::size_t wide = 2; ///< bytes of a character of UTF-16

/// What differs between machines of 64 and of 32 bits.
struct Machine {
    std::size_t word;
    std::size_t longestHeader; ///< of a string; R's
    std::uint64_t addressBits;
    /// Words from this one on have an address in their lower bits, and above them what kind of
    /// value is there: LuaJIT's.
    std::uint64_t kinds;

    std::uint64_t wordAt(const std::uint8_t* at) const
    {
        return word == 4 ? littleWord<std::uint32_t>(at) : littleWord<std::uint64_t>(at);
    }
    bool mayBeAddress(std::uint64_t number) const
    {
        constexpr std::uint64_t lowest = 0x10000;
        return number >= lowest && number <= addressBits;
    }
    /// Where the object begins that a pointer with a tag in its lowest bits is of.
    std::uint64_t beginOf(std::uint64_t pointer) const { return pointer & ~(word - 1); }
    std::size_t objectSize() const { return longestHeader + wide * longestTableValue + word; }
};

constexpr std::uint64_t noKinds = ~std::uint64_t {0};
constexpr std::uint64_t addressesOf64Bits = (std::uint64_t {1} << 47) - 1;
constexpr Machine of64Bits {8, 48, addressesOf64Bits, noKinds};
constexpr Machine of64BitsWithKinds {8, 48, addressesOf64Bits, 0xfff8ULL << 48};
constexpr Machine of32Bits {4, 28, 0xffffffff, noKinds};

using Names = std::map<std::uint64_t, NameTextRound::Name>;
/// Addresses that pointers are looked for to, and the name that each stands for.
using Targets = std::map<std::uint64_t, std::uint64_t>;

/// Tells of words which of them point at a target or at the header before one.
class TargetPointers {
public:
    TargetPointers(Targets targets, const Machine& machine)
        : m_machine(machine)
        , m_targets(std::move(targets))
        , m_first(m_targets.begin()->first - std::min(m_targets.begin()->first, reach()))
        , m_range(m_targets.rbegin()->first - m_first)
        , m_filter(std::bit_ceil(bitsEach * m_targets.size()))
    {
        for (const auto& [address, name] : m_targets)
            // By the distance: the addresses behind the last one begin anew.
            for (std::uint64_t before = 0; before <= std::min(address, reach());
                 before += m_machine.word)
                m_filter[filterPlace(address - before)] = true;
    }

    /// What words are that may point so, where none has a kind.
    WordRange range() const { return {m_first, m_first + m_range}; }

    /// The name that a word stands for, by the name's address.
    std::optional<std::uint64_t> nameOf(std::uint64_t pointer) const
    {
        if (pointer - m_first > m_range) {
            if (pointer < m_machine.kinds)
                return std::nullopt;
            pointer &= m_machine.addressBits;
        }
        return m_filter[filterPlace(pointer)] ? lookUp(pointer) : std::nullopt;
    }

private:
    static constexpr std::size_t bitsEach = 128;

    std::uint64_t reach() const { return m_machine.longestHeader; }
    std::size_t filterPlace(std::uint64_t address) const
    {
        return static_cast<std::size_t>(address / m_machine.word) & (m_filter.size() - 1);
    }
    std::optional<std::uint64_t> lookUp(std::uint64_t pointer) const
    {
        const std::uint64_t begin = m_machine.beginOf(pointer);
        const auto next = m_targets.lower_bound(begin);
        const bool isThere = next != m_targets.end() && next->first - begin <= reach()
            && (next->first >= pointer || next->first == begin);
        return isThere ? std::optional(next->second) : std::nullopt;
    }

    const Machine& m_machine;
    Targets m_targets;
    std::uint64_t m_first;
    std::uint64_t m_range;
    std::vector<bool> m_filter;
};

/// Characters of a text, and what stands behind them.
struct Characters {
    std::size_t count = 0;
    bool hasNul = false;
};

/// The text from `at` on, of characters of `width` bytes; none where it is short, long or goes on.
Characters charactersAt(ByteView bytes, std::size_t at, std::size_t width)
{
    const auto isZero = [&](std::size_t place) { return width == 1 || bytes[place + 1] == 0; };
    std::size_t end = at;
    while (end + width <= bytes.size() && bytes[end] > 0x20 && bytes[end] < 0x7f && isZero(end))
        end += width;
    const std::size_t count = (end - at) / width;
    if (end + width > bytes.size() || !mayBeTableValue(count))
        return {};
    return {count, bytes[end] == 0 && isZero(end)};
}

/// Whether one of the header's words, of 32 bits, may be the length of such a text; of one with a
/// NUL also how much room there is for it.
bool tellsLength(ByteView header, const Characters& text)
{
    constexpr std::size_t half = 4;
    const std::size_t most = text.count + (text.hasNul ? text.count + 2 * half : 0);
    for (std::size_t at = 0; at + half <= header.size(); at += half)
        if (const auto number = littleWord<std::uint32_t>(header.data() + at);
            number >= text.count && number <= most)
            return true;
    return false;
}

/// The text of an object whose bytes are `bytes` and of which `inside` is pointed at: it stands
/// there, or behind a header that has its length. Its address is the offset.
std::optional<TextPlace> textOf(ByteView bytes, std::size_t inside, const Machine& machine)
{
    if (const Characters text = charactersAt(bytes, inside, 1); text.hasNul)
        return TextPlace {inside, text.count, 1};
    constexpr std::size_t step = 4;
    for (std::size_t at = machine.word; at <= machine.longestHeader; at += step)
        for (const std::size_t width : {std::size_t {1}, wide})
            if (const Characters text = charactersAt(bytes, at, width); text.count != 0) {
                if (!tellsLength(bytes.first(at), text))
                    return std::nullopt;
                return TextPlace {at, text.count * width, width};
            }
    return std::nullopt;
}

/// Finds the texts that may be secrets where pointers lead. One for each thread.
class SecretTexts {
public:
    SecretTexts(const WalkContext& context, const Constants& constants, const Machine& machine)
        : m_context(context)
        , m_machine(machine)
        , m_constants(constants)
        , m_memory(context.source, context.memory)
        , m_pages(m_memory)
    {
    }

    /// The object that `pointer` leads to, if it is such a text, or those that it points at.
    std::vector<TextPlace> at(std::uint64_t pointer)
    {
        std::vector<TextPlace> found;
        const auto bytes = objectAt(pointer);
        if (!bytes || take(pointer, *bytes, found))
            return found;
        constexpr std::size_t mostFields = 8;
        const SecretBytes object(bytes->begin(), bytes->end());
        for (std::size_t i = 0; i < mostFields; ++i) {
            const std::uint64_t field
                = m_machine.wordAt(object.data() + i * m_machine.word) & m_machine.addressBits;
            if (!m_machine.mayBeAddress(field) || m_constants.hold(field))
                continue;
            if (const auto inner = objectAt(field))
                take(field, *inner, found);
        }
        return found;
    }

private:
    /// The object's bytes; those that are not saved are no text. Good until the next call.
    std::optional<ByteView> objectAt(std::uint64_t pointer)
    {
        constexpr std::uint8_t unsaved = 1;
        const std::uint64_t begin = m_machine.beginOf(pointer);
        if (const auto bytes = m_pages.at({begin, m_machine.objectSize()}))
            return bytes;
        m_object.assign(m_machine.objectSize(), unsaved);
        const auto saved = m_context.memory.read(m_context.source, begin, m_object);
        return saved.ok() && *saved > 0 ? std::optional<ByteView>(m_object) : std::nullopt;
    }

    /// Whether a text that is pointed at begins there and does not go on from what is before it.
    bool beginsAt(std::uint64_t address) const
    {
        std::array<std::uint8_t, 1> before {};
        if (!m_memory.read(address - 1, before))
            return true;
        constexpr std::string_view separators = "=:\"',";
        return before[0] <= 0x20 || before[0] >= 0x7f
            || separators.find(static_cast<char>(before[0])) != separators.npos;
    }

    bool take(std::uint64_t pointer, ByteView object, std::vector<TextPlace>& found) const
    {
        const std::uint64_t begin = m_machine.beginOf(pointer);
        auto place = textOf(object, static_cast<std::size_t>(pointer - begin), m_machine);
        if (!place)
            return false;
        const ByteView units = object.subspan(static_cast<std::size_t>(place->address),
                                              static_cast<std::size_t>(place->size));
        if (!isLikeNoOther(asText(tableValueOf({units.begin(), units.end()}, place->width, false))))
            return false;
        place->address += begin;
        if (place->address == pointer && !beginsAt(pointer))
            return false;
        found.push_back(*place);
        return true;
    }

    const WalkContext& m_context;
    const Machine& m_machine;
    const Constants& m_constants;
    MemoryReader m_memory;
    TextPages m_pages;
    SecretBytes m_object;
};

/// A pointer that stands near one to a target, and the name.
using Entry = std::pair<std::uint64_t, std::uint64_t>;

class NeighbourRound : public WalkRound {
public:
    NeighbourRound(const TargetPointers& targets, const WalkContext& context,
                   const Constants& constants, const Machine& machine)
        : m_targets(targets)
        , m_machine(machine)
        , m_constants(constants)
        , m_memory(context.memory)
        , m_texts(context, constants, machine)
    {
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        constexpr std::size_t together = 64;
        constexpr WordRange any {0, ~std::uint64_t {0}};
        const RangeKernel next = rangeKernels().back().kernel;
        const ByteView bytes = window.bytes;
        const std::size_t word = m_machine.word;
        const bool isFast = word == 8 && m_machine.kinds == noKinds;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), word - 1));
        const std::size_t fastEnd
            = isFast ? std::min(end, bytes.size() - std::min(bytes.size(), 2 * word - 1)) : 0;
        std::size_t at = alignedFresh(window, word);
        while (at < end) {
            if (at + together <= fastEnd)
                at += next(m_targets.range(), any, bytes.data() + at, 0,
                           fastEnd - at - together + 1);
            for (const std::size_t stop = std::min(end, at + together); at < stop; at += word)
                if (const auto name = m_targets.nameOf(m_machine.wordAt(bytes.data() + at))) {
                    holders[*name].add(*window.address + at);
                    lookAround(bytes, at, *name);
                }
        }
    }

    void join(WalkRound& other) override
    {
        auto& that = static_cast<NeighbourRound&>(other);
        that.settle();
        m_entries.join(that.m_entries);
        for (const auto& [name, places] : that.holders)
            holders[name].join(places);
    }

    /// Those that lead to what may be a secret.
    const std::vector<Entry>& entries()
    {
        settle();
        return m_entries.all();
    }

    bool hasLeftOut() const override { return m_entries.leftOut(); }

    /// Where pointers to one target stand, as long as there are few.
    struct Holders {
        std::size_t count = 0;
        std::vector<std::uint64_t> places;

        void add(std::uint64_t place)
        {
            if (++count <= mostHolders)
                places.push_back(place);
            else
                places.clear();
        }
        void join(const Holders& other)
        {
            count += other.count;
            places.insert(places.end(), other.places.begin(), other.places.end());
            if (count > mostHolders)
                places.clear();
        }
    };
    std::map<std::uint64_t, Holders> holders; ///< by the name

private:
    void lookAround(ByteView bytes, std::size_t at, std::uint64_t name)
    {
        const std::size_t word = m_machine.word;
        const std::size_t first = at - std::min(at / word, wordsAround) * word;
        const std::size_t last = std::min(at + wordsAround * word, bytes.size() - word);
        for (std::size_t near = first; near <= last; near += word) {
            const std::uint64_t value
                = m_machine.wordAt(bytes.data() + near) & m_machine.addressBits;
            if (near == at || !m_machine.mayBeAddress(value) || m_constants.hold(value)
                || !m_memory.segmentAt(value))
                continue;
            m_pending.insert({value, name});
            if (m_pending.size() == mostPending)
                settle();
        }
    }

    void settle()
    {
        for (const Entry& entry : m_pending)
            if (!m_texts.at(entry.first).empty())
                m_entries.add(entry);
        m_pending.clear();
    }

    const TargetPointers& m_targets;
    const Machine& m_machine;
    const Constants& m_constants;
    const AddressSpace& m_memory;
    SecretTexts m_texts;
    std::set<Entry> m_pending;
    FirstOnes<Entry> m_entries {mostEntries};
};

class NearPointerWalk : public Walk {
public:
    explicit NearPointerWalk(const Machine& machine)
        : m_machine(machine)
    {
    }

    void begin(const WalkContext& context) override
    {
        m_context = &context;
        m_constants.emplace(context.dump);
    }

    /// Names, what points at them, and what points at what does.
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameTextRound>();
        if (!m_targets)
            return nullptr;
        return std::make_unique<NeighbourRound>(*m_targets, *m_context, *m_constants, m_machine);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        constexpr int lastRound = 2;
        Targets next;
        if (m_round == 0) {
            m_names = std::move(static_cast<NameTextRound&>(gathered).names);
            for (const auto& [address, name] : m_names)
                next.emplace(address, address);
        } else {
            auto& found = static_cast<NeighbourRound&>(gathered);
            tell(found.entries(), context, sink);
            for (const auto& [name, holders] : found.holders)
                for (const std::uint64_t place : holders.places)
                    next.emplace(place, name);
            if (m_round < lastRound)
                keepFirst(next, mostHoldersOfAll);
        }
        m_targets.reset();
        if (m_round++ < lastRound && !next.empty())
            m_targets.emplace(std::move(next), m_machine);
        return {};
    }

private:
    void tell(const std::vector<Entry>& entries, const WalkContext& context, MatchSink& sink) const
    {
        SecretTexts texts(context, *m_constants, m_machine);
        for (const auto& [pointer, name] : entries) {
            if (context.control.cancelled())
                break;
            for (const TextPlace& place : texts.at(pointer))
                tell(place, m_names.at(name), context, sink);
        }
    }

    static void tell(const TextPlace& place, const NameTextRound::Name& name,
                     const WalkContext& context, MatchSink& sink)
    {
        SecretBytes units(static_cast<std::size_t>(place.size));
        if (!MemoryReader(context.source, context.memory).read(place.address, units))
            return;
        auto match = tableMatch(tableValueOf(std::move(units), place.width, false), *name.rule,
                                name.text, "beside its name");
        if (!match)
            return;
        match->confidence = Confidence::Possible;
        match->places = context.memory.fileRanges(place.address, place.size);
        sink.add(std::move(*match));
    }

    const Machine& m_machine;
    const WalkContext* m_context = nullptr;
    std::optional<Constants> m_constants;
    Names m_names;
    std::optional<TargetPointers> m_targets;
    int m_round = 0;
};

std::unique_ptr<Walk> newNearPointerWalk(const Dump& dump)
{
    if (dump.order != ByteOrder::Little)
        return nullptr;
    if (dump.wordSize == 4)
        return std::make_unique<NearPointerWalk>(of32Bits);
    const bool hasKinds = dump.modules.empty()
        || std::any_of(dump.modules.begin(), dump.modules.end(), [](const Module& module) {
                              return module.name.find("luajit") != std::string::npos;
                          });
    return std::make_unique<NearPointerWalk>(hasKinds ? of64BitsWithKinds : of64Bits);
}

} // namespace

extern const Detector nearpointersDetector;
const Detector nearpointersDetector {"nearpointers", tableRules, 0,
                                     nullptr,        false,      newNearPointerWalk};

} // namespace coredact
