// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A protected key in a Java key store.
struct JavaStoreKey {
    Span secret;
    std::optional<Identity> identity; ///< of its certificate's key
    bool symmetric = false;
};

/// The keys of the JKS or JCEKS store whose magic stands at `position`, as far as its entries can
/// be read. Nothing when it is no such store.
std::vector<JavaStoreKey> readJavaStore(ByteView bytes, std::size_t position);

} // namespace coredact
