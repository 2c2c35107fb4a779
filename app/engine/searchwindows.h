// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/client/protocol.h"
#include "scanner/io/source.h"

#include <vector>

namespace coredact::engine {

/// The runs of a file that a search looks at one after the other, nearest first. Each is where a
/// place may begin; it may end up to `longest` bytes later.
class SearchWindows {
public:
    static constexpr std::uint64_t size = 4U << 20;
    enum class Holes { Not, Too };

    /// `longest`: of what is looked for, at least 1. The file must not be empty.
    static Result<SearchWindows> make(const Source& source, const protocol::Search& search,
                                      std::uint64_t longest, Holes holes);

    /// The answer of the first window that has one.
    template <typename Look>
    Result<std::optional<FileRange>> firstOf(const JobControl& control, const Look& look) const
    {
        std::uint64_t done = 0;
        for (const FileRange& window : m_windows) {
            if (control.cancelled())
                return Error {ErrorCode::Cancelled, "the search was cancelled", std::nullopt};
            control.report({"search", done, m_bytes});
            Result<std::optional<FileRange>> found = look(window);
            if (!found || *found)
                return found;
            done += window.size();
        }
        return std::optional<FileRange>();
    }

private:
    explicit SearchWindows(std::vector<FileRange> windows);

    std::vector<FileRange> m_windows;
    std::uint64_t m_bytes = 0;
};

} // namespace coredact::engine
