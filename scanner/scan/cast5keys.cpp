// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/cast5keys.h"

#include "scanner/rules/ciphers/cast5.h"

namespace coredact {

namespace {

constexpr std::string_view cast5Rule = "cast5-key-schedule";

/// Several keys may have the same subkeys: the others go with the first.
void setKeys(Finding& finding, SecretValue& secret, std::vector<SecretBytes> keys)
{
    finding.confidence = Confidence::Verified;
    finding.proof = "all of it follows from the key";
    secret.derived.push_back({"round keys", ValueForm::Binary, std::move(secret.value)});
    secret.value = std::move(keys.front());
    for (std::size_t i = 1; i < keys.size(); ++i)
        secret.derived.push_back(
            {"key with the same round keys", ValueForm::Binary, std::move(keys[i])});
}

} // namespace

bool proveCast5Keys(std::vector<Finding>& findings, std::vector<SecretValue>& values,
                    const JobControl& control, std::size_t most)
{
    std::size_t tried = 0;
    for (std::size_t i = 0; i < findings.size() && !control.cancelled();) {
        if (findings[i].rule != cast5Rule || values[i].value.size() != cast5Bytes) {
            ++i;
            continue;
        }
        if (++tried > most)
            return true;
        std::vector<SecretBytes> keys = cast5KeysOf(values[i].value.data());
        if (keys.empty()) {
            findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(i));
            values.erase(values.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
        }
        setKeys(findings[i], values[i], std::move(keys));
        ++i;
    }
    return false;
}

} // namespace coredact
