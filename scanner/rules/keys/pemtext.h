// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

namespace coredact {

/// No PEM is followed further than this from its first dash.
inline constexpr std::size_t maximumPem = 16384;

/// A private key's text between its labels.
struct PemText {
    std::string label; ///< "RSA PRIVATE KEY"
    Span body; ///< the base64 characters, without the line breaks before and after them
    SecretBytes characters; ///< those alone, up to the padding
    bool closed = false; ///< the END line with the same label follows
    bool encrypted = false; ///< a header or the label says so
};

/// Reads the key whose "-----BEGIN " stands at `position`. Knows line breaks as files, JSON, XML,
/// URLs and source text write them, header lines, and PGP's checksum. A body that breaks off is
/// told as far as it goes. Nothing when it is no private key or has hardly a body.
std::optional<PemText> readPem(ByteView bytes, std::size_t position);

/// Reads base64 lines without labels from `position` on.
PemText readPemBody(ByteView bytes, std::size_t position);

/// What is left of the key whose "-----END " stands at `position` when no BEGIN line is: the lines
/// before it, of which the first may be cut anywhere. Nothing when it is no private key, or its
/// BEGIN line is there.
std::optional<PemText> readPemBefore(ByteView bytes, std::size_t position);

} // namespace coredact
