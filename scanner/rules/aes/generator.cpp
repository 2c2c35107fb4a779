// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/generator.h"

#include "scanner/base/bytereader.h"

namespace coredact {

namespace {

/// Of a program: canonical, in the lower half, not in the first pages.
bool mayBePointer(std::uint64_t word) { return word >= 0x10000 && word < std::uint64_t {1} << 47; }

} // namespace

const RuleInfo& randomGeneratorRule()
{
    static const RuleInfo rule {
        "random-generator-key",
        "Key of a random generator",
        Severity::Info,
        "The state from which a library (OpenSSL, GnuTLS, mimalloc) draws random numbers. Every "
        "program that uses one of them has it. Whoever holds it can foretell what this process "
        "would have drawn after the dump, but not what it drew before.",
        "Nothing to replace: the state changes with every draw and ends with the process. If the "
        "process went on after the dump, restart it before it makes keys.",
        {"symmetric-key"},
        100};
    return rule;
}

bool isGeneratorHead(ByteView before, std::size_t wordSize, std::size_t keyBytes)
{
    if (before.size() != generatorHeadBytes(wordSize))
        return false;
    ByteReader in(before, ByteOrder::Little);
    for (int pointer = 0; pointer < 5; ++pointer)
        if (!mayBePointer(in.word(wordSize)))
            return false;
    return in.word(wordSize) == keyBytes && in.u32() <= 1;
}

} // namespace coredact
