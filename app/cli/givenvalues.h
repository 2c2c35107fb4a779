// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/base/result.h"

#include <string>
#include <vector>

namespace coredact::cli {

/// Exact values to look for, as a person gives them. Wiped when dropped; not copyable.
class GivenValues {
public:
    /// Shorter values stand everywhere by chance.
    static constexpr std::size_t minimumSize = 4;

    GivenValues() = default;
    ~GivenValues();
    GivenValues(GivenValues&&) noexcept = default;
    GivenValues& operator=(GivenValues&& other) noexcept
    {
        m_texts.swap(other.m_texts);
        return *this;
    }

    /// One value a line, without its line end; empty lines are none. Refuses a value that is too
    /// short, naming its line and not the value, and files of more than 16 MiB.
    static Result<GivenValues> fromFile(const std::string& path);

    /// The form in which requests take them.
    const std::vector<std::string>& texts() const { return m_texts; }

private:
    std::vector<std::string> m_texts;
};

} // namespace coredact::cli
