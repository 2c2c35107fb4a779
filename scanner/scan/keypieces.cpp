// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/keypieces.h"

#include "scanner/scan/collector.h"

#include <algorithm>
#include <iterator>

namespace coredact {

namespace {

constexpr std::string_view primeRule = "rsa-private-key-prime";

bool isPrime(const Finding& finding) { return finding.rule == primeRule; }

/// The first finding that is the whole key, by its public half.
std::size_t keyOf(const Finding& prime, const std::vector<Finding>& findings)
{
    const auto it = std::find_if(findings.begin(), findings.end(), [&](const Finding& other) {
        return !isPrime(other) && other.confidence == Confidence::Verified
            && other.identity == prime.identity;
    });
    return static_cast<std::size_t>(it - findings.begin());
}

void move(SecretValue& piece, SecretValue& key)
{
    key.derived.push_back({"prime", piece.form, std::move(piece.value)});
    std::move(piece.derived.begin(), piece.derived.end(), std::back_inserter(key.derived));
}

} // namespace

void joinKeyPieces(std::vector<Finding>& findings, std::vector<SecretValue>& values)
{
    for (std::size_t i = findings.size(); i-- > 0;) {
        if (!isPrime(findings[i]) || !findings[i].identity)
            continue;
        const std::size_t key = keyOf(findings[i], findings);
        if (key == findings.size())
            continue;
        auto& places = findings[key].occurrences;
        std::move(findings[i].occurrences.begin(), findings[i].occurrences.end(),
                  std::back_inserter(places));
        sortUnique(places);
        move(values[i], values[key]);
        findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(i));
        values.erase(values.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

} // namespace coredact
