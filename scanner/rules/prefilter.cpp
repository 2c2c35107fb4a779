// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/prefilter.h"

#include "scanner/io/digest.h"
#include "scanner/rules/constantruns.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <hs.h>

namespace coredact {

namespace {

/// What the automaton's callback needs.
struct Hearing {
    const std::vector<PrefilterPattern>& patterns;
    std::vector<std::vector<Zone>>& zones;
    std::size_t base; ///< of the block that is scanned
};

/// Adds a zone for a match of that width that ends at `end`.
void addZone(std::vector<Zone>& zones, std::size_t end, std::size_t width)
{
    const std::size_t begin = end - std::min(end, width);
    if (!zones.empty() && begin <= zones.back().end && zones.back().begin <= begin)
        zones.back().end = std::max(zones.back().end, end);
    else
        zones.push_back({begin, end});
}

int hear(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context)
{
    Hearing& hearing = *static_cast<Hearing*>(context);
    addZone(hearing.zones[id], hearing.base + static_cast<std::size_t>(to),
            hearing.patterns[id].width);
    return 0;
}

/// Ends may come out of order; brings the zones in order and joins them.
void tidy(std::vector<Zone>& zones)
{
    const auto before = [](const Zone& a, const Zone& b) { return a.begin < b.begin; };
    if (!std::is_sorted(zones.begin(), zones.end(), before))
        std::sort(zones.begin(), zones.end(), before);
    std::size_t kept = 0;
    for (std::size_t i = 1; i < zones.size(); ++i) {
        if (zones[i].begin <= zones[kept].end)
            zones[kept].end = std::max(zones[kept].end, zones[i].end);
        else
            zones[++kept] = zones[i];
    }
    if (!zones.empty())
        zones.resize(kept + 1);
}

/// Changes with the expressions, their numbers and the library.
std::string keyOf(const std::vector<const char*>& texts, const std::vector<unsigned>& ids)
{
    Sha256 digest;
    digest.add(asBytes(hs_version()));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string line = '\n' + std::to_string(ids[i]) + ' ' + texts[i];
        digest.add(asBytes(line));
    }
    return digest.hex();
}

/// Nothing as well where the automaton was made for another processor.
hs_database_t* fromCache(const AutomatonCache& cache, const std::string& key)
{
    const auto bytes = cache.find(key);
    hs_database_t* database = nullptr;
    if (bytes
        && hs_deserialize_database(reinterpret_cast<const char*>(bytes->data()), bytes->size(),
                                   &database)
            != HS_SUCCESS)
        return nullptr;
    return database;
}

void keepIn(const AutomatonCache& cache, const std::string& key, const hs_database_t* database)
{
    char* bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS)
        return;
    cache.keep(key, asBytes(std::string_view(bytes, size)));
    std::free(bytes);
}

} // namespace

void Prefilter::Free::operator()(hs_database* database) const { hs_free_database(database); }

void Prefilter::Scratch::Free::operator()(hs_scratch* scratch) const { hs_free_scratch(scratch); }

Prefilter::Prefilter(std::vector<PrefilterPattern> patterns)
    : m_patterns(std::move(patterns))
{
}

Result<Prefilter> Prefilter::make(std::vector<PrefilterPattern> patterns,
                                  std::vector<Refusal>& refused, const AutomatonCache& cache)
{
    Prefilter prefilter(std::move(patterns));
    std::vector<const char*> texts;
    std::vector<unsigned> ids;
    for (unsigned id = 0; id < prefilter.m_patterns.size(); ++id) {
        if (prefilter.m_patterns[id].run)
            continue;
        texts.push_back(prefilter.m_patterns[id].text.c_str());
        ids.push_back(id);
    }
    const std::string key = keyOf(texts, ids);
    prefilter.m_database = std::shared_ptr<hs_database>(fromCache(cache, key), Free());
    while (!texts.empty() && !prefilter.m_database) {
        hs_database_t* database = nullptr;
        hs_compile_error_t* problem = nullptr;
        if (hs_compile_multi(texts.data(), nullptr, ids.data(), static_cast<unsigned>(texts.size()),
                             HS_MODE_BLOCK, nullptr, &database, &problem)
            == HS_SUCCESS) {
            prefilter.m_database = std::shared_ptr<hs_database>(database, Free());
            // What was refused must be told again by every run: such an automaton is not kept.
            if (refused.empty())
                keepIn(cache, key, database);
            break;
        }
        const std::string reason = problem ? problem->message : "unknown";
        const int culprit = problem ? problem->expression : -1;
        hs_free_compile_error(problem);
        if (culprit < 0)
            return Error {
                ErrorCode::Unsupported, "the rules do not compile together: " + reason, {}};
        refused.push_back({ids[static_cast<std::size_t>(culprit)], reason});
        texts.erase(texts.begin() + culprit);
        ids.erase(ids.begin() + culprit);
    }
    return prefilter;
}

Prefilter::Scratch::Scratch(const Prefilter& prefilter)
{
    hs_scratch_t* scratch = nullptr;
    if (prefilter.m_database
        && hs_alloc_scratch(prefilter.m_database.get(), &scratch) != HS_SUCCESS)
        throw std::bad_alloc();
    m_scratch.reset(scratch);
}

void Prefilter::scan(ByteView bytes, Scratch& scratch, std::vector<std::vector<Zone>>& zones) const
{
    zones.resize(m_patterns.size());
    for (auto& list : zones)
        list.clear();
    for (std::size_t i = 0; i < m_patterns.size(); ++i)
        if (m_patterns[i].run)
            m_patterns[i].run->find(bytes, [&](std::size_t begin, std::size_t end) {
                constexpr std::size_t edge = 8; // more than the widest edge of a match
                zones[i].push_back(
                    {begin - std::min(begin, edge), std::min(bytes.size(), end + edge)});
            });
    if (m_database)
        scanAutomaton(bytes, scratch, zones);
    for (auto& list : zones)
        tidy(list);
}

void Prefilter::scanAutomaton(ByteView bytes, Scratch& scratch,
                              std::vector<std::vector<Zone>>& zones) const
{
    forEachBusyPart(bytes, [&](std::size_t begin, std::size_t end) {
        Hearing hearing {m_patterns, zones, begin};
        hs_scan(m_database.get(), reinterpret_cast<const char*>(bytes.data() + begin),
                static_cast<unsigned>(end - begin), 0, scratch.m_scratch.get(), hear, &hearing);
    });
}

} // namespace coredact
