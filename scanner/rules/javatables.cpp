// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the maps of Java programs (Properties, HashMap, ConcurrentHashMap and their kin): an
// entry holds the hash of its name, which the name's text gives, and points at both strings.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/hotspot.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostEntries = std::size_t {1} << 15;

// HotSpot with compressed references, as it is for heaps below 32 GB. An object is its mark, its
// class and its fields; an array has its length before its items.
constexpr std::size_t classAt = 8;
constexpr std::size_t lengthAt = 12;
constexpr std::size_t arrayHeader = 16;
constexpr std::size_t firstFieldAt = 12;
constexpr std::size_t stringSize = 24;
constexpr std::array<std::size_t, 2> stringFields {20, 12}; ///< its text: since Java 15, before
constexpr std::array<unsigned, 2> shifts {0, 3}; ///< of references, by where the heap is

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
    std::uint64_t place = 0; ///< in memory; orders them
    std::uint32_t hash = 0;
    std::uint32_t name = 0;
    std::uint32_t value = 0;

    auto operator<=>(const Entry&) const = default;
};

/// Gathers what may be entries, by the hashes of the names.
class EntryRound : public WalkRound {
public:
    explicit EntryRound(const Names& names)
        : m_filter(std::size_t {1} << filterBits)
    {
        for (const auto& [address, name] : names)
            for (const std::uint32_t hash : entryHashes(name.text)) {
                m_hashes.insert(hash);
                m_filter[filterPlace(hash)] = true;
            }
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const ByteView bytes = window.bytes;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min<std::size_t>(bytes.size(), 11));
        for (std::size_t at = alignedFresh(window, 4); at < end; at += 4) {
            const std::uint32_t hash = halfAt(bytes, at);
            if (m_filter[filterPlace(hash)] && m_hashes.contains(hash))
                keep({*window.address + at, hash, halfAt(bytes, at + 4), halfAt(bytes, at + 8)});
        }
    }

    void join(WalkRound& other) override
    {
        for (const Entry& entry : static_cast<EntryRound&>(other).entries)
            keep(entry);
    }

    std::set<Entry> entries;

private:
    static constexpr unsigned filterBits = 16;

    static std::size_t filterPlace(std::uint32_t hash)
    {
        return hash % (std::size_t {1} << filterBits);
    }

    void keep(const Entry& entry)
    {
        if (entry.name == 0 || entry.value == 0)
            return;
        entries.insert(entry);
        keepFirst(entries, mostEntries);
    }

    std::set<std::uint32_t> m_hashes;
    std::vector<bool> m_filter;
};

class JavaWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>();
        if (m_round == 1 && !m_names.empty())
            return std::make_unique<EntryRound>(m_names);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_round++ == 0) {
            m_names = static_cast<NameRound&>(gathered).names.all();
            return {};
        }
        for (const Entry& entry : static_cast<EntryRound&>(gathered).entries) {
            if (context.control.cancelled())
                break;
            for (const unsigned shift : shifts)
                for (const std::size_t field : stringFields)
                    lookAtEntry(entry, shift, field, context, sink);
        }
        return {};
    }

private:
    using String = std::array<std::uint8_t, stringSize>;

    /// Bytes of a character: what follows a string's text, or its hash, says whether it is Latin-1.
    static std::size_t widthOf(const String& string, std::size_t field)
    {
        return string[field == stringFields[0] ? 16 : 20] == 1 ? 2 : 1;
    }

    /// An entry whose name is a string with this text, where references and strings are so.
    void lookAtEntry(const Entry& entry, unsigned shift, std::size_t field,
                     const WalkContext& context, MatchSink& sink) const
    {
        const MemoryReader memory(context.source, context.memory);
        const auto addressOf
            = [&](std::uint32_t reference) { return std::uint64_t {reference} << shift; };
        String string {};
        if (!memory.read(addressOf(entry.name), string))
            return;
        const auto name = m_names.find(addressOf(halfAt(string, field)));
        if (name == m_names.end())
            return;
        const auto hashes = entryHashes(name->second.text);
        if (std::find(hashes.begin(), hashes.end(), entry.hash) == hashes.end())
            return;
        const std::uint32_t type = halfAt(string, classAt);
        if (!memory.read(addressOf(entry.value), string))
            return;
        // Spring keeps with each value where it comes from.
        if (halfAt(string, classAt) != type
            && !memory.read(addressOf(halfAt(string, firstFieldAt)), string))
            return;
        std::array<std::uint8_t, arrayHeader> array {};
        const std::uint64_t text = addressOf(halfAt(string, field));
        if (halfAt(string, classAt) != type || !memory.read(text, array))
            return;
        tellTableValue(context,
                       {text + arrayHeader, halfAt(array, lengthAt), widthOf(string, field)},
                       *name->second.rule, name->second.text, "Java", sink);
    }

    int m_round = 0;
    Names m_names;
};

std::unique_ptr<Walk> newJavaWalk(const Dump& dump)
{
    return hotspot::isIn(dump) ? std::make_unique<JavaWalk>() : nullptr;
}

} // namespace

extern const Detector javatablesDetector;
const Detector javatablesDetector {"javatables", tableRules, 0, nullptr, false, newJavaWalk};

} // namespace coredact
