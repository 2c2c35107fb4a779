// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/signedtokens.h"
#include "scanner/rules/walk.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/pass.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace coredact {

/// Chooses the tokens and signed cookies whose secret is looked for, pass by pass: of each family
/// one, then some, and more where keys turn up that do not explain all of it. What a key explains
/// is not tried any more. So a family of very many tokens costs what a few do; that none of four
/// (two of those that name issuer and key id) had its secret in the dump is taken for an answer for
/// all.
///
/// Bounded, to be asked when the search is over: whether families were not tried at all, or only
/// partly though they are of several keys.
class TokenSearch : public Bounded {
public:
    static constexpr std::size_t mostAtOnce = 64;
    static constexpr std::size_t mostInAll = 256;

    /// `tokens`: families side by side (TokenHarvest). They must outlive it.
    explicit TokenSearch(std::span<const SignedToken> tokens);

    /// Ends one pass and chooses for the next; false when the search is over. No thread may be in
    /// a pass.
    bool chooseNext();
    std::span<const SignedToken* const> chosen() const { return m_chosen; }
    /// A secret that signs one of the chosen. Any thread.
    void prove(ByteView secret);

private:
    struct Family {
        std::vector<const SignedToken*> open; ///< that no secret explains, those tried first
        std::size_t tried = 0; ///< of the open ones
        bool isTouched = false;
        bool hasSecrets = false;
        bool hasRareSecrets = false; ///< more tokens than were kept, and a secret of just one

        std::size_t enough() const;
        bool wants() const { return tried < std::min(enough(), open.size()); }
        bool owes() const { return wants() && (hasSecrets || !isTouched); }
        const SignedToken* take();
        void explain(TokenSecret& secret);
    };

    bool explain(); ///< whether there were secrets

    std::vector<Family> m_families;
    std::vector<const SignedToken*> m_chosen;
    unsigned m_passes = 0;
    std::size_t m_inAll = 0;
    std::mutex m_mutex;
    std::set<SecretBytes> m_secrets; ///< under the mutex; of this pass
};

/// One thread's part of the search for the secrets of tokens: tries every text of the dump as the
/// secret of each that is chosen, as it stands and decoded from base64 or hex. A text is what
/// stands between bytes that are none, a word of it, what follows a = or : in a word, and what
/// stands between punctuation. Secrets of less than six characters or that are no text are not
/// found. `search` and `collector` must outlive it.
std::unique_ptr<PassPart> makeTokenSecretPart(TokenSearch& search, Collector& collector);

} // namespace coredact
