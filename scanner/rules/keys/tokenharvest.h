// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/signedtokens.h"
#include "scanner/rules/walk.h"

#include <mutex>
#include <set>
#include <vector>

namespace coredact {

/// Signed tokens and cookies of a dump, each once. A busy server holds a hundred thousand, of a
/// few keys: of each family those `mostOfFamily` stay whose signatures sort first, which is as good
/// as drawing lots and depends neither on places nor on threads. Bounded: of more than
/// `mostFamilies` those stay that sort first, families signed with HMAC before all others. To be
/// asked whether any was left out when no thread adds any more.
class TokenHarvest : public Bounded {
public:
    static constexpr std::size_t mostFamilies = 512;
    static constexpr std::size_t mostOfFamily = 64;

    /// Takes what reads as a token or a signed cookie. Any thread.
    void see(ByteView text);
    /// Families side by side, of each in the order of signatures. To be called when no thread adds
    /// any more.
    std::vector<SignedToken> tokens() const;

private:
    struct BySignature {
        bool operator()(const SignedToken& a, const SignedToken& b) const;
    };
    struct Family {
        std::set<SignedToken, BySignature> tokens;
        bool hasMore = false;
    };

    std::mutex m_mutex;
    /// Under the mutex; by whether it is not HMAC that signs, and by what they have in common.
    std::map<std::pair<bool, std::string>, Family> m_families;
};

} // namespace coredact
