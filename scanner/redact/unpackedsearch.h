// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/redact/needles.h"
#include "scanner/redact/unpacking.h"

#include <string>

namespace coredact {

/// Gives the packed bytes of a stream, from the front to the back.
class PackedBytes {
public:
    virtual ~PackedBytes() = default;
    /// The next ones, valid until the next call; none at the end.
    virtual Result<ByteView> next() = 0;
};

/// The bytes of base64 that stands in a text, up to what is none. A line of forty characters or
/// more may be followed by another.
class Base64Bytes : public PackedBytes {
public:
    explicit Base64Bytes(PackedBytes& text);

    Result<ByteView> next() override;

    static bool isDigit(std::uint8_t byte);

private:
    bool take(std::uint8_t byte);
    void finish();

    PackedBytes& m_text;
    SecretBytes m_bytes;
    std::uint32_t m_bits = 0;
    unsigned m_digits = 0; ///< of the group of four at hand
    std::size_t m_line = 0; ///< characters of the line at hand
    bool m_carriage = false; ///< the last byte was a carriage return
    bool m_over = false;
};

/// Looks for needles in one compressed stream and in those inside it: as they are, or in base64,
/// three readings deep. Of one inside it sees what lies in a window of 64 KiB at least; one that
/// does not end there is the last, and so is one that goes over the limit of all inside.
class UnpackedSearch {
public:
    static constexpr int deepest = 3; ///< readings: each stream is one, and each text around one

    /// `readings`: those around the packed bytes.
    UnpackedSearch(const Seeker& seeker, int readings);

    UnpackedSearch(const UnpackedSearch&) = delete;
    UnpackedSearch& operator=(const UnpackedSearch&) = delete;

    struct Seen {
        bool isStream = false; ///< complete, or unpacked far enough to be none by chance
        bool cut = false; ///< its bytes ended first
        bool all = true; ///< it was unpacked to its end, and so were those inside
        std::uint64_t cost = 0; ///< bytes given or taken, whichever is more, without those inside
        std::string name {}; ///< "gzip", or "gzip+base64+zlib" for a needle in one inside
        std::optional<Needles::Match> left {}; ///< the first needle
    };
    Result<Seen> look(PackedBytes& packed);

private:
    class Window;

    UnpackedSearch(const Seeker& seeker, int readings, std::uint64_t& inside);

    std::optional<Needles::Match> firstNeedle(const Window& window) const;
    bool lookInside(const Window& window, Seen& seen);
    bool lookInto(ByteView bytes, std::size_t at, Seen& seen);

    const Seeker& m_seeker;
    int m_readings;
    std::uint64_t m_ownInside;
    std::uint64_t& m_inside; ///< bytes that streams inside the outermost one may still give
};

/// Whether base64 that may hold a stream begins at `at`, by the character before and its first
/// ones. Not at the begin of a line, which another one may stand before, nor of the bytes.
bool mayBeginPackedText(ByteView bytes, std::size_t at);

} // namespace coredact
