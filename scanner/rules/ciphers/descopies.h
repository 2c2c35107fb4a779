// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

#include <set>

namespace coredact {

/// DES and triple DES keys in use.
const RuleInfo& desKeyRule();

/// Looks for DES keys as they were given to the cipher: their round keys do not tell the lowest bit
/// of each byte, so that these copies may differ from what was put together. Bounded: of more than
/// 256 keys the first ones by value.
class DesCopiesWalk : public Walk {
public:
    /// `keys`: of 8 or 24 bytes, with any lowest bits.
    explicit DesCopiesWalk(const std::set<SecretBytes>& keys);

    std::unique_ptr<WalkRound> newRound() override;
    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override;

private:
    std::set<SecretBytes> m_keys; ///< of 8 bytes, lowest bits clear
    bool m_done = false;
};

} // namespace coredact
