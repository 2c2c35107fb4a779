// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/io/source.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

/// The compression that a file begins with, by its magic number: "zstd", "xz", "lz4", "gzip",
/// "bzip2", or nothing. Reads only the first bytes; what lies inside is known after decompressing.
std::optional<std::string_view> detectContainer(const Source& source);

/// What came out of a container.
struct Decompressed {
    std::vector<std::string> containers; ///< outermost first: {"zstd"}; empty: it was none
    std::uint64_t size = 0; ///< bytes in the target
    /// Set when the stream ends early, is damaged, or has bytes behind its end: what came out is
    /// in the target and may be looked at, but is not all (up to one block of the codec before
    /// the damage is lost too). The offset is in the container.
    std::optional<Error> damage;
};

/// Decompresses into `target`, an empty file open for writing. Up to three containers inside one
/// another are opened; zero pages become holes. Fails when nothing came out, when the
/// decompressed file is larger than `byteBudget` bytes, on a write error, or when cancelled.
/// Opens nothing; the codecs run in this process. The format's own checksums are checked.
Result<Decompressed> decompress(const Source& source, int target, std::uint64_t byteBudget,
                                const JobControl& control);

/// Compresses all of `plain` into `target`, an empty file open for writing, so that
/// `decompress` gives the same bytes and the same `containers` (outermost first).
Status compress(const Source& plain, const std::vector<std::string>& containers, int target,
                const JobControl& control);

} // namespace coredact
