// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the tables of programs: the settings that Python, PHP, Ruby, Perl and Lua keep as
// names and values. Neither stands beside the other in memory; an entry points at both. For the
// attributes of Python's objects not even that: names stand in keys that all objects of a class
// share, values in arrays of the objects; so the class and the objects are looked for as well.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/addressfilter.h"
#include "scanner/rules/keys/pythonattributes.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostNames = 4096;
constexpr std::size_t mostEntries = std::size_t {1} << 15;
constexpr std::size_t mostObjects = std::size_t {1} << 17;

/// A string that is the name of something secret.
struct Name {
    const TableLayout* layout = nullptr;
    const RuleInfo* rule = nullptr;
    std::string text;
    std::array<std::uint8_t, widestStringHeader> header {};
};

using Names = std::map<std::uint64_t, Name>; ///< by the address of the string

/// Gathers the strings that are such names.
class NameRound : public WalkRound {
public:
    explicit NameRound(std::span<const TableLayout* const> layouts)
        : m_layouts(layouts)
    {
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        for (const TableLayout* layout : m_layouts) {
            const std::size_t needed = layout->header + longestTableName + 1;
            const std::size_t end = std::min(
                window.freshEnd, window.bytes.size() - std::min(window.bytes.size(), needed));
            const KnownWord& sign = layout->sign;
            const std::uint8_t* bytes = window.bytes.data();
            for (std::size_t at = alignedFresh(window, 8); at < end; at += 8)
                if ((littleWord<std::uint64_t>(bytes + at + sign.at) & sign.mask) == sign.value
                    && mayBeginTableName(bytes[at + layout->header]))
                    lookAtString(window, at, *layout);
        }
    }

    void join(WalkRound& other) override
    {
        for (auto& [address, name] : static_cast<NameRound&>(other).names)
            keep(address, std::move(name));
    }

    Names names;

private:
    void lookAtString(const Window& window, std::size_t at, const TableLayout& layout)
    {
        const ByteView header = window.bytes.subspan(at, layout.header);
        const std::uint64_t size = layout.textSize(header);
        if (size < shortestTableName || size > longestTableName)
            return;
        const ByteView text
            = window.bytes.subspan(at + layout.header, static_cast<std::size_t>(size));
        if (text.data()[text.size()] != 0
            || !std::all_of(text.begin(), text.end(), isTableNameByte))
            return;
        const RuleInfo* rule = tableRuleFor(asText(text));
        if (!rule)
            return;
        Name name {&layout, rule, std::string(asText(text)), {}};
        std::copy(header.begin(), header.end(), name.header.begin());
        keep(*window.address + at, std::move(name));
    }

    void keep(std::uint64_t address, Name name)
    {
        names.emplace(address, std::move(name));
        keepFirst(names, mostNames);
    }

    std::span<const TableLayout* const> m_layouts;
};

/// The addresses of a value and of its name.
using Entry = std::pair<std::uint64_t, std::uint64_t>;

/// A value among the values of an object, and the address of its name.
struct Attribute {
    std::uint32_t number = 0;
    std::uint64_t name = 0;
    bool valuesAlone = false;

    auto operator<=>(const Attribute&) const = default;
};
/// A descriptor of `__slots__`, and the address of the name.
using Slot = std::pair<PythonSlot, std::uint64_t>;
using Symbols = std::map<std::uint64_t, std::uint64_t>; ///< the addresses of their names
using Attributes = std::map<std::uint64_t, std::set<Attribute>>; ///< by the address of the keys

/// Gathers the entries that point at the names.
class EntryRound : public WalkRound {
public:
    explicit EntryRound(const Names& names)
        : m_names(names)
        , m_filter(names)
    {
    }

    void look(const Window& window) override
    {
        forEachWord(window, m_filter, [&](std::size_t at, std::uint64_t address) {
            lookAtPointer(window, at, address);
        });
    }

    void join(WalkRound& other) override
    {
        for (const Entry& entry : static_cast<EntryRound&>(other).entries)
            keep(entry);
        for (const auto& [keys, shared] : static_cast<EntryRound&>(other).attributes)
            for (const Attribute& attribute : shared)
                keep(keys, attribute);
        for (const Slot& slot : static_cast<EntryRound&>(other).slots)
            keep(slot);
        for (const auto& [symbol, name] : static_cast<EntryRound&>(other).symbols)
            keep(symbol, name);
        properties.merge(static_cast<EntryRound&>(other).properties);
        keepFirst(properties, mostNames);
    }

    std::set<Entry> entries;
    Attributes attributes;
    std::set<Slot> slots;
    Symbols symbols;
    std::set<Entry> properties; ///< what classes say of them, and the names

private:
    static constexpr std::size_t entryReach = 32;

