// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"

#include <cstdint>
#include <string>

namespace coredact {

/// Which inputs copies were made of, and under which policies, so that a second copy of one input
/// under another policy is warned of: who has both sees in one what the other hides. Of each export
/// two HMAC-SHA256 are kept, of the input's digest and of the policy, under a random key in the
/// same file; no name, no time, no place. The file is its owner's alone (0600), and holds the last
/// thousand exports. Deleting it forgets them.
class ExportHistory {
public:
    /// $XDG_STATE_HOME/coredact, else ~/.local/state/coredact; "" where neither is known.
    static std::string standardFolder();

    /// In a folder, which is made where it is missing.
    explicit ExportHistory(std::string folder)
        : m_folder(std::move(folder))
    {
    }

    /// Notes an export, and says how many other policies the input was exported under before.
    /// Fails where the file cannot be had or is not the owner's; then nothing is known.
    Result<std::uint64_t> note(const std::string& inputDigest, const std::string& policy) const;

private:
    std::string m_folder;
};

/// That an input was exported before under other policies, and what follows from it, as a sentence.
std::string earlierExportWarning(std::uint64_t policies);

} // namespace coredact
