// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/prefilter.h"

#include "scanner/io/digest.h"
#include "scanner/rules/constantruns.h"

#include <algorithm>

namespace coredact {

namespace {

/// Zones up to this size are put side by side before an automaton sees them: calling it costs as
/// much as a hundred bytes do.
constexpr std::size_t shortZone = 4096;
constexpr std::size_t gatheredSize = 1U << 17;

void addZone(std::vector<Zone>& zones, const Zone& zone)
{
    if (!zones.empty() && zone.begin <= zones.back().end && zones.back().begin <= zone.begin)
        zones.back().end = std::max(zones.back().end, zone.end);
    else
        zones.push_back(zone);
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

/// Whether a class is of such bytes only.
bool isOnly(const ByteClass& bytes, bool (*has)(std::uint8_t))
{
    for (unsigned byte = 0; byte < 256; ++byte)
        if (bytes.has(static_cast<std::uint8_t>(byte)) && !has(static_cast<std::uint8_t>(byte)))
            return false;
    return true;
}

} // namespace

Prefilter::Prefilter(std::vector<PrefilterPattern> patterns)
    : m_patterns(std::move(patterns))
{
    for (unsigned id = 0; id < m_patterns.size(); ++id) {
        const PrefilterPattern& pattern = m_patterns[id];
        if (pattern.run)
            addRun(id, *pattern.run);
        else if (pattern.probe.sign)
            m_signs.add(id, *pattern.probe.sign);
        else if (pattern.probe.words)
            m_words.add(*pattern.probe.words);
    }
    sortRuns();
    m_words.prepare();
}

Result<Prefilter> Prefilter::make(std::vector<PrefilterPattern> patterns,
                                  std::vector<AutomatonRefusal>& refused,
                                  const AutomatonCache& cache)
{
    Prefilter prefilter(std::move(patterns));
    const std::string key = prefilter.key();
    if (const auto payload = cache.find(key); payload && prefilter.take(*payload))
        return prefilter;
    for (std::size_t where = 0; where < prefilter.m_automata.size(); ++where) {
        std::vector<AutomatonText> texts;
        for (unsigned id = 0; id < prefilter.m_patterns.size(); ++id) {
            const PrefilterPattern& pattern = prefilter.m_patterns[id];
            if (!pattern.run && pattern.probe.where == static_cast<Where>(where))
                texts.push_back({id, pattern.probe.text});
        }
        auto automaton = Automaton::make(std::move(texts), refused);
        if (!automaton)
            return automaton.error();
        prefilter.m_automata[where] = std::move(*automaton);
    }
    // What was refused must be told again by every run: such automata are not kept.
    if (refused.empty())
        cache.keep(key, prefilter.payload());
    return prefilter;
}

/// Changes with the expressions, their numbers and the library.
std::string Prefilter::key() const
{
    Sha256 digest;
    digest.add(asBytes(Automaton::libraryName()));
    for (const PrefilterPattern& pattern : m_patterns) {
        std::string line = "\n-";
        if (!pattern.run)
            line
                = '\n' + std::to_string(static_cast<int>(pattern.probe.where)) + pattern.probe.text;
        digest.add(asBytes(line));
    }
    return digest.hex();
}

/// The automata one after the other, each after its size in eight bytes.
std::vector<std::uint8_t> Prefilter::payload() const
{
    std::vector<std::uint8_t> payload;
    for (const Automaton& automaton : m_automata) {
        const std::vector<std::uint8_t> bytes = automaton.bytes();
        for (unsigned i = 0; i < 8; ++i)
            payload.push_back(static_cast<std::uint8_t>(std::uint64_t {bytes.size()} >> (8 * i)));
        payload.insert(payload.end(), bytes.begin(), bytes.end());
    }
    return payload;
}

bool Prefilter::take(const std::vector<std::uint8_t>& payload)
{
    Automata automata;
    ByteView left = payload;
    for (Automaton& automaton : automata) {
        std::uint64_t size = 0;
        if (left.size() < 8)
            return false;
        for (unsigned i = 0; i < 8; ++i)
            size |= std::uint64_t {left[i]} << (8 * i);
        left = left.subspan(8);
        if (size > left.size())
            return false;
        if (size > 0) {
            auto known = Automaton::from(left.first(static_cast<std::size_t>(size)));
            if (!known)
                return false;
            automaton = std::move(*known);
        }
        left = left.subspan(static_cast<std::size_t>(size));
    }
    m_automata = std::move(automata);
    return true;
}

Prefilter::Scratch::Scratch(const Prefilter& prefilter)
    : m_gathered(gatheredSize)
{
    for (std::size_t where = 0; where < m_automata.size(); ++where)
        m_automata[where] = prefilter.m_automata[where].newScratch();
}

void Prefilter::scan(ByteView bytes, Scratch& scratch, std::vector<std::vector<Zone>>& zones) const
{
    zones.resize(m_patterns.size());
    for (auto& list : zones)
        list.clear();
    scratch.m_texts.clear();
    scratch.m_tokens.clear();
    textRuns().find(bytes, {0, bytes.size()}, scratch.m_texts);
    for (const Zone& text : scratch.m_texts)
        if (text.end - text.begin >= leastTokenRun)
            tokenRuns().find(bytes, text, scratch.m_tokens);
    findRuns(bytes, scratch, zones);
    m_signs.find(bytes, scratch.m_tokens,
                 [&](unsigned id, std::size_t end) { add(zones, id, end, bytes.size()); });
    scanZones(Where::Tokens, bytes, scratch.m_tokens, scratch, zones);
    scanZones(Where::Text, bytes, scratch.m_texts, scratch, zones);
    scratch.m_nearWords.clear();
    m_words.find(bytes, scratch.m_texts,
                 [&](const Zone& zone) { addZone(scratch.m_nearWords, zone); });
    tidy(scratch.m_nearWords);
    scanZones(Where::Words, bytes, scratch.m_nearWords, scratch, zones);
    if (!automaton(Where::Everywhere).empty())
        forEachBusyPart(bytes, [&](std::size_t begin, std::size_t end) {
            search(Where::Everywhere, bytes.subspan(begin, end - begin), scratch,
                   [&](unsigned id, std::size_t to) { add(zones, id, begin + to, bytes.size()); });
        });
    for (auto& list : zones)
        tidy(list);
}

/// A match that holds a probe that ends at `end` lies here.
void Prefilter::add(std::vector<std::vector<Zone>>& zones, unsigned id, std::size_t end,
                    std::size_t size) const
{
    const std::size_t width = m_patterns[id].width;
    addZone(zones[id], {end - std::min(end, width), end + std::min(size - end, width)});
}

void Prefilter::findRuns(ByteView bytes, const Scratch& scratch,
                         std::vector<std::vector<Zone>>& zones) const
{
    const std::vector<Zone> everything {{0, bytes.size()}};
    for (const Run& run : m_runs) {
        std::vector<Zone>& found = zones[run.ids.front()];
        const auto& parts = run.shorter  ? zones[*run.shorter]
            : run.where == Where::Tokens ? scratch.m_tokens
            : run.where == Where::Text   ? scratch.m_texts
                                         : everything;
        for (const Zone& part : parts)
            run.run.find(bytes, part, found);
        for (Zone& zone : found) {
            constexpr std::size_t edge = 8; // more than the widest edge of a match
            zone.begin -= std::min(zone.begin, edge);
            zone.end = std::min(bytes.size(), zone.end + edge);
        }
        for (std::size_t i = 1; i < run.ids.size(); ++i)
            zones[run.ids[i]] = found;
    }
}

/// Several rules may wait for the same run.
void Prefilter::addRun(unsigned id, const ClassRun& run)
{
    for (Run& other : m_runs)
        if (other.run == run) {
            other.ids.push_back(id);
            return;
        }
    const bool tokens = isOnly(run.bytes, [](std::uint8_t byte) { return isTokenByte(byte); });
    const bool text = isOnly(run.bytes, [](std::uint8_t byte) { return isTextByte(byte); });
    const Where where = tokens && run.length >= leastTokenRun ? Where::Tokens
        : text                                                ? Where::Text
                                                              : Where::Everywhere;
    m_runs.push_back({run, where, {id}, {}});
}

/// A run holds every shorter one of the same class.
void Prefilter::sortRuns()
{
    std::stable_sort(m_runs.begin(), m_runs.end(),
                     [](const Run& a, const Run& b) { return a.run.length < b.run.length; });
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (m_runs[k].run.bytes == m_runs[i].run.bytes)
                m_runs[i].shorter = m_runs[k].ids.front();
}

void Prefilter::search(Where which, ByteView bytes, const Scratch& scratch,
                       const Automaton::Hear& hear) const
{
    automaton(which).scan(bytes, scratch.m_automata[static_cast<std::size_t>(which)], hear);
}

void Prefilter::scanZones(Where which, ByteView bytes, const std::vector<Zone>& where,
                          Scratch& scratch, std::vector<std::vector<Zone>>& zones) const
{
    if (automaton(which).empty())
        return;
    for (const Zone& zone : where) {
        const ByteView part = bytes.subspan(zone.begin, zone.end - zone.begin);
        if (part.size() > shortZone) {
            search(which, part, scratch, [&](unsigned id, std::size_t end) {
                add(zones, id, zone.begin + end, bytes.size());
            });
            continue;
        }
        if (scratch.m_used + part.size() + 1 > gatheredSize)
            scanGathered(which, scratch, bytes.size(), zones);
        scratch.m_pieces.push_back({scratch.m_used, zone.begin});
        // Not added to the end: with an allocator of its own a vector does so byte by byte.
        std::copy(part.begin(), part.end(), scratch.m_gathered.data() + scratch.m_used);
        scratch.m_used += part.size();
        scratch.m_gathered[scratch.m_used++] = 0; // belongs to no probe that is looked for here
    }
    scanGathered(which, scratch, bytes.size(), zones);
}

void Prefilter::scanGathered(Where which, Scratch& scratch, std::size_t size,
                             std::vector<std::vector<Zone>>& zones) const
{
    const ByteView gathered = ByteView(scratch.m_gathered).first(scratch.m_used);
    search(which, gathered, scratch, [&](unsigned id, std::size_t end) {
        const auto after
            = [](std::size_t at, const Scratch::Piece& piece) { return at < piece.gathered; };
        const auto piece
            = std::upper_bound(scratch.m_pieces.begin(), scratch.m_pieces.end(), end - 1, after)
            - 1;
        add(zones, id, piece->scanned + (end - piece->gathered), size);
    });
    scratch.m_used = 0;
    scratch.m_pieces.clear();
}

} // namespace coredact
