// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/rules/automaton.h"
#include "scanner/rules/automatoncache.h"
#include "scanner/rules/classruns.h"
#include "scanner/rules/pattern.h"
#include "scanner/rules/signfinder.h"
#include "scanner/rules/textruns.h"
#include "scanner/rules/wordfinder.h"

#include <array>

namespace coredact {

/// One rule, as the prefilter needs it.
struct PrefilterPattern {
    AutomatonProbe probe;
    std::size_t width = 0; ///< the rule's widest match in bytes
    std::optional<ClassRun> run {}; ///< set: every match is of such bytes, at least so many
};

/// Tells where matches of many expressions may be. Most of a dump is no text, and most of a text
/// holds no token. Nearly every expression has words that its matches hold; those are found at
/// memory speed, and a Hyperscan automaton looks at what stands around them. Of the expressions
/// without such words one automaton sees the runs of token bytes, one the runs of text, and what is
/// left for the last, which sees everything, are odd rules of other people. Expressions that an
/// automaton goes slowly with are found otherwise: those of nothing but a long run of a class by
/// that, those of a sign beside a long run by the sign and what stands around it.
/// Immutable; any thread.
class Prefilter {
public:
    /// Of no expression: finds nothing.
    Prefilter() = default;

    /// Expressions that the automata cannot take are told in `refused` (by place among the
    /// patterns) and left out. Automata of the same expressions that `cache` holds are taken from
    /// there.
    static Result<Prefilter> make(std::vector<PrefilterPattern> patterns,
                                  std::vector<AutomatonRefusal>& refused,
                                  const AutomatonCache& cache);

    /// Working memory of one thread.
    class Scratch {
    public:
        explicit Scratch(const Prefilter& prefilter);

    private:
        friend class Prefilter;
        /// Where a zone begins, gathered and in what was scanned.
        struct Piece {
            std::size_t gathered;
            std::size_t scanned;
        };
        std::array<AutomatonScratch, 4> m_automata; ///< by Where
        std::vector<Zone> m_texts;
        std::vector<Zone> m_tokens;
        std::vector<Zone> m_nearWords;
        SecretBytes m_gathered; ///< short zones one after the other, and room for more
        std::size_t m_used = 0; ///< of it
        std::vector<Piece> m_pieces;
    };

    /// Zones that hold every match of each expression whole, sorted and disjoint; `zones` has one
    /// list for each expression. A match with 512 and more equal bytes that are no text may be
    /// missed.
    void scan(ByteView bytes, Scratch& scratch, std::vector<std::vector<Zone>>& zones) const;

private:
    using Where = AutomatonProbe::Where;
    using Automata = std::array<Automaton, 4>; ///< by Where
    explicit Prefilter(std::vector<PrefilterPattern> patterns);
    std::string key() const;
    bool take(const std::vector<std::uint8_t>& payload);
    std::vector<std::uint8_t> payload() const;
    /// A run that some rules wait for, and what to look at for it.
    struct Run {
        ClassRun run;
        Where where;
        std::vector<unsigned> ids;
        std::optional<unsigned> shorter; ///< whose zones are enough to look at
    };
    void sortRuns();
    void addRun(unsigned id, const ClassRun& run);
    void findRuns(ByteView bytes, const Scratch& scratch,
                  std::vector<std::vector<Zone>>& zones) const;
    void scanZones(Where which, ByteView bytes, const std::vector<Zone>& where, Scratch& scratch,
                   std::vector<std::vector<Zone>>& zones) const;
    void scanGathered(Where which, Scratch& scratch, std::size_t size,
                      std::vector<std::vector<Zone>>& zones) const;
    void search(Where which, ByteView bytes, const Scratch& scratch,
                const Automaton::Hear& hear) const;
    void add(std::vector<std::vector<Zone>>& zones, unsigned id, std::size_t end,
             std::size_t size) const;
    const Automaton& automaton(Where where) const
    {
        return m_automata[static_cast<std::size_t>(where)];
    }

    std::vector<PrefilterPattern> m_patterns;
    Automata m_automata;
    std::vector<Run> m_runs;
    SignFinder m_signs;
    WordFinder m_words;
};

} // namespace coredact
