// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/needles.h"
#include "scanner/rules/walk.h"

#include <functional>
#include <set>

namespace coredact {

inline constexpr std::size_t mostOnionKeys = 4096;

/// Calls `take` with the Ed25519 public key of each onion address (version 3, 56 characters, with
/// or without ".onion") that begins in the window's fresh part and whose checksum is right.
void forEachOnionAddress(const Window& window, const std::function<void(SecretBytes)>& take);

/// Whether the expanded Ed25519 key (64 bytes: a clamped scalar and a prefix for nonces) is that of
/// the public key.
bool isExpandedKeyOf(ByteView expanded, ByteView publicKey);

/// Looks for expanded keys right before or behind their public key, as tor holds them.
class OnionKeySearch {
public:
    explicit OnionKeySearch(const std::set<SecretBytes>& publics);
    OnionKeySearch(const OnionKeySearch&) = delete;
    OnionKeySearch& operator=(const OnionKeySearch&) = delete;

    struct Found {
        std::vector<FileRange> places;
        SecretBytes secret;
    };

    /// Any thread.
    void look(const Window& window, std::vector<Found>& found) const;

private:
    std::vector<SecretBytes> m_publics;
    NeedleSearch m_search;
};

} // namespace coredact
