// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace coredact {

/// An expression of an automaton and the number under which it is heard.
struct AutomatonText {
    unsigned id = 0;
    std::string text;
};

/// An expression that the automaton cannot take.
struct AutomatonRefusal {
    unsigned id = 0;
    std::string reason;
};

/// Working memory of one thread for the automaton that made it.
struct FreeScratch {
    void operator()(hs_scratch* scratch) const;
};
using AutomatonScratch = std::unique_ptr<hs_scratch, FreeScratch>;

/// Many expressions as one Hyperscan automaton. Tells where matches end, not where they begin.
/// Immutable; any thread. Cheap to copy.
class Automaton {
public:
    /// Of no expression: finds nothing.
    Automaton() = default;

    /// Expressions that the automaton cannot take are left out and told in `refused`; the others
    /// work. Fails when even so nothing compiles.
    static Result<Automaton> make(std::vector<AutomatonText> texts,
                                  std::vector<AutomatonRefusal>& refused);

    /// Everything about the library and the processor that `bytes` depends on.
    static std::string libraryName();
    /// For `from`; empty for no expression, and where the library fails.
    std::vector<std::uint8_t> bytes() const;
    /// Nothing where the bytes were made for another processor.
    static std::optional<Automaton> from(ByteView bytes);

    bool empty() const { return !m_database; }
    /// Null for no expression. Each automaton has its own, since the library loses one that it
    /// fails to grow.
    AutomatonScratch newScratch() const;
    /// Calls `hear` with the number of an expression and the end of each of its matches. Less than
    /// 4 GiB at a time.
    using Hear = std::function<void(unsigned id, std::size_t end)>;
    void scan(ByteView bytes, const AutomatonScratch& scratch, const Hear& hear) const;

private:
    explicit Automaton(hs_database* database);

    std::shared_ptr<hs_database> m_database;
};

} // namespace coredact
