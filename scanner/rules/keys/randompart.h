// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// The longest part that looks drawn at random, in steps of 16 bytes: what of a container may be
/// searched for elsewhere, since its heads and names stand in many other files. Empty where no 32
/// bytes look so.
inline SecretBytes randomPart(ByteView bytes)
{
    constexpr std::size_t block = 32;
    constexpr std::size_t step = 16;
    Span best;
    Span run;
    for (std::size_t at = 0; at + block <= bytes.size(); at += step) {
        if (!looksRandom(bytes.subspan(at, block)))
            continue;
        run = run.end >= at + step && run.end > 0 ? Span {run.begin, at + block}
                                                  : Span {at, at + block};
        if (run.end - run.begin > best.end - best.begin)
            best = run;
    }
    const ByteView part = bytes.subspan(best.begin, best.end - best.begin);
    return SecretBytes(part.begin(), part.end());
}

} // namespace coredact
