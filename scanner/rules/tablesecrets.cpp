// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the tables of programs: the settings that Python, PHP, Ruby, Perl, Lua, OCaml, Mono
// and Guile keep as names and values. Neither stands beside the other in memory; an entry points at
// both. For the attributes of Python's objects not even that: names stand in keys that all objects
// of a class share, values in arrays of the objects; so the class and the objects are looked for as
// well.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/pythonobjects.h"
#include "scanner/rules/keys/tablerounds.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

/// What one round looks at: a crafted dump may have as many leads behind each pointer as it has
/// names.
constexpr std::size_t mostSteps = std::size_t {1} << 21;

/// Offsets of values in the objects of a class, and the addresses of their names, by its address.
using Slots = std::map<std::uint64_t, std::set<std::pair<std::uint32_t, std::uint64_t>>>;

/// A class whose objects have such attributes.
struct AttributeClass {
    ValuesAt values = ValuesAt::Pointer;
    std::uint64_t keys = 0; ///< 0: none that count
    std::uint64_t slotted = 0; ///< the class that has slots: itself or the one above; 0: none
};

using Classes = std::map<std::uint64_t, AttributeClass>; ///< by the address of the type
/// Places, and the addresses that stand there.
using Pointers = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

constexpr int roundsOfNames = 2; ///< of names, and of what points at them
constexpr int mostRounds = 8;

class TableWalk : public Walk {
public:
    explicit TableWalk(std::vector<const TableLayout*> layouts)
        : m_layouts(std::move(layouts))
    {
    }

    void begin(const WalkContext& context) override { m_context = &context; }

    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_round == 0)
            return std::make_unique<NameRound>(m_layouts);
        if (m_round == 1 && !m_names.empty())
            return std::make_unique<EntryRound>(m_names, *m_context);
        if (m_round >= roundsOfNames && m_round < mostRounds && !m_pointed.empty())
            return std::make_unique<PointerRound>(m_pointed);
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_steps = 0;
        switch (m_round++) {
        case 0:
            m_names = std::move(static_cast<NameRound&>(gathered).names);
            break;
        case 1:
            takeEntries(static_cast<EntryRound&>(gathered), context, sink);
            break;
        default:
            endLeads(static_cast<PointerRound&>(gathered), context, sink);
        }
        return {};
    }

