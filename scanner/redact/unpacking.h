// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <memory>
#include <string_view>
#include <vector>

namespace coredact {

/// Unpacking of compressed streams, for the verification: written apart from the scanner's, so
/// that no mistake is the scanner's too.
namespace unpacking {

struct Step {
    std::size_t taken = 0; ///< packed bytes
    std::size_t given = 0; ///< unpacked bytes
    bool ended = false; ///< the stream is complete
    bool failed = false;
};

class Codec {
public:
    virtual ~Codec() = default;
    /// Throws std::bad_alloc.
    virtual Step step(ByteView in, MutableByteView out) = 0;
};

/// Positions in [begin, end) where the first two bytes of a stream stand, as they are or in
/// base64, in rising order; 17 bytes after `end` must be readable.
void findMagics(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                std::vector<std::size_t>& positions);

/// Of a position that was found: whether it is one of base64.
bool isTextMagic(std::uint8_t first);

struct Opened {
    std::string_view name; ///< "gzip"
    std::unique_ptr<Codec> codec; ///< nullptr where no stream begins there
};
/// What can unpack the stream whose first bytes these are. Throws std::bad_alloc.
Opened open(ByteView head);

} // namespace unpacking

} // namespace coredact
