// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in the tables of programs: the settings that Python, PHP, Ruby, Perl and Lua keep as
// names and values. Neither stands beside the other in memory; an entry points at both.
#include "scanner/base/memoryword.h"
#include "scanner/rules/detector.h"
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

/// Gathers the entries that point at the names.
class EntryRound : public WalkRound {
public:
    explicit EntryRound(const Names& names)
        : m_names(names)
        , m_first(names.begin()->first)
        , m_reach(names.rbegin()->first - m_first)
        , m_filter(std::size_t {1} << filterBits)
    {
        for (const auto& [address, name] : names)
            m_filter[filterPlace(address)] = true;
    }

    void look(const Window& window) override
    {
        if (!window.address)
            return;
        const ByteView bytes = window.bytes;
        const std::size_t end = std::min(window.freshEnd, bytes.size());
        for (std::size_t at = alignedFresh(window, 8); at < end && bytes.size() - at >= 8;
             at += 8) {
            const std::uint64_t address = littleWord<std::uint64_t>(bytes.data() + at);
            if (address - m_first <= m_reach && m_filter[filterPlace(address)])
                lookAtPointer(bytes, at, address);
        }
    }

    void join(WalkRound& other) override
    {
        for (const Entry& entry : static_cast<EntryRound&>(other).entries)
            keep(entry);
    }

    /// The addresses of the value and of its name.
    using Entry = std::pair<std::uint64_t, std::uint64_t>;
    std::set<Entry> entries;

private:
    static constexpr unsigned filterBits = 16;
    static constexpr std::size_t entryReach = 32;

    static std::size_t filterPlace(std::uint64_t address)
    {
        return static_cast<std::size_t>(address >> 3) % (std::size_t {1} << filterBits);
    }

    void lookAtPointer(ByteView bytes, std::size_t at, std::uint64_t address)
    {
        const auto it = m_names.find(address);
        if (it == m_names.end() || at < entryReach || bytes.size() - at < entryReach)
            return;
        const TableLayout& layout = *it->second.layout;
        if (!layout.isEntry(bytes, at, ByteView(it->second.header).first(layout.header)))
            return;
        const auto value
            = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + layout.toValue);
        keep({littleWord<std::uint64_t>(bytes.data() + value), address});
    }

    void keep(const Entry& entry)
    {
        entries.insert(entry);
        keepFirst(entries, mostEntries);
    }

    const Names& m_names;
    std::uint64_t m_first;
    std::uint64_t m_reach;
    std::vector<bool> m_filter;
};

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
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_round++ == 0) {
            m_names = std::move(static_cast<NameRound&>(gathered).names);
            return {};
        }
        const MemoryReader memory(context.source, context.memory);
        for (const auto& [value, name] : static_cast<EntryRound&>(gathered).entries) {
            if (context.control.cancelled())
                break;
            lookAtValue(memory, value, m_names.at(name), context, sink);
        }
        return {};
    }

private:
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
