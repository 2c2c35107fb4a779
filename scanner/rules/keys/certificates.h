// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

#include <map>
#include <string>
#include <vector>

namespace coredact {

/// Gathers X.509 version 3 certificates in DER (RFC 5280 4.1), for the names that belong to keys.
/// Nothing of a certificate is checked, its signature least of all. Bounded: of more than 4096
/// those that come first in the file stay.
/// A certificate of more than 16 KiB, or one that is not all there, is none.
class CertificateHarvest : public WalkRound {
public:
    std::vector<Anchor> anchors() const override;
    void lookAt(const Window& window, std::size_t position) override;
    void join(WalkRound& other) override;
    /// What the certificates of a public key say, each once: "CN=api.example.net, valid to
    /// 2027-03-01". `spki`: SHA-256 of the SubjectPublicKeyInfo as lower-case hex.
    std::vector<std::string> ofKey(const std::string& spki) const;

private:
    void read(const Window& window, std::size_t begin);
    void keep(std::pair<std::string, std::string> certificate, std::uint64_t place);

    /// Digest of the key and description, and the first place in the file.
    std::map<std::pair<std::string, std::string>, std::uint64_t> m_found;
};

} // namespace coredact
