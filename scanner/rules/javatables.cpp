// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the maps of Java programs. Entries of Properties, HashMap, ConcurrentHashMap and their
// kin hold the hash of the name, which the name's text gives, and refer to both strings. Those of
// TreeMap and Map.of, and objects that hold a name and a value, have the two references side by
// side; so the strings of the names are looked for, and what refers to them.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/hotspot.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace coredact {

namespace {

constexpr std::size_t mostEntries = std::size_t {1} << 15;

// HotSpot with compressed references to classes. An object is its mark, its class and its fields;
// an array has its length before its items.
constexpr std::size_t classAt = 8;
constexpr std::size_t lengthAt = 12;
constexpr std::size_t arrayHeader = 16;
constexpr std::size_t stringSize = 32;

/// How references are, and where a string has its text and what says how wide that is.
struct Shape {
    hotspot::References references;
    std::size_t textAt = 0;
    std::size_t coderAt = 0;

    /// The first reference of an object.
    std::size_t firstFieldAt() const { return references.size == 4 ? 12 : 16; }
};

std::vector<Shape> everyShape()
{
    std::vector<Shape> shapes;
    for (const hotspot::References& references : hotspot::everyReferences) {
        shapes.push_back({references, hotspot::stringValueAt(references), hotspot::stringCoderAt});
        if (references.size == 4)
            shapes.push_back({references, 12, 20}); // before Java 15
    }
    return shapes;
}

std::uint32_t halfAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

/// String.hashCode.
std::uint32_t hashOf(std::string_view text)
{
    std::uint32_t hash = 0;
    for (const char c : text)
        hash = hash * 31 + static_cast<std::uint8_t>(c);
    return hash;
}

/// The hash that an entry holds: in a Hashtable, a HashMap, a ConcurrentHashMap.
std::array<std::uint32_t, 3> entryHashes(std::string_view text)
{
    const std::uint32_t hash = hashOf(text);
    const std::uint32_t spread = hash ^ hash >> 16;
    return {hash, spread, spread & 0x7fffffff};
}

using Names = std::map<std::uint64_t, TableName>; ///< by the address of the array that is its text

/// Gathers the texts that name something secret, one byte for each character (since Java 9).
class NameRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        if (!window.address)
            return;
        constexpr std::size_t needed = arrayHeader + longestTableName;
        const std::size_t end = std::min(
            window.freshEnd, window.bytes.size() - std::min(window.bytes.size(), needed));
        for (std::size_t at = alignedFresh(window, 8); at < end; at += 8) {
            const std::uint64_t size = halfAt(window.bytes, at + lengthAt);
            if (size - shortestTableName <= longestTableName - shortestTableName
                && mayBeginTableName(window.bytes[at + arrayHeader]) && (window.bytes[at] & 3) == 1
                && halfAt(window.bytes, at + classAt) != 0)
                names.look(*window.address + at,
                           window.bytes.subspan(at + arrayHeader, static_cast<std::size_t>(size)));
        }
    }

    void join(WalkRound& other) override { names.join(static_cast<NameRound&>(other).names); }

    bool hasLeftOut() const override { return leftOut() || names.leftOut(); }

    TableNames names;
};

/// What stands behind a hash in an entry: references to name and value.
struct Entry {
    std::uint64_t place = 0; ///< in memory, of the references; orders them
    std::uint32_t hash = 0;
    std::array<std::uint32_t, 2> halves {}; ///< two references, or one of full size

    auto operator<=>(const Entry&) const = default;
};

/// The references that may lead to an address; of full ones the lower half, which comes first.
std::set<std::uint32_t> referencesTo(std::uint64_t address)
{
    std::set<std::uint32_t> halves;
    for (const hotspot::References& references : hotspot::everyReferences)
        if (references.size == 8 || address >> references.shift <= 0xffffffff)
            halves.insert(static_cast<std::uint32_t>(address >> references.shift));
    return halves;
}