    void lookAtPointer(const Window& window, std::size_t at, std::uint64_t address)
    {
        const ByteView bytes = window.bytes;
        const auto it = m_names.find(address);
        if (it == m_names.end() || at < entryReach || bytes.size() - at < entryReach)
            return;
        const TableLayout& layout = *it->second.layout;
        const ByteView header = ByteView(it->second.header).first(layout.header);
        if (layout.isEntry(bytes, at, header)) {
            const auto value
                = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + layout.toValue);
            keep({littleWord<std::uint64_t>(bytes.data() + value), address});
        }
        if (layout.symbolAt)
            if (const auto symbol = layout.symbolAt(bytes, at, *window.address + at))
                keep(*symbol, address);
        if (layout.propertyAt)
            if (const auto property = layout.propertyAt(bytes, at, header)) {
                properties.emplace(*property, address);
                keepFirst(properties, mostNames);
            }
        if (!layout.sharedName)
            return;
        if (const auto shared = layout.sharedName(bytes, at, header))
            keep(*window.address + at - shared->before,
                 {shared->number, address, shared->valuesAlone});
        else if (const auto slot = slotNamedAt(bytes, at))
            keep({*slot, address});
    }

    void keep(std::uint64_t symbol, std::uint64_t name)
    {
        const std::uint64_t first = symbols.emplace(symbol, name).first->second;
        symbols[symbol] = std::min(first, name);
        keepFirst(symbols, mostNames);
    }

    void keep(const Slot& slot)
    {
        slots.insert(slot);
        keepFirst(slots, mostNames);
    }

    void keep(const Entry& entry)
    {
        entries.insert(entry);
        keepFirst(entries, mostEntries);
    }

    void keep(std::uint64_t keys, const Attribute& attribute)
    {
        attributes[keys].insert(attribute);
        keepFirst(attributes, mostNames);
    }

    const Names& m_names;
    AddressFilter m_filter;
};

/// Offsets of values in the objects of a class, and the addresses of their names, by its address.
using Slots = std::map<std::uint64_t, std::set<std::pair<std::uint32_t, std::uint64_t>>>;

/// A class whose objects have such attributes.
struct AttributeClass {
    ValuesAt values = ValuesAt::Pointer;
    std::uint64_t keys = 0; ///< 0: none that count
    std::uint64_t slotted = 0; ///< the class that has slots: itself or the one above; 0: none
};

using Classes = std::map<std::uint64_t, AttributeClass>; ///< by the address of the type
/// What points at keys (dicts that share them, and their classes) and at classes with slots (those
/// below them).
using Pointed = std::map<std::uint64_t, bool>;
using KeysRound = PointerRound<Pointed>;
using ObjectRound = PointerRound<Classes>;

class TableWalk : public Walk {
public:
    explicit TableWalk(std::vector<const TableLayout*> layouts)
        : m_layouts(std::move(layouts))
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>(m_layouts);
        if (m_round == 1 && !m_names.empty())
            return std::make_unique<EntryRound>(m_names);
        if (m_round == 2 && !m_pointed.empty())
            return std::make_unique<KeysRound>(m_pointed);
        if (m_round == 3 && !m_classes.empty())
            return std::make_unique<ObjectRound>(m_classes);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_round++) {
        case 0:
            m_names = std::move(static_cast<NameRound&>(gathered).names);
            break;
        case 1:
            m_attributes = std::move(static_cast<EntryRound&>(gathered).attributes);
            m_symbols = std::move(static_cast<EntryRound&>(gathered).symbols);
            takeProperties(static_cast<EntryRound&>(gathered).properties, context);
            takeSlots(static_cast<EntryRound&>(gathered).slots, context);
            tell(static_cast<EntryRound&>(gathered).entries, context, sink);
            break;
        case 2:
            tell(lookAtKeys(static_cast<KeysRound&>(gathered), context), context, sink);
            break;
        default:
            tell(lookAtObjects(static_cast<ObjectRound&>(gathered), context), context, sink);
        }
        return {};
    }

