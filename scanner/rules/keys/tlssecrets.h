// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tlssession.h"
#include "scanner/rules/walk.h"

#include <map>
#include <set>

namespace coredact {

/// What the first pass over a dump has found that may belong to TLS connections.
struct TlsClues {
    std::set<SecretBytes> keys; ///< AES and ChaCha20 keys in use
    std::set<SecretBytes> masters; ///< master and resumption secrets of sessions

    bool empty() const { return keys.empty() && masters.empty(); }
};

/// What was proved of findings that the walk does not tell itself.
struct TlsProofs {
    std::map<SecretBytes, std::string> owners; ///< of keys in use: whose they are
    std::set<SecretBytes> masters; ///< master secrets of sessions whose keys are in use
};

/// Looks for the secrets that keys in use were derived from, which proves both:
/// - traffic secrets of TLS 1.3 and QUIC in fields of 64 bytes, the rest of which is zero (OpenSSL,
///   GnuTLS), behind a pointer with their length (Go, NSS, Rust), and behind their length (Java);
///   also by the initialisation vector of the records, where OpenSSL holds that beside them;
/// - master secrets of TLS 1.2 by the randoms of their connection, which OpenSSL holds side by
///   side, GnuTLS behind the master secret, and Go behind slices beside that of the secret.
/// OpenSSL and Go hold keys of ChaCha20 where no detector finds them: connections with it are found
/// by the vector only. Bounded: of more than
/// 262,144 pointers those with the lowest addresses are followed; of more than 4096 pairs of
/// randoms the first in the file are tried, with at most 100,000 tries.
class TlsSecretWalk : public Walk {
public:
    /// `proofs` must outlive the walk.
    TlsSecretWalk(TlsClues clues, TlsProofs& proofs);

    std::unique_ptr<WalkRound> newRound() override;
    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override;

private:
    const TlsClues m_clues;
    TlsProofs& m_proofs;
    bool m_done = false;
};

} // namespace coredact