private:
    void takeEntries(EntryRound& round, const WalkContext& context, MatchSink& sink)
    {
        m_attributes = std::move(round.attributes);
        m_symbols = std::move(round.symbols);
        m_trail = std::move(round.trail);
        takeProperties(round.properties, context);
        takeSlots(round.slots, context);
        lookUp(round.bigKeys, context);
        takeStructs(round.structClasses, context);
        tell(round.entries.all(), context, sink);
        tell(m_trail.values(), context, sink);
        lookForLeads();
        if (m_trail.leftOut())
            leaveOut();
    }

    /// Whether one more step of the round may be taken.
    bool mayStep(const WalkContext& context)
    {
        if (m_steps++ < mostSteps)
            return !context.control.cancelled();
        leaveOut();
        return false;
    }

    void takeStructs(const std::set<std::uint64_t>& classes, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const std::uint64_t found : classes)
            if (!m_symbols.empty() && mayStep(context))
                addRubyMembers(memory, found, m_symbols, m_trail);
    }

    /// The first of these rounds knows of keys, slots and symbols, the second of objects.
    void endLeads(PointerRound& round, const WalkContext& context, MatchSink& sink)
    {
        follow(round.pointers(), context);
        m_pointed.clear();
        FirstOnes<TableEntry> entries(mostTableEntries);
        if (m_round == roundsOfNames + 1) {
            lookAtKeys(round.pointers(), context, entries);
            keepFirst(m_classes, mostTableStrings);
            m_pointed = addressesOf(m_classes);
        } else if (m_round == roundsOfNames + 2) {
            lookAtObjects(round.pointers(), context, entries);
        }
        tell(entries.all(), context, sink);
        tell(m_trail.values(), context, sink);
        lookForLeads();
        if (entries.leftOut() || m_trail.leftOut() || (m_round == mostRounds && !m_pointed.empty()))
            leaveOut();
    }

    void follow(const Pointers& pointers, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        TableTrail trail = std::exchange(m_trail, {});
        const auto isBefore = [](const TableTrail::Lead& lead, std::uint64_t address) {
            return lead.first < address;
        };
        const auto& leads = trail.leads();
        for (const auto& [place, pointed] : pointers)
            for (auto lead = std::lower_bound(leads.begin(), leads.end(), pointed, isBefore);
                 lead != leads.end() && lead->first == pointed && mayStep(context); ++lead)
                m_names.at(lead->second.name)
                    .layout->follow(memory, place, pointed, lead->second, m_trail);
    }

    /// In the next round, besides what is looked for there already.
    void lookForLeads()
    {
        for (const auto& [address, lead] : m_trail.leads())
            m_pointed.push_back(address);
        std::sort(m_pointed.begin(), m_pointed.end());
        m_pointed.erase(std::unique(m_pointed.begin(), m_pointed.end()), m_pointed.end());
    }

    /// What the largest dicts of Python have for the names.
    void lookUp(const std::map<std::uint64_t, BigKeys>& found, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        std::map<std::uint64_t, std::set<std::uint64_t>> names; // by their hash
        for (const auto& [name, text] : m_names)
            if (text.layout->sharedName)
                names[pythonHash(text.header)].insert(name);
        for (const auto& [hash, alike] : names)
            for (const auto& [keysAt, keys] : found) {
                if (!mayStep(context))
                    return;
                if (const auto entry = bigDictEntry(memory, keysAt, keys, alike, hash))
                    m_trail.addValue(entry->first, entry->second);
            }
    }

    void tell(const std::vector<TableEntry>& entries, const WalkContext& context,
              MatchSink& sink) const
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
    void takeProperties(const std::set<TableEntry>& properties, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [place, name] : properties)
            if (const auto property = phpPropertyAt(memory, place)) {
                m_slots[property->type].insert({property->offset, name});
                m_classes[property->type].slotted = property->type;
            }
    }

    void takeSlots(const std::set<TableSlot>& slots, const WalkContext& context)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [slot, name] : slots)
            if (const auto offset = slotOffset(memory, slot)) {
                m_slots[slot.type].insert({*offset, name});
                m_classes[slot.type].slotted = slot.type;
            }
        for (const auto& [type, found] : m_slots)
            m_pointed.push_back(type);
        for (const auto& [keys, found] : m_attributes)
            m_pointed.push_back(keys);
        for (const auto& [symbol, name] : m_symbols)
            m_pointed.push_back(symbol);
    }

    /// The entry whose symbol stands at `place`.
    std::optional<TableEntry> entryOfSymbol(const MemoryReader& memory, std::uint64_t place,
                                            std::uint64_t name) const
    {
        constexpr std::size_t before = 144;
        std::array<std::uint8_t, before + 32> bytes {};
        const TableLayout& layout = *m_names.at(name).layout;
        if (place < before || !memory.read(place - before, bytes)
            || !layout.isEntry(bytes, before, m_names.at(name).header))
            return std::nullopt;
        return TableEntry {littleWord<std::uint64_t>(bytes.data() + before + 8), name};
    }

    /// The values of dicts that share keys; what of the pointers belongs to a class is kept.
    void lookAtKeys(const Pointers& pointers, const WalkContext& context,
                    FirstOnes<TableEntry>& entries)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [place, pointed] : pointers) {
            if (context.control.cancelled())
                break;
            if (m_slots.contains(pointed))
                if (const auto below = isOfPhp(*m_slots.at(pointed).begin())
                        ? phpClassBelow(memory, place)
                        : classBelow(memory, place))
                    m_classes[*below].slotted = pointed;
            if (const auto symbol = m_symbols.find(pointed); symbol != m_symbols.end())
                if (const auto entry = entryOfSymbol(memory, place, symbol->second))
                    entries.add(*entry);
            const auto attributes = m_attributes.find(pointed);
            if (attributes == m_attributes.end())
                continue;
            if (const auto found = classWithKeysAt(memory, place)) {
                m_classes[found->type].values = found->values;
                m_classes[found->type].keys = pointed;
            }
            for (const auto& [number, name, valuesAlone] : attributes->second) {
                if (!mayStep(context))
                    return;
                if (const auto value = sharingDictValue(memory, place, number, valuesAlone))
                    entries.add({*value, name});
            }
        }
    }

    void lookAtObjects(const Pointers& pointers, const WalkContext& context,
                       FirstOnes<TableEntry>& entries)
    {
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [place, type] : pointers) {
            const auto known = m_classes.find(type);
            if (known == m_classes.end())
                continue;
            const AttributeClass& found = known->second;
            if (found.keys != 0)
                for (const TableAttribute& attribute : m_attributes.at(found.keys)) {
                    if (!mayStep(context))
                        return;
                    if (const auto value
                        = objectValue(memory, place, found.values, attribute.number))
                        entries.add({*value, attribute.name});
                }
            if (found.slotted != 0)
                for (const auto& [offset, name] : m_slots.at(found.slotted)) {
                    if (!mayStep(context))
                        return;
                    const bool isPhp = isOfPhp({offset, name});
                    if (const auto value = isPhp ? phpPropertyValue(memory, place, offset)
                                                 : slotValue(memory, place, offset))
                        entries.add({*value, name});
                }
        }
    }

    static void lookAtValue(const MemoryReader& memory, std::uint64_t address,
                            const TableString& name, const WalkContext& context, MatchSink& sink)
    {
        const TableLayout& layout = *name.layout;
        const auto place
            = layout.valueAt(memory, address, ByteView(name.header).first(layout.header));
        if (place)
            tellTableValue(context, *place, *name.rule, name.text, layout.runtime, sink);
    }

    std::vector<const TableLayout*> m_layouts;
    const WalkContext* m_context = nullptr;
    int m_round = 0;
    std::size_t m_steps = 0; ///< of the round
    TableStrings m_names;
    TableAttributes m_attributes;
    Slots m_slots;
    TableSymbols m_symbols;
    /// What is looked for in a round: in the first, what points at keys (dicts that share them, and
    /// their classes) and at classes with slots (those below them); in the second, objects of
    /// classes; in each, what the leads of the one before it point at.
    SortedAddresses m_pointed;
    TableTrail m_trail;
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