private:
    void tell(const std::set<Entry>& entries, const WalkContext& context, MatchSink& sink) const
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [value, name] : entries) {
            if (context.control.cancelled())
                break;
            lookAtValue(memory, value, m_names.at(name), context, sink);
        }
    }

    bool isOfPhp(const std::pair<std::uint32_t, std::uint64_t>& slot) const
    {
        return m_names.at(slot.second).layout->propertyAt != nullptr;
    }

    /// Those of PHP's objects.
    void takeProperties(const std::set<Entry>& properties, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [place, name] : properties)
            if (const auto property = phpPropertyAt(memory, place)) {
                m_slots[property->type].insert({property->offset, name});
                m_classes[property->type].slotted = property->type;
            }
    }

    void takeSlots(const std::set<Slot>& slots, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [slot, name] : slots)
            if (const auto offset = slotOffset(memory, slot)) {
                m_slots[slot.type].insert({*offset, name});
                m_classes[slot.type].slotted = slot.type;
            }
        for (const auto& [type, found] : m_slots)
            m_pointed.emplace(type, true);
        for (const auto& [keys, found] : m_attributes)
            m_pointed.emplace(keys, true);
        for (const auto& [symbol, name] : m_symbols)
            m_pointed.emplace(symbol, true);
    }

    /// The entry whose symbol stands at `place`.
    std::optional<Entry> entryOfSymbol(const MemoryReader& memory, std::uint64_t place,
                                       std::uint64_t name) const
    {
        constexpr std::size_t before = 144;
        std::array<std::uint8_t, before + 32> bytes {};
        const TableLayout& layout = *m_names.at(name).layout;
        if (place < before || !memory.read(place - before, bytes)
            || !layout.isEntry(bytes, before, m_names.at(name).header))
            return std::nullopt;
        return Entry {littleWord<std::uint64_t>(bytes.data() + before + 8), name};
    }

    /// The values of dicts that share keys; what of the pointers belongs to a class is kept.
    std::set<Entry> lookAtKeys(const KeysRound& round, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        std::set<Entry> entries;
        for (const auto& [place, pointed] : round.pointers) {
            if (context.control.cancelled())
                break;
            if (m_slots.contains(pointed))
                if (const auto below = isOfPhp(*m_slots.at(pointed).begin())
                        ? phpClassBelow(memory, place)
                        : classBelow(memory, place))
                    m_classes[*below].slotted = pointed;
            if (const auto symbol = m_symbols.find(pointed); symbol != m_symbols.end())
                if (const auto entry = entryOfSymbol(memory, place, symbol->second))
                    keep(entries, *entry);
            const auto attributes = m_attributes.find(pointed);
            if (attributes == m_attributes.end())
                continue;
            if (const auto found = classWithKeysAt(memory, place)) {
                m_classes[found->type].values = found->values;
                m_classes[found->type].keys = pointed;
            }
            for (const auto& [number, name, valuesAlone] : attributes->second)
                if (const auto value = sharingDictValue(memory, place, number, valuesAlone))
                    keep(entries, {*value, name});
        }
        keepFirst(m_classes, mostNames);
        return entries;
    }

    std::set<Entry> lookAtObjects(const ObjectRound& round, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        std::set<Entry> entries;
        for (const auto& [place, type] : round.pointers) {
            if (context.control.cancelled())
                break;
            const AttributeClass& found = m_classes.at(type);
            if (found.keys != 0)
                for (const Attribute& attribute : m_attributes.at(found.keys))
                    if (const auto value
                        = objectValue(memory, place, found.values, attribute.number))
                        keep(entries, {*value, attribute.name});
            if (found.slotted != 0)
                for (const auto& [offset, name] : m_slots.at(found.slotted)) {
                    const bool isPhp = isOfPhp({offset, name});
                    if (const auto value = isPhp ? phpPropertyValue(memory, place, offset)
                                                 : slotValue(memory, place, offset))
                        keep(entries, {*value, name});
                }
        }
        return entries;
    }

    void keep(std::set<Entry>& entries, const Entry& entry)
    {
        entries.insert(entry);
        keepFirst(entries, mostObjects);
    }

    static void lookAtValue(const MemoryReader& memory, std::uint64_t address, const Name& name,
                            const WalkContext& context, MatchSink& sink)
    {
        const TableLayout& layout = *name.layout;
        const auto place
            = layout.valueAt(memory, address, ByteView(name.header).first(layout.header));
        if (place)
            tellTableValue(context, *place, *name.rule, name.text, layout.runtime, sink);
    }

    std::vector<const TableLayout*> m_layouts;
    int m_round = 0;
    Names m_names;
    Attributes m_attributes;
    Slots m_slots;
    Symbols m_symbols;
    Pointed m_pointed;
    Classes m_classes;
};

/// The layouts of the runtimes that the process had loaded; all where it is not known what it had.
std::vector<const TableLayout*> layoutsOf(const Dump& dump)
{
    std::vector<const TableLayout*> layouts;
    for (const TableLayout& layout : tableLayouts())
        if (dump.modules.empty()
            || std::any_of(dump.modules.begin(), dump.modules.end(), [&](const Module& module) {
                   return module.name.find(layout.module) != std::string::npos;
               }))
            layouts.push_back(&layout);
    return layouts;
}

std::unique_ptr<Walk> newTableWalk(const Dump& dump)
{
    auto layouts = layoutsOf(dump);
    if (layouts.empty() || dump.order != ByteOrder::Little || dump.wordSize == 4)
        return nullptr;
    return std::make_unique<TableWalk>(std::move(layouts));
}

} // namespace

extern const Detector tablesecretsDetector;
const Detector tablesecretsDetector {"tablesecrets", tableRules, 0, nullptr, false, newTableWalk};

} // namespace coredact
