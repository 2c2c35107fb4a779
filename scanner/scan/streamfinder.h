// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/decompress.h"
#include "scanner/scan/window.h"

#include <array>
#include <compare>
#include <string>

namespace coredact {

/// Where a compressed stream begins that unpacks at least so far that it is none by chance.
struct StreamStart {
    std::uint64_t offset = 0; ///< in the file, of its first byte or that one's text
    StreamCodec codec = StreamCodec::Gzip;
    std::string wrapping {}; ///< the views that show it ("utf-16le+base64"); "": it stands raw

    auto operator<=>(const StreamStart&) const = default;
};

/// Bytes that a stream must give: this many, or fewer when it is complete.
inline constexpr std::size_t leastUnpacked = 256;
inline constexpr std::size_t leastUnpackedWhole = 32;

/// Looks for compressed streams in windows; one for each thread. What it finds depends on the
/// 4096 bytes that follow a place only, which every window has in its margin.
class StreamFinder {
public:
    /// The starts in the window's fresh part, in rising order; holds until the next call.
    const std::vector<StreamStart>& find(const Window& window, std::string_view wrapping = {});

private:
    bool unpacks(ByteView bytes, StreamCodec codec);
    void findBare(const Window& window, std::string_view wrapping);
    void add(const Window& window, std::size_t at, StreamCodec codec, std::string_view wrapping);

    std::vector<StreamStart> m_found;
    std::unique_ptr<Decompressor> m_gzip;
    std::unique_ptr<Decompressor> m_zlib;
    std::unique_ptr<Decompressor> m_bare;
};

} // namespace coredact
