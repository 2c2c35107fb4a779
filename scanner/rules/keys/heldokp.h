// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/needles.h"
#include "scanner/rules/keys/okpkey.h"

#include <map>
#include <set>

namespace coredact {

/// The public half of an Edwards or Montgomery key.
struct OkpPublic {
    const OkpKind* kind = nullptr;
    SecretBytes bytes;

    auto operator<=>(const OkpPublic& other) const { return bytes <=> other.bytes; }
    bool operator==(const OkpPublic& other) const { return bytes == other.bytes; }
};

/// Where OpenSSL 3's struct ecx_key_st has its fields ({libctx, propq, flags, public[57], pointer
/// to the private half, length, type, references}), by the bytes of a word.
struct EcxLayout {
    std::size_t word;
    std::size_t flags; ///< the lowest bit: there is a public half; that stands right behind
    std::size_t privateHalf;
    std::size_t length; ///< a word
    std::size_t type; ///< 32 bits, and then as many of references
    std::size_t size;
};

/// Gathers public halves (SubjectPublicKeyInfo of RFC 8410, SSH's wire form of RFC 8709) and the
/// structures in which OpenSSL 3 holds such keys. Bounded by value and address, so what stays does
/// not depend on the order of windows.
class OkpHarvest : public Bounded {
public:
    explicit OkpHarvest(const Dump& dump);
    /// For public halves: `lookAt` is to be told where one of these stands.
    static std::vector<Anchor> anchors();
    void lookAt(const Window& window, std::size_t position);
    /// For structures.
    void look(const Window& window);
    void join(const OkpHarvest& other);

    const std::set<OkpPublic>& publics() const { return m_publics; }
    /// Keys whose structure, and private half behind it, stand in the dump, proved.
    Result<std::vector<HeldKey>> structures(const WalkContext& context) const;

private:
    void lookAtSpki(const Window& window, std::size_t at);
    void lookAtSsh(const Window& window, std::size_t at);
    void lookForStructures(const Window& window);
    void lookAtStructure(ByteView bytes);
    void addPublic(const OkpKind& kind, ByteView bytes);

    bool m_structures; ///< the layouts are of little-endian programs
    EcxLayout m_layout;
    std::set<OkpPublic> m_publics;
    std::map<std::uint64_t, OkpPublic> m_structs; ///< by address of the private half
};

/// Looks for private halves right before or behind their public one: seed and public half as Go,
/// libsodium and OpenSSH hold Ed25519 keys, public and private half as WireGuard does.
class OkpPairs {
public:
    explicit OkpPairs(const std::set<OkpPublic>& publics);

    /// A private half and where it stands.
    struct Found {
        std::vector<FileRange> places;
        std::size_t publicIndex = 0;
        SecretBytes secret;
    };

    /// Any thread.
    void look(const Window& window, std::vector<Found>& found) const;
    PrivateKey keyOf(const Found& found) const;

private:
    std::vector<OkpPublic> m_publics;
    NeedleSearch m_search;
};

} // namespace coredact
