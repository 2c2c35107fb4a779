// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/samples.h"

#include "scanner/rules/ciphers/des.h"
#include "scanner/rules/ciphers/sm4.h"

namespace coredact {

void RoundKeySamples::clear()
{
    des.clear();
    sm4.clear();
}

void takeSamples(ByteView bytes, std::size_t begin, std::size_t end, RoundKeySamples& samples)
{
    for (std::size_t at = begin; at < end && at + sampleBytes <= bytes.size(); at += sampleStride) {
        const std::uint8_t* sample = bytes.data() + at;
        if (mayBeDesRoundKeys(sample))
            samples.des.push_back(at);
        if (mayBeSm4RoundKeys(sample))
            samples.sm4.push_back(at);
    }
}

} // namespace coredact
