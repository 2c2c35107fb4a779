// SPDX-License-Identifier: GPL-3.0-or-later
// Hashes in records of Samba's own account database (passdb.tdb), as its servers read and write
// them: source3/passdb/passdb.c, init_buffer_from_samu(). Buffers have their length before them;
// hours of logon have one value that a fresh account has, and nearly all keep.
#include "scanner/rules/byteanchor.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/anchors.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t lengthSize = 4;
constexpr std::size_t hashSize = 16;
constexpr std::size_t pastSize = 32; ///< a salt and a hash of a hash
constexpr std::size_t mostPast = 24;
/// Units of a week that hours count in, 21 bytes of them, in a buffer of 32.
constexpr std::string_view hours = "\xa8\x00\x15\x00\x00\x00\x20\x00\x00\x00"sv;
constexpr std::size_t kindOfAccountSize = 4; ///< right before the hours
/// Lengths of the LM hash, the NT hash and the hashes of the past.
constexpr std::size_t recordReach
    = 3 * lengthSize + 2 * hashSize + mostPast * pastSize + kindOfAccountSize;

std::span<const RuleInfo> sambaRules()
{
    static const std::array rules {
        RuleInfo {"samba-password-hash",
                  "Password hash (Samba)",
                  Severity::Critical,
                  "A hash of an account's password as Samba's database holds it. The NT hash alone "
                  "signs in (pass the hash), and the password can be guessed quickly.",
                  "Set a new password for the account, also where else the same one is used.",
                  {"hash"},
                  94},
    };
    return rules;
}

bool endsBuffer(ByteView bytes, std::size_t end, std::size_t size)
{
    return end >= size + lengthSize
        && littleWord<std::uint32_t>(bytes.data() + end - size - lengthSize) == size;
}

void tell(const Window& window, std::size_t begin, std::size_t end, std::string title,
          MatchSink& sink)
{
    const ByteView value = window.bytes.subspan(begin, end - begin);
    Match match;
    match.rule = &sambaRules()[0];
    match.confidence = Confidence::Likely;
    match.title = std::move(title);
    match.proof = "the record around it is whole";
    match.form = ValueForm::Binary;
    match.spans = {{begin, end}};
    match.value.assign(value.begin(), value.end());
    sink.add(std::move(match));
}

/// `end`: of the NT hash, in front of what the account had before.
bool tellHashes(const Window& window, std::size_t end, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    if (!endsBuffer(bytes, end, hashSize)
        || distinctBytes(bytes.subspan(end - hashSize, hashSize)) <= hashSize / 2)
        return false;
    const std::size_t before = end - hashSize - lengthSize;
    const bool hasLm = endsBuffer(bytes, before, hashSize);
    if (!hasLm && !endsBuffer(bytes, before, 0))
        return false;
    tell(window, end - hashSize, end, "NT hash of a password (Samba)", sink);
    if (hasLm)
        tell(window, before - hashSize, before, "LM hash of a password (Samba)", sink);
    return true;
}

/// `position` is that of the hours.
void lookAtHours(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    if (!window.fresh(position) || position < kindOfAccountSize
        || !standsAt(bytes, position, hours))
        return;
    const std::size_t end = position - kindOfAccountSize;
    for (std::size_t count = 0; count <= mostPast; ++count) {
        const std::size_t past = count * pastSize;
        if (!endsBuffer(bytes, end, past) || !tellHashes(window, end - past - lengthSize, sink))
            continue;
        if (count > 0)
            tell(window, end - past, end, "Hashes of former passwords (Samba)", sink);
        return;
    }
}

} // namespace

std::span<const ByteAnchor> sambahashesAnchors()
{
    static const std::array anchors {anchorOf(hours.substr(0, 4), 0, lookAtHours)};
    return anchors;
}

extern const Detector sambahashesDetector;
const Detector sambahashesDetector {"sambahashes", sambaRules, recordReach + hours.size(), nullptr,
                                    false};

} // namespace coredact
