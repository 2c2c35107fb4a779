// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"
#include "scanner/base/securebuffer.h"
#include "scanner/scan/scan.h"

namespace coredact {

/// Makes the pseudonyms of one export: "CDR~" and up to twelve letters and digits that are an
/// HMAC-SHA256 under a random key of 32 bytes. Who has the copy can tell equal secrets from
/// different ones, and nothing else: the key lives as long as this object and is written nowhere.
class TokenMaker {
public:
    TokenMaker();

    /// The token of `name`, at most `size` bytes long; `size` is at least 8.
    std::string token(std::string_view name, std::uint64_t size) const;

private:
    SecretBytes m_key;
};

/// Whether there are so few values of this kind that equal pseudonyms would tell: less than 2^40
/// by its length and the kinds of characters in it, repetitions not counted. A PIN, a telephone
/// number, a country or a yes is one; so is a word of eight small letters.
bool isGuessable(const SecretValue& value);

/// ASCII text in UTF-16, as bytes.
std::string inUtf16(std::string_view text, ByteOrder order);

} // namespace coredact
