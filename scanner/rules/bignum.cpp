// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys that libcrypto holds as BIGNUMs, long after the file they came from was freed.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/heldec.h"
#include "scanner/rules/keys/heldrsa.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> bignumRules()
{
    static const std::array rules {
        RuleInfo {"rsa-private-key-bignum",
                  "RSA private key (in memory)",
                  Severity::Critical,
                  std::string("An RSA private key as the numbers that OpenSSL, LibreSSL or "
                              "BoringSSL calculates with.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"ec-private-key-bignum",
                  "EC private key (in memory)",
                  Severity::Critical,
                  std::string("An elliptic-curve private key as the number that OpenSSL, LibreSSL "
                              "or BoringSSL calculates with.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
    };
    return rules;
}

void report(MatchSink& sink, const RuleInfo& rule, std::vector<HeldKey> keys)
{
    for (HeldKey& held : keys) {
        Match match = matchOf(rule, std::move(held.key), "in memory");
        match.places = std::move(held.places);
        sink.add(std::move(match));
    }
}

Status walkBignums(const WalkContext& context, MatchSink& sink)
{
    const auto numbers = gatherBignums(context);
    if (!numbers)
        return numbers.error();
    if (numbers->empty())
        return {};
    report(sink, bignumRules()[0], heldRsaKeys(*numbers));
    auto curveKeys = heldEcKeys(context, *numbers);
    if (!curveKeys)
        return curveKeys.error();
    report(sink, bignumRules()[1], std::move(*curveKeys));
    return {};
}

} // namespace

extern const Detector bignumDetector;
const Detector bignumDetector {"bignum", bignumRules, 0, nullptr, false, walkBignums};

} // namespace coredact
