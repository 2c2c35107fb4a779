// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

namespace coredact {

/// Standard alphabet, padded, no line breaks.
SecretBytes encodeBase64(ByteView bytes);

/// Decodes characters of the standard alphabet; everything from the first other character on is
/// left alone. Bits that make no whole byte are dropped.
SecretBytes decodeBase64(ByteView characters);

inline bool isBase64(std::uint8_t character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
        || (character >= '0' && character <= '9') || character == '+' || character == '/';
}

} // namespace coredact
