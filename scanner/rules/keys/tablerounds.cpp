// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tablerounds.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/pythonobjects.h"
#include "scanner/rules/keys/tablerules.h"

#include <algorithm>

namespace coredact {

namespace {

/// A program that reads texts of tables, such as JSON, has each name anew with each of them.
constexpr std::size_t mostNames = std::size_t {1} << 18;
constexpr std::size_t entryReach = 32;

bool isOfPython(const TableLayout& layout) { return layout.sharedName != nullptr; }
bool isOfRuby(const TableLayout& layout) { return layout.symbolAt && layout.follow; }

bool hasNameOf(const TableStrings& names, bool (*isOfRuntime)(const TableLayout&))
{
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return isOfRuntime(*name.second.layout); });
}

} // namespace

void NameRound::look(const Window& window)
{
    if (!window.address)
        return;
    for (const TableLayout* layout : m_layouts) {
        const std::size_t needed = layout->header + shortestTableName;
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

void NameRound::join(WalkRound& other)
{
    for (auto& [address, name] : static_cast<NameRound&>(other).names)
        keep(address, std::move(name));
}

void NameRound::lookAtString(const Window& window, std::size_t at, const TableLayout& layout)
{
    const ByteView header = window.bytes.subspan(at, layout.header);
    const std::uint64_t size = layout.textSize(window.bytes.subspan(at));
    if (size < shortestTableName * layout.width || size > longestTableName * layout.width
        || size >= window.bytes.size() - at - layout.header) // the NUL behind it
        return;
    const ByteView units = window.bytes.subspan(at + layout.header, static_cast<std::size_t>(size));
    if (units.data()[units.size()] != 0)
        return;
    SecretBytes narrow;
    if (layout.width > 1)
        narrow = tableValueOf({units.begin(), units.end()}, layout.width, false);
    const ByteView text = layout.width > 1 ? ByteView(narrow) : units;
    // Ruby says with signs what a variable belongs to.
    ByteView word = text;
    while (isOfRuby(layout) && !word.empty() && (word[0] == '@' || word[0] == '$'))
        word = word.subspan(1);
    if (!std::all_of(word.begin(), word.end(), isTableNameByte))
        return;
    const RuleInfo* rule = tableRuleFor(asText(word));
    if (!rule)
        return;
    TableString name {&layout, rule, std::string(asText(text)), {}};
    std::copy(header.begin(), header.end(), name.header.begin());
    keep(*window.address + at + layout.toPointed, std::move(name));
}

void NameRound::keep(std::uint64_t address, TableString name)
{
    names.emplace(address, std::move(name));
    keepFirst(names, mostNames);
}

EntryRound::EntryRound(const TableStrings& names, const WalkContext& context)
    : m_names(names)
    , m_filter(addressesOf(names))
    , m_memory(context.source, context.memory)
    , m_hasPython(hasNameOf(names, isOfPython))
    , m_hasRuby(hasNameOf(names, isOfRuby))
{
}

void EntryRound::look(const Window& window)
{
    forEachWord(window, m_filter,
                [&](std::size_t at, std::uint64_t address) { lookAtPointer(window, at, address); });
    if ((!m_hasPython && !m_hasRuby) || !window.address)
        return;
    const std::size_t end = std::min(
        window.freshEnd, window.bytes.size() - std::min(window.bytes.size(), entryReach - 1));
    for (std::size_t at = alignedFresh(window, 8); at < end; at += 8) {
        if (m_hasPython)
            if (const auto keys = bigKeysAt(window.bytes, at)) {
                bigKeys.emplace(*window.address + at, *keys);
                keepFirst(bigKeys, mostTableStrings);
            }
        if (m_hasRuby)
            if (const auto found = rubyStructClass(window.bytes, at)) {
                structClasses.insert(*found);
                keepFirst(structClasses, mostTableStrings);
            }
    }
}

void EntryRound::join(WalkRound& other)
{
    auto& gathered = static_cast<EntryRound&>(other);
    entries.join(gathered.entries);
    for (const auto& [keys, shared] : gathered.attributes)
        for (const TableAttribute& attribute : shared)
            keep(keys, attribute);
    for (const TableSlot& slot : gathered.slots)
        keep(slot);
    for (const auto& [symbol, name] : gathered.symbols)
        keep(symbol, name);
    properties.merge(gathered.properties);
    keepFirst(properties, mostTableStrings);
    bigKeys.merge(gathered.bigKeys);
    keepFirst(bigKeys, mostTableStrings);
    structClasses.merge(gathered.structClasses);
    keepFirst(structClasses, mostTableStrings);
    trail.join(gathered.trail);
}

void EntryRound::lookAtPointer(const Window& window, std::size_t at, std::uint64_t address)
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
        entries.add({littleWord<std::uint64_t>(bytes.data() + value), address});
    }
    if (layout.symbolAt) {
        const auto symbol = layout.symbolAt(bytes, at, *window.address + at);
        if (symbol)
            keep(*symbol, address);
        if (isOfRuby(layout))
            addRubyLeads(bytes, at, symbol, address, trail);
    }
    if (layout.propertyAt)
        if (const auto property = layout.propertyAt(bytes, at, header)) {
            properties.emplace(*property, address);
            keepFirst(properties, mostTableStrings);
        }
    if (isOfPython(layout))
        lookAtPython(window, at, address, it->second);
}

void EntryRound::lookAtPython(const Window& window, std::size_t at, std::uint64_t address,
                              const TableString& name)
{
    const ByteView bytes = window.bytes;
    const std::uint64_t place = *window.address + at;
    const ByteView header = ByteView(name.header).first(name.layout->header);
    addPythonLeads(m_memory, bytes, at, place, address, pythonHash(header), trail);
    if (const auto shared = name.layout->sharedName(bytes, at, header))
        keep(place - shared->before, {shared->number, address, shared->valuesAlone});
    else if (const auto slot = slotNamedAt(bytes, at))
        keep({*slot, address});
}

void EntryRound::keep(std::uint64_t symbol, std::uint64_t name)
{
    const std::uint64_t first = symbols.emplace(symbol, name).first->second;
    symbols[symbol] = std::min(first, name);
    keepFirst(symbols, mostTableStrings);
}

void EntryRound::keep(const TableSlot& slot)
{
    slots.insert(slot);
    keepFirst(slots, mostTableStrings);
}

void EntryRound::keep(std::uint64_t keys, const TableAttribute& attribute)
{
    attributes[keys].insert(attribute);
    keepFirst(attributes, mostTableStrings);
}

} // namespace coredact
