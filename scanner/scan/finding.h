// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/range.h"
#include "scanner/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

/// What an attacker gains.
enum class Severity : std::uint8_t { Critical, High, Medium, Low, Info };

/// How sure it is. Verified: a checksum, a parse plus arithmetic, or a signature check holds.
enum class Confidence : std::uint8_t { Verified, Likely, Possible };

/// Why no other copies of a value are looked for: only the places where a rule saw it count, and no
/// promise is made of others.
enum class NotSought : std::uint8_t {
    No, ///< they are
    CommonWord, ///< it is a word that the dump is full of
    PublishedKey, ///< a key that libraries and tools bring along for their tests: everybody has it
};

std::string_view toText(Severity severity); ///< "critical"
std::string_view toText(Confidence confidence); ///< "verified"
std::string_view toText(NotSought reason); ///< "word"; "" for No
std::optional<Severity> severityFrom(std::string_view text);
std::optional<Confidence> confidenceFrom(std::string_view text);

/// What a report may say of a secret without leaking it: an SPKI digest, an AWS account id, a
/// JWT's issuer. Not enough to find the secret.
struct Identity {
    std::string kind;
    std::string value;

    bool operator==(const Identity&) const = default;
};

/// A run of bytes in the file, and its address where it is memory.
struct Piece {
    FileRange file;
    std::optional<std::uint64_t> address;

    bool operator==(const Piece&) const = default;
};

/// One place of a secret. At least one piece; pieces in the order of the secret's bytes.
struct Occurrence {
    std::string encoding; ///< "raw", "utf-16le", "base64", "reversed", "fragment", ...
    std::string region; ///< name of the region or field it lies in
    std::vector<Piece> pieces;

    bool operator==(const Occurrence&) const = default;
};

/// One rule, one value, all its places; never the value, nor an unkeyed digest of it.
struct Finding {
    std::string id; ///< "f1", "f2", ... in the order of the first occurrence; stable for one input
    std::string rule;
    std::string title;
    Severity severity = Severity::Medium;
    Confidence confidence = Confidence::Possible;
    std::optional<Identity> identity;
    std::string proof; ///< "p·q equals n"; "" where there is none
    /// Whose it is, as far as this dump says: "certificate CN=api.example.net, valid to ...",
    /// "signs tokens of https://idp.example.net, key id 7a (21 in this dump)".
    std::vector<std::string> belongsTo {};
    std::string explanation; ///< what it is and why it matters
    std::string remediation; ///< how to rotate it
    std::vector<Occurrence> occurrences; ///< by first offset; at least one
    NotSought notSought = NotSought::No;

    bool operator==(const Finding&) const = default;
};

} // namespace coredact
