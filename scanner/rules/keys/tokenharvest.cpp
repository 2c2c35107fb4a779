// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tokenharvest.h"

#include <tuple>

namespace coredact {

namespace {

std::optional<SignedToken> readAnyToken(ByteView text)
{
    for (const auto read : {&readSignedToken, &readSignedCookie, &readFernetToken})
        if (auto token = read(text))
            return token;
    return std::nullopt;
}

} // namespace

bool TokenHarvest::BySignature::operator()(const SignedToken& a, const SignedToken& b) const
{
    return std::tie(a.signature, a.text) < std::tie(b.signature, b.text);
}

void TokenHarvest::see(ByteView text)
{
    auto token = readAnyToken(text);
    if (!token)
        return;
    const std::lock_guard lock(m_mutex);
    Family& family = m_families[{!isHmac(*token), token->family}];
    family.tokens.insert(std::move(*token));
    if (coredact::keepFirst(family.tokens, mostOfFamily))
        family.hasMore = true;
    keepFirst(m_families, mostFamilies);
}

std::vector<SignedToken> TokenHarvest::tokens() const
{
    std::vector<SignedToken> tokens;
    for (const auto& [key, family] : m_families)
        for (const SignedToken& token : family.tokens) {
            tokens.push_back(token);
            tokens.back().isOneOfMore = family.hasMore;
        }
    return tokens;
}

} // namespace coredact
