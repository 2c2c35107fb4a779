// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/sshkey.h"
#include "scanner/rules/walk.h"

#include <set>

namespace coredact {

/// What the end of OpenSSH's `struct sshkey` (8.1 and later) says: {shielded key, its length,
/// pre-key, its length of 16 KiB}.
struct Shield {
    std::uint64_t ciphertext = 0; ///< an address
    std::uint64_t size = 0;
    std::uint64_t prekey = 0; ///< an address

    auto operator<=>(const Shield&) const = default;
};

/// Gathers what may be such an end, in the dump's word size and byte order. Bounded: past 65,536
/// different ones, those with higher addresses are left out.
class ShieldHarvest : public Bounded {
public:
    explicit ShieldHarvest(const Dump& dump);

    std::vector<Anchor> anchors() const;
    /// One of the anchors stands at `position`.
    void lookAt(const Window& window, std::size_t position);
    void join(ShieldHarvest& other);
    const std::set<Shield>& shields() const { return m_shields; }

private:
    std::size_t anchorAt() const;
    void add(const Shield& shield);

    ByteOrder m_order;
    std::size_t m_word;
    std::set<Shield> m_shields;
};

/// A key that OpenSSH keeps encrypted in memory, and where what it takes to decrypt it stands.
struct ShieldedKey {
    PrivateKey key;
    std::vector<FileRange> places; ///< the pre-key and the ciphertext
};

/// Decrypts what a shield points to; nothing when that gives no key.
std::optional<ShieldedKey> shieldedKey(const WalkContext& context, const Shield& shield);

/// The private key in SSH's wire form that a pre-key and a ciphertext give; empty when what comes
/// out does not begin with the name of a key type.
SecretBytes unshield(ByteView prekey, ByteView ciphertext);

} // namespace coredact
