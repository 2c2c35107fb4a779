// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the objects of JavaScript programs (Node.js): the values of properties, and of entries
// of maps, whose names say so. Objects do not hold the names of their properties. Their map leads
// to these, and all maps name one map of maps, which is the only object that names itself; so maps
// are found by that one, and objects by their maps. Variables that functions share stand in
// contexts in the same way, whose names the scope has.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/addressfilter.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/keys/v8heap.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostNames = 4096;
constexpr std::size_t mostMaps = std::size_t {1} << 17;

using Names = std::map<std::uint64_t, TableName>; ///< by a reference to the string
using MapsOfMaps = std::map<std::uint64_t, bool>; ///< by a reference to each

/// Gathers the strings that name something secret, and the maps of maps.
class NameRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        if (!window.address)
            return;
        constexpr std::size_t needed = std::max(v8::textAt + longestTableName + 1, v8::mapSize);
        const ByteView bytes = window.bytes;
        const std::size_t end
            = std::min(window.freshEnd, bytes.size() - std::min(bytes.size(), needed));
        for (std::size_t at = alignedFresh(window, 8); at < end; at += 8) {
            const std::uint64_t own = *window.address + at;
            const auto map = littleWord<std::uint64_t>(bytes.data() + at);
            if (!v8::isReference(map))
                continue;
            if (map == (own | v8::mark))
                lookAtMap(own, bytes.subspan(at));
            const auto size = littleWord<std::uint32_t>(bytes.data() + at + 12);
            if (size - shortestTableName <= longestTableName - shortestTableName)
                lookAtText(own, bytes.subspan(at + v8::textAt, size));
        }
    }

    void join(WalkRound& other) override
    {
        names.join(static_cast<NameRound&>(other).names);
        mapsOfMaps.merge(static_cast<NameRound&>(other).mapsOfMaps);
        keepFirst(mapsOfMaps, mostNames);
    }

    bool hasLeftOut() const override { return leftOut() || names.leftOut(); }

    TableNames names;
    MapsOfMaps mapsOfMaps;

private:
    void lookAtMap(std::uint64_t address, ByteView bytes)
    {
        if (v8::isMapOfMaps(bytes, address))
            mapsOfMaps.emplace(address | v8::mark, true);
        keepFirst(mapsOfMaps, mostNames);
    }

    void lookAtText(std::uint64_t address, ByteView text)
    {
        constexpr std::uint8_t ofPrivateField = '#';
        names.look(address | v8::mark, text[0] == ofPrivateField ? text.subspan(1) : text);
    }
};

/// References to a name, and to its value.
using Entry = std::pair<std::uint64_t, std::uint64_t>;
struct Entries : FirstOnes<Entry> {
    Entries()
        : FirstOnes(mostPointers)
    {
    }
};
using Maps = std::map<std::uint64_t, v8::ObjectMap>; ///< by their address
using Symbols = std::map<std::uint64_t, std::uint64_t>; ///< names, by a reference to the symbol

/// A variable of a scope: its number among those in a context, and a reference to its name.
using Variable = std::pair<std::uint32_t, std::uint64_t>;
using Scopes = std::map<std::uint64_t, std::set<Variable>>; ///< by a reference to each

/// Gathers all maps; and of what points at the names, entries of maps, symbols and scopes.
class MapRound : public WalkRound {
public:
    MapRound(const Names& names, const MapsOfMaps& mapsOfMaps)
        : m_names(names)
        , m_mapsOfMaps(mapsOfMaps)
        , m_nameFilter(addressesOf(names))
        , m_mapFilter(addressesOf(mapsOfMaps))
    {
    }

    void look(const Window& window) override
    {
        const auto mapFound = [&](std::size_t at, std::uint64_t word) {
            if (m_mapsOfMaps.contains(word) && window.bytes.size() - at >= v8::mapSize)
                if (const auto map = v8::objectMapIn(window.bytes.subspan(at)))
                    keep(*window.address + at, *map);
        };
        const auto nameFound = [&](std::size_t at, std::uint64_t word) {
            if (m_names.contains(word))
                lookAtPointer(window, at, word);
        };
        forEachWord(window, m_mapFilter, mapFound);
        forEachWord(window, m_nameFilter, nameFound);
    }