/// Half words to look for, and what each stands for.
template <typename Meaning> class HalfWords {
public:
    void add(std::uint32_t half, Meaning meaning)
    {
        m_meanings.emplace(half, meaning);
        m_filter[placeOf(half)] = true;
    }
    bool mayHold(std::uint32_t half) const { return m_filter[placeOf(half)]; }
    auto of(std::uint32_t half) const { return m_meanings.equal_range(half); }
    /// Calls `found` with the position and the value of each fresh one of memory that may be held
    /// and from which on `size` bytes can be read.
    template <typename Found>
    void forEachIn(const Window& window, std::size_t size, Found found) const
    {
        if (!window.address)
            return;
        const ByteView bytes = window.bytes;
        const std::size_t end = std::min(
            window.freshEnd, bytes.size() - std::min<std::size_t>(bytes.size(), size - 1));
        for (std::size_t at = alignedFresh(window, 4); at < end; at += 4)
            if (const std::uint32_t half = halfAt(bytes, at); mayHold(half))
                found(at, half);
    }

private:
    static constexpr unsigned filterBits = 16;
    static std::size_t placeOf(std::uint32_t half)
    {
        return half % (std::size_t {1} << filterBits);
    }

    std::multimap<std::uint32_t, Meaning> m_meanings;
    std::vector<bool> m_filter = std::vector<bool>(std::size_t {1} << filterBits);
};

/// Gathers what may be entries, by the hashes of the names; and what may be the strings of these.
class EntryRound : public WalkRound {
public:
    explicit EntryRound(const Names& names)
    {
        std::set<std::uint32_t> hashes; // a name may stand in thousands of places
        for (const auto& [address, name] : names) {
            for (const std::uint32_t hash : entryHashes(name.text))
                if (hashes.insert(hash).second)
                    m_halves.add(hash, 0);
            for (const std::uint32_t reference : referencesTo(address))
                m_halves.add(reference, address);
        }
    }

    void look(const Window& window) override
    {
        m_halves.forEachIn(window, 12, [&](std::size_t at, std::uint32_t half) {
            lookAtHalf(*window.address + at, half, window.bytes.subspan(at));
        });
    }

    void join(WalkRound& other) override
    {
        for (const Entry& entry : static_cast<EntryRound&>(other).entries)
            keep(entry);
        strings.merge(static_cast<EntryRound&>(other).strings);
        keepFirst(strings, mostEntries);
    }

    std::set<Entry> entries;
    std::map<std::uint64_t, std::uint64_t> strings; ///< and the array that is the text of each

private:
    void lookAtHalf(std::uint64_t place, std::uint32_t half, ByteView bytes)
    {
        const auto [begin, end] = m_halves.of(half);
        for (auto it = begin; it != end; ++it) {
            if (it->second == 0) {
                keep({place + 4, half, {halfAt(bytes, 4), halfAt(bytes, 8)}});
                continue;
            }
            for (const Shape& shape : m_shapes)
                if (place > shape.textAt && (place - shape.textAt) % 8 == 0
                    && shape.references.at(bytes, 0) == it->second)
                    strings.emplace(place - shape.textAt, it->second);
            keepFirst(strings, mostEntries);
        }
    }

    void keep(const Entry& entry)
    {
        if (entry.halves[0] == 0 || entry.halves[1] == 0)
            return;
        entries.insert(entry);
        keepFirst(entries, mostEntries);
    }

    const std::vector<Shape> m_shapes = everyShape();
    HalfWords<std::uint64_t> m_halves; ///< hashes with 0, references with the array's address
};

using Strings = std::map<std::uint64_t, std::uint64_t>;

/// Gathers references to the strings of names that have another reference behind.
class PairRound : public WalkRound {
public:
    explicit PairRound(const Strings& strings)
    {
        for (const auto& [address, text] : strings)
            for (const std::uint32_t reference : referencesTo(address))
                m_halves.add(reference, address);
    }

    void look(const Window& window) override
    {
        m_halves.forEachIn(window, 8, [&](std::size_t at, std::uint32_t half) {
            const auto [first, last] = m_halves.of(half);
            if (at >= 4 && first != last)
                keep({*window.address + at,
                      halfAt(window.bytes, at - 4),
                      {half, halfAt(window.bytes, at + 4)}});
        });
    }

    void join(WalkRound& other) override
    {
        for (const Entry& entry : static_cast<PairRound&>(other).pairs)
            keep(entry);
    }

    std::set<Entry> pairs; ///< with what stands before as the hash

private:
    void keep(const Entry& entry)
    {
        if (entry.halves[1] == 0)
            return;
        pairs.insert(entry);
        keepFirst(pairs, mostEntries);
    }

    HalfWords<std::uint64_t> m_halves;
};

class JavaWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>();
        if (m_round == 1 && !m_names.empty())
            return std::make_unique<EntryRound>(m_names);
        if (m_round == 2 && !m_strings.empty())
            return std::make_unique<PairRound>(m_strings);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_round++) {
        case 0:
            m_names = static_cast<NameRound&>(gathered).names.all();
            break;
        case 1:
            m_strings = std::move(static_cast<EntryRound&>(gathered).strings);
            lookAtEntries(static_cast<EntryRound&>(gathered).entries, Told::ByHash, context, sink);
            break;
        default:
            lookAtEntries(static_cast<PairRound&>(gathered).pairs, Told::ByPlace, context, sink);
        }
        return {};
    }

