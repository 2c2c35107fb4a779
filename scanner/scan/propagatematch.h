// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/propagateindex.h"

namespace coredact {

/// A copy of a form in a window of bytes; a position each, end excluded.
struct FormCopy {
    std::uint32_t form = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool whole = false;
};

/// Looks for all forms in one window after the other; one for each thread.
class FormMatcher {
public:
    explicit FormMatcher(const FormIndex& index);

    /// The copies that have an anchor in [begin, end) of `bytes`: anchors grow to both sides as
    /// far as the bytes agree. Bytes before `begin` and after `end` must reach as far as the
    /// longest form, or to where the run of bytes ends; 24 more must be readable after them.
    /// The answer holds until the next call.
    const std::vector<FormCopy>& find(ByteView bytes, std::size_t begin, std::size_t end);

private:
    struct Tried { ///< the last growth from an anchor of a form that counted for nothing
        std::size_t end = 0;
        std::size_t shift = 0; ///< position minus offset in the form, wrapping
        std::size_t size = 0;
    };

    void look(ByteView bytes, std::size_t at);
    void grow(ByteView bytes, std::size_t at, FormAnchor anchor);

    const FormIndex& m_index;
    std::vector<std::size_t> m_accepted; ///< for each form, where its last copy ends
    std::vector<Tried> m_tried;
    std::vector<std::uint32_t> m_touched; ///< forms to reset before the next window
    std::vector<std::uint32_t> m_positions;
    std::vector<FormCopy> m_candidates;
    std::vector<FormCopy> m_copies;
};

} // namespace coredact
