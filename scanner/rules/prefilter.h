// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"
#include "scanner/rules/automatoncache.h"
#include "scanner/rules/classruns.h"

#include <memory>
#include <string>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace coredact {

/// One expression of the automaton.
struct PrefilterPattern {
    std::string text;
    std::size_t width = 0; ///< its widest match in bytes
    std::optional<ClassRun> run {}; ///< set: every match is of such bytes, at least so many
};

/// Where matches of one expression may begin and end, in bytes of what was scanned.
struct Zone {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// All expressions as one Hyperscan automaton, but for plain runs. It tells where matches end, not
/// where they begin, so what it gives are zones that hold every match whole. Immutable; any thread.
class Prefilter {
public:
    /// Of no expression: finds nothing.
    Prefilter() = default;

    /// Expressions that the automaton cannot take are left out and told in `refused`; the others
    /// work. Fails when even so nothing compiles.
    struct Refusal {
        std::size_t pattern = 0; ///< index into the patterns
        std::string reason;
    };
    /// An automaton of the same expressions that `cache` holds is taken from there.
    static Result<Prefilter> make(std::vector<PrefilterPattern> patterns,
                                  std::vector<Refusal>& refused, const AutomatonCache& cache);

    /// Working memory of one thread.
    class Scratch {
    public:
        explicit Scratch(const Prefilter& prefilter);

    private:
        friend class Prefilter;
        struct Free {
            void operator()(hs_scratch* scratch) const;
        };
        std::unique_ptr<hs_scratch, Free> m_scratch;
    };

    /// The zones of each expression that has any, sorted and disjoint; `zones` has one list for
    /// each expression. Runs of 512 and more equal bytes that are no text are left out.
    void scan(ByteView bytes, Scratch& scratch, std::vector<std::vector<Zone>>& zones) const;

private:
    explicit Prefilter(std::vector<PrefilterPattern> patterns);
    void scanAutomaton(ByteView bytes, Scratch& scratch,
                       std::vector<std::vector<Zone>>& zones) const;
    struct Free {
        void operator()(hs_database* database) const;
    };

    std::vector<PrefilterPattern> m_patterns;
    std::shared_ptr<hs_database> m_database;
};

} // namespace coredact
