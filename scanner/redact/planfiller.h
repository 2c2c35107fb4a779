// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/redact/plan.h"

#include <vector>

namespace coredact {

/// Puts the fills of a plan into the bytes of a file that go by in rising order, and counts what
/// was filled of each range. The plan must outlive it, and is never changed.
class PlanFiller {
public:
    explicit PlanFiller(const RedactionPlan& plan)
        : m_plan(plan)
        , m_filled(plan.edits().size(), 0)
    {
    }

    /// Whether the plan changes one of `size` bytes at `offset`, which is not before earlier ones.
    bool changes(std::uint64_t offset, std::size_t size);
    /// Fills `window`, which stands at `offset`. Windows must not overlap.
    void fill(std::uint64_t offset, MutableByteView window);
    /// Fails, with the range's offset, where not every byte of a range was filled exactly once.
    Status complete() const;

private:
    const RedactionPlan& m_plan;
    std::vector<std::uint64_t> m_filled; ///< bytes of each edit
    std::size_t m_next = 0; ///< the first edit that may still be needed
};

/// The bytes that a fill puts into [range.first, range.last] of `edit`, for positions
/// [from, from + target.size()) of the file; shared by exporter and preview, not by the verifier.
void writeFill(const Edit& edit, std::uint64_t from, MutableByteView target);

} // namespace coredact