private:
    enum class Told { ByHash, ByPlace };

    void lookAtEntries(const std::set<Entry>& entries, Told told, const WalkContext& context,
                       MatchSink& sink) const
    {
        for (const Entry& entry : entries) {
            if (context.control.cancelled())
                break;
            for (const Shape& shape : m_shapes)
                lookAtEntry(entry, told, shape, context, sink);
        }
    }

    using String = std::array<std::uint8_t, stringSize>;

    static bool isName(const MemoryReader& memory, std::uint64_t address, std::uint64_t size)
    {
        SecretBytes text(
            static_cast<std::size_t>(std::min(size, std::uint64_t {longestTableValue})));
        return memory.read(address, text) && isIdentifier(asText(text))
            && std::none_of(text.begin(), text.end(),
                            [](std::uint8_t byte) { return byte >= '0' && byte <= '9'; });
    }

    static bool readString(const MemoryReader& memory, std::uint64_t address, const Shape& shape,
                           String& to)
    {
        const std::size_t end = shape.textAt + shape.references.size;
        return memory.read(address, std::span(to).first(std::max(end, shape.coderAt + 4)));
    }

    /// The addresses of name and value.
    static std::optional<std::array<std::uint64_t, 2>>
    pairOf(const Entry& entry, const hotspot::References& references, const MemoryReader& memory)
    {
        std::array<std::uint8_t, std::size_t {2} * 8> bytes {};
        if (!memory.read(entry.place, std::span(bytes).first(2 * references.size)))
            return std::nullopt;
        return std::array {references.at(bytes, 0), references.at(bytes, references.size)};
    }

    /// An entry whose name is a string with this text, where references and strings are so.
    /// By its place alone a name beside another one is none with its value.
    void lookAtEntry(const Entry& entry, Told told, const Shape& shape, const WalkContext& context,
                     MatchSink& sink) const
    {
        const MemoryReader memory(context.source, context.memory);
        const auto pair = pairOf(entry, shape.references, memory);
        String string {};
        if (!pair || !readString(memory, (*pair)[0], shape, string))
            return;
        const auto name = m_names.find(shape.references.at(string, shape.textAt));
        if (name == m_names.end())
            return;
        const auto hashes = entryHashes(name->second.text);
        const bool hasHash = std::find(hashes.begin(), hashes.end(), entry.hash) != hashes.end();
        if (hasHash != (told == Told::ByHash))
            return;
        const std::uint32_t type = halfAt(string, classAt);
        const std::uint64_t nameText = shape.references.at(string, shape.textAt);
        if (!readString(memory, (*pair)[1], shape, string))
            return;
        std::array<std::uint8_t, arrayHeader> array {};
        if (memory.read(nameText, array) && halfAt(string, classAt) == halfAt(array, classAt)) {
            // Beside names stand arrays of all kinds of text.
            if (told == Told::ByHash)
                tellTableValue(
                    context, {(*pair)[1] + arrayHeader, halfAt(string, lengthAt), std::size_t {1}},
                    *name->second.rule, name->second.text, "Java", sink);
            return;
        }
        // Spring keeps with each value where it comes from.
        if (halfAt(string, classAt) != type
            && !readString(memory, shape.references.at(string, shape.firstFieldAt()), shape,
                           string))
            return;
        const std::uint64_t text = shape.references.at(string, shape.textAt);
        if (halfAt(string, classAt) != type || !memory.read(text, array))
            return;
        if (told == Told::ByPlace && isName(memory, text + arrayHeader, halfAt(array, lengthAt)))
            return;
        tellTableValue(context,
                       {text + arrayHeader, halfAt(array, lengthAt),
                        string[shape.coderAt] == 1 ? std::size_t {2} : std::size_t {1}},
                       *name->second.rule, name->second.text, "Java", sink);
    }

    const std::vector<Shape> m_shapes = everyShape();
    int m_round = 0;
    Names m_names;
    Strings m_strings;
};

std::unique_ptr<Walk> newJavaWalk(const Dump& dump)
{
    return hotspot::isIn(dump) ? std::make_unique<JavaWalk>() : nullptr;
}

} // namespace

extern const Detector javatablesDetector;
const Detector javatablesDetector {"javatables", tableRules, 0, nullptr, false, newJavaWalk};

} // namespace coredact
