// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/moduliinuse.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr unsigned hashBits = 16;

std::size_t hashOf(std::uint64_t word)
{
    return static_cast<std::size_t>(word * 0x9e3779b97f4a7c15U >> (64 - hashBits));
}

} // namespace

ModuliInUse::ModuliInUse(const std::vector<PublicRsa>& moduli)
    : m_moduli(moduli)
    , m_mayBegin(std::size_t {1} << hashBits)
    , m_used(moduli.size())
{
    for (std::size_t i = 0; i < moduli.size(); ++i) {
        m_lowWords.push_back({moduli[i].limbs[0], i});
        m_mayBegin[hashOf(moduli[i].limbs[0])] = true;
    }
    std::sort(m_lowWords.begin(), m_lowWords.end(),
              [](const LowWord& a, const LowWord& b) { return a.word < b.word; });
}

void ModuliInUse::look(const Window& window)
{
    const std::size_t end = std::min(window.freshEnd, window.bytes.size());
    for (std::size_t at = alignedFresh(window, 8); at < end && window.bytes.size() - at >= 8;
         at += 8) {
        const std::uint64_t word = littleWord<std::uint64_t>(window.bytes.data() + at);
        // Moduli are odd.
        if ((word & 1) != 0 && m_mayBegin[hashOf(word)])
            lookAtWord(window, at, word);
    }
}

void ModuliInUse::lookAtWord(const Window& window, std::size_t at, std::uint64_t word)
{
    auto it = std::lower_bound(m_lowWords.begin(), m_lowWords.end(), word,
                               [](const LowWord& a, std::uint64_t b) { return a.word < b; });
    for (; it != m_lowWords.end() && it->word == word; ++it) {
        const Limbs& limbs = m_moduli[it->modulus].limbs;
        if (m_used[it->modulus] || window.bytes.size() - at < limbs.size() * 8)
            continue;
        m_used[it->modulus] = [&] {
            for (std::size_t i = 1; i < limbs.size(); ++i)
                if (littleWord<std::uint64_t>(window.bytes.data() + at + 8 * i) != limbs[i])
                    return false;
            return true;
        }();
    }
}

void ModuliInUse::join(const ModuliInUse& other)
{
    for (std::size_t i = 0; i < m_used.size(); ++i)
        m_used[i] = m_used[i] || other.m_used[i];
}

std::vector<PublicRsa> ModuliInUse::inOrder() const
{
    std::vector<PublicRsa> ordered;
    for (const bool used : {true, false})
        for (std::size_t i = 0; i < m_moduli.size(); ++i)
            if (m_used[i] == used)
                ordered.push_back(m_moduli[i]);
    return ordered;
}

} // namespace coredact
