// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

#include <map>
#include <set>

namespace coredact {

/// Passphrases that gpg-agent keeps, encrypted.
const RuleInfo& cachedPassphraseRule();

/// The bytes that were wrapped under a key of 16 bytes (RFC 3394); empty when its check fails.
SecretBytes unwrapped(ByteView key, ByteView wrapped);

/// Looks for passphrases that gpg-agent keeps in its cache: {length, RFC 3394 wrapping of the text
/// padded to a multiple of 8 bytes}, under an AES-128 key of which libgcrypt holds the schedule.
/// The check value of the wrapping proves both. Passphrases of up to 256 bytes.
class WrappedCacheWalk : public Walk {
public:
    /// `keys`: AES-128 keys in use. `owners` gets a line for each that unwraps something; it must
    /// outlive the walk.
    WrappedCacheWalk(std::set<SecretBytes> keys, std::map<SecretBytes, std::string>& owners);

    std::unique_ptr<WalkRound> newRound() override;
    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override;

private:
    const std::set<SecretBytes> m_keys;
    std::map<SecretBytes, std::string>& m_owners;
    bool m_done = false;
};

} // namespace coredact