    void join(WalkRound& other) override
    {
        auto& one = static_cast<MapRound&>(other);
        for (const auto& [address, map] : one.maps)
            keep(address, map);
        entries.join(one.entries);
        mayBeNeighbours.join(one.mayBeNeighbours);
        symbols.merge(one.symbols);
        keepFirst(symbols, mostNames);
        for (const auto& [scope, variables] : one.scopes)
            for (const Variable& variable : variables)
                keepVariable(scope, variable);
    }

    bool hasLeftOut() const override
    {
        return leftOut() || entries.leftOut() || mayBeNeighbours.leftOut();
    }

    Maps maps;
    Entries entries;
    /// Entries, or neighbours in V8's own table of names and constants, in which 0 and 1 say that a
    /// place is free.
    Entries mayBeNeighbours;
    Symbols symbols;
    Scopes scopes;

private:
    /// An entry is its name, its value and a small number; a symbol its map, hash, flags and name.
    void lookAtPointer(const Window& window, std::size_t at, std::uint64_t name)
    {
        constexpr std::size_t inSymbol = 16;
        const auto wordAt = [&](std::size_t position) {
            return littleWord<std::uint64_t>(window.bytes.data() + position);
        };
        if (window.bytes.size() - at >= 24 && v8::isReference(wordAt(at + 8))
            && v8::isNumber(wordAt(at + 16)))
            (wordAt(at + 16) >> 32 > 1 ? entries : mayBeNeighbours).add({name, wordAt(at + 8)});
        if (at >= inSymbol && v8::isReference(wordAt(at - inSymbol)))
            symbols.emplace((*window.address + at - inSymbol) | v8::mark, name);
        keepFirst(symbols, mostNames);
        const ByteView before = window.bytes.first(at);
        if (window.bytes.size() - at >= 16 && v8::isPairOf(before, wordAt(at + 8)))
            entries.add({name, wordAt(at + 8)});
        if (const auto number = v8::numberInScope(before))
            keepVariable((*window.address + at - v8::toScope(*number)) | v8::mark, {*number, name});
    }

    void keepVariable(std::uint64_t scope, const Variable& variable)
    {
        scopes[scope].insert(variable);
        keepFirst(scopes, mostNames);
    }

    void keep(std::uint64_t address, const v8::ObjectMap& map)
    {
        maps.emplace(address, map);
        keepFirst(maps, mostMaps);
    }

    const Names& m_names;
    const MapsOfMaps& m_mapsOfMaps;
    AddressFilter m_nameFilter;
    AddressFilter m_mapFilter;
};

/// A map whose objects have such properties.
struct NamedMap {
    v8::ObjectMap map;
    std::vector<v8::Property> properties; ///< by the reference to the string that is their name
};
using NamedMaps = std::map<std::uint64_t, NamedMap>; ///< by a reference to the map

class ObjectWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>();
        if (m_round == 1 && !m_names.empty() && !m_mapsOfMaps.empty())
            return std::make_unique<MapRound>(m_names, m_mapsOfMaps);
        if (m_round == 2 && !m_pointed.empty())
            return std::make_unique<PointerRound>(m_pointed);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_round++) {
        case 0:
            m_names = static_cast<NameRound&>(gathered).names.all();
            m_mapsOfMaps = std::move(static_cast<NameRound&>(gathered).mapsOfMaps);
            break;
        case 1:
            takeMaps(static_cast<MapRound&>(gathered), context);
            m_scopes = std::move(static_cast<MapRound&>(gathered).scopes);
            lookForObjects();
            tell(entriesOf(static_cast<MapRound&>(gathered), context), context, sink);
            break;
        default:
            Entries entries = entriesOf(static_cast<PointerRound&>(gathered), context);
            tell(entries, context, sink);
            if (entries.leftOut())
                leaveOut();
        }
        return {};
    }

