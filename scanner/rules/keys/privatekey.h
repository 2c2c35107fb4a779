// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

namespace coredact {

/// A private key, whatever form it was read from, and what its arithmetic says of it.
struct PrivateKey {
    std::string name; ///< "RSA-2048", "EC P-256", "Ed25519"
    Confidence confidence = Confidence::Likely;
    std::string proof; ///< "" where there is none
    std::optional<Identity> identity;
    std::string knownAs; ///< whose published test key it is, "" for a key of somebody
    ValueForm form = ValueForm::Number;
    /// What the same key has in common in all its forms: the larger prime of RSA, the scalar of
    /// EC, the seed of Ed25519. Empty where the numbers could not be read.
    SecretBytes value;
    std::vector<DerivedValue> derived;
    SecretBytes publicKey {}; ///< SubjectPublicKeyInfo in DER; "" where it is not known
};

/// A match of this key without its places: "RSA-2048 private key (WHERE)". A published test key
/// is Severity::Info and is called so.
Match matchOf(const RuleInfo& rule, PrivateKey key, std::string_view where);

/// SHA-256 as lower-case hex.
std::string sha256Hex(ByteView bytes);
/// "spki-sha256" of a SubjectPublicKeyInfo in DER, as lower-case hex.
Identity spkiIdentity(ByteView spki);
/// "ssh-fingerprint" of a public key in SSH's wire form: "SHA256:...", as ssh-keygen -l says it.
Identity sshIdentity(ByteView publicBlob);
/// Sets identity and, when the key is a published one, its origin.
void identify(PrivateKey& key, ByteView spki);

/// Adds the base64 characters that only bytes of [begin, end) of `whole` decide, as text: what
/// is left of a freed PEM buffer are lines of it.
void addBase64Of(std::vector<DerivedValue>& derived, std::string name, ByteView whole,
                 std::size_t begin, std::size_t end);

/// Whether bytes look drawn at random: many different values, about as many ones as zeros. True
/// for all but one in 10^6 random strings of 32 bytes or more; false for tables, text, pointers.
bool looksRandom(ByteView bytes);

} // namespace coredact