private:
    void takeMaps(const MapRound& round, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        // Maps share descriptors, of which each takes the first ones.
        std::map<std::uint64_t, std::uint32_t> counts;
        for (const auto& [address, map] : round.maps) {
            std::uint32_t& count = counts[map.descriptors];
            count = std::max(count, map.count);
        }
        std::map<std::uint64_t, std::vector<v8::Property>> properties;
        for (const auto& [descriptors, count] : counts) {
            if (context.control.cancelled())
                return;
            auto named = namedOf(v8::propertiesOf(memory, descriptors, count), round.symbols);
            if (!named.empty())
                properties.emplace(descriptors, std::move(named));
        }
        for (const auto& [address, map] : round.maps)
            if (const auto it = properties.find(map.descriptors); it != properties.end())
                m_maps.emplace(address | v8::mark, NamedMap {map, it->second});
    }

    /// An object begins with a reference to its map; a context has one to its scope.
    void lookForObjects()
    {
        m_pointed = addressesOf(m_scopes);
        for (const auto& [map, named] : m_maps)
            m_pointed.push_back(map);
        std::sort(m_pointed.begin(), m_pointed.end());
        m_pointed.erase(std::unique(m_pointed.begin(), m_pointed.end()), m_pointed.end());
    }

    /// Those that name something secret.
    std::vector<v8::Property> namedOf(std::vector<v8::Property> properties,
                                      const Symbols& symbols) const
    {
        for (v8::Property& property : properties)
            if (const auto symbol = symbols.find(property.name); symbol != symbols.end())
                property.name = symbol->second;
        std::erase_if(properties, [&](const v8::Property& property) {
            return !m_names.contains(property.name);
        });
        return properties;
    }

    static Entries& entriesOf(MapRound& round, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const Entry& entry : round.mayBeNeighbours.all())
            if (!v8::isNameOrConstant(memory, entry.second))
                round.entries.add(entry);
        return round.entries;
    }

    Entries entriesOf(PointerRound& round, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        Entries entries;
        for (const auto& [address, reference] : round.pointers()) {
            if (context.control.cancelled())
                break;
            if (const auto map = m_maps.find(reference); map != m_maps.end())
                lookAtObject(memory, address, map->second, entries);
            else
                for (const auto& [number, name] : m_scopes.at(reference))
                    entries.add({name, v8::variableOf(memory, address, number)});
        }
        return entries;
    }

    static void lookAtObject(const MemoryReader& memory, std::uint64_t address,
                             const NamedMap& named, Entries& entries)
    {
        for (const v8::Property& property : named.properties) {
            if (property.place >= named.map.count)
                break; // of another map with the same names and more
            entries.add({property.name, v8::valueOf(memory, address, named.map, property.number)});
        }
    }

    void tell(Entries& entries, const WalkContext& context, MatchSink& sink) const
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [reference, value] : entries.all()) {
            if (context.control.cancelled())
                break;
            auto text = v8::textOf(memory, value, longestTableValue);
            if (!text)
                continue;
            std::vector<FileRange> places;
            for (const TextPlace& place : text->places)
                for (const FileRange& range : context.memory.fileRanges(place.address, place.size))
                    places.push_back(range);
            const TableName& name = m_names.at(reference);
            tellTableText(std::move(text->value), std::move(places), *name.rule, name.text,
                          "JavaScript", sink);
        }
    }

    int m_round = 0;
    Names m_names;
    MapsOfMaps m_mapsOfMaps;
    NamedMaps m_maps;
    Scopes m_scopes;
    SortedAddresses m_pointed;
};

/// Where it is not known what the process had loaded, there is little sense in looking.
std::unique_ptr<Walk> newObjectWalk(const Dump& dump)
{
    const bool hasV8 = std::any_of(dump.modules.begin(), dump.modules.end(), [](const Module& one) {
        return one.name.find("node") != std::string::npos;
    });
    if (!hasV8 || dump.order != ByteOrder::Little || dump.wordSize == 4)
        return nullptr;
    return std::make_unique<ObjectWalk>();
}

} // namespace

extern const Detector v8objectsDetector;
const Detector v8objectsDetector {"v8objects", tableRules, 0, nullptr, false, newObjectWalk};

} // namespace coredact
