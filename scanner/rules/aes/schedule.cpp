// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/schedule.h"

#include "scanner/rules/aes/field.h"
#include "scanner/rules/aes/relations.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

namespace coredact {

namespace {

constexpr std::array everyForm {
    std::pair {AesOrder::Encryption, false}, std::pair {AesOrder::Encryption, true},
    std::pair {AesOrder::Decryption, false}, std::pair {AesOrder::Decryption, true},
    std::pair {AesOrder::Reversed, false},   std::pair {AesOrder::Reversed, true},
};

std::size_t roundsOf(std::size_t keyBytes) { return keyBytes / 4 + 6; }

/// Word `index` of the expansion (first byte highest), read from a schedule of any form.
std::uint32_t wordOf(ByteView bytes, const AesSchedule& schedule, std::size_t index)
{
    const std::size_t rounds = roundsOf(schedule.keyBytes);
    const std::size_t round = index / 4;
    const std::size_t row = schedule.order == AesOrder::Encryption ? round : rounds - round;
    std::uint32_t word = aesWord(bytes, schedule.position + 16 * row + 4 * (index % 4));
    if (schedule.swapped)
        word = __builtin_bswap32(word);
    const bool inner = round > 0 && round < rounds;
    return schedule.order == AesOrder::Decryption && inner ? aesMixColumn(word) : word;
}

void put(SecretBytes& bytes, std::uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(word >> shift & 0xff));
}

bool zeroAt(ByteView bytes, const AesRelation& relation, std::size_t at)
{
    return (bytes[at] ^ bytes[at + relation.second] ^ bytes[at + relation.third]) == 0;
}

/// Where a run of the relation's length that covers the four bytes at `at` may begin.
std::pair<std::size_t, std::size_t> runStarts(ByteView bytes, const AesRelation& relation,
                                              std::size_t at)
{
    const std::size_t reach = bytes.size() - relation.third;
    std::size_t begin = at;
    std::size_t end = at;
    while (end < reach && end - at < relation.run && zeroAt(bytes, relation, end))
        ++end;
    if (end - at < 4)
        return {0, 0};
    while (begin > 0 && at - begin < relation.run - 4 && zeroAt(bytes, relation, begin - 1))
        --begin;
    return end - begin < relation.run ? std::pair<std::size_t, std::size_t> {0, 0}
                                      : std::pair {begin, end - relation.run + 1};
}

class Finder {
public:
    Finder(ByteView bytes, std::size_t begin, std::size_t end)
        : m_bytes(bytes)
        , m_begin(begin)
        , m_end(end)
    {
    }

    void look(std::size_t at)
    {
        for (const AesRelation& relation : aesRelations) {
            const auto [from, to] = runStarts(m_bytes, relation, at);
            for (std::size_t start = from; start < to; ++start)
                if (start >= relation.back)
                    tryAt(start - relation.back, relation);
        }
    }

    std::vector<AesSchedule> found()
    {
        const auto key = [](const AesSchedule& s) {
            return std::tuple(s.position, s.keyBytes, s.order, s.swapped);
        };
        std::sort(m_found.begin(), m_found.end(),
                  [&](const auto& a, const auto& b) { return key(a) < key(b); });
        m_found.erase(std::unique(m_found.begin(), m_found.end(),
                                  [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                      m_found.end());
        return std::move(m_found);
    }

private:
    void tryAt(std::size_t position, const AesRelation& relation)
    {
        if (position < m_begin || position >= m_end)
            return;
        for (const auto& [order, swapped] : everyForm) {
            if ((order != AesOrder::Encryption) != relation.reversed)
                continue;
            const AesSchedule schedule {position, relation.keyBytes, order, swapped};
            if (provesAesSchedule(m_bytes, schedule))
                m_found.push_back(schedule);
        }
    }

    ByteView m_bytes;
    std::size_t m_begin;
    std::size_t m_end;
    std::vector<AesSchedule> m_found;
};

} // namespace

bool provesAesSchedule(ByteView bytes, const AesSchedule& schedule)
{
    if (schedule.position > bytes.size() || bytes.size() - schedule.position < schedule.size())
        return false;
    const std::size_t keyWords = schedule.keyBytes / 4;
    const std::size_t words = schedule.size() / 4;
    std::array<std::uint32_t, maximumAesSchedule / 4> expanded {};
    for (std::size_t i = 0; i < words; ++i) {
        expanded[i] = wordOf(bytes, schedule, i);
        if (i >= keyWords
            && expanded[i] != (expanded[i - keyWords] ^ aesStep(expanded[i - 1], i, keyWords)))
            return false;
    }
    return true;
}

void findAesSchedules(ByteView bytes, std::size_t begin, std::size_t end, AesKernel kernel,
                      const std::function<void(const AesSchedule&)>& take)
{
    Finder finder(bytes, begin, end);
    const std::size_t to
        = end + aesRelationBack + 4 < bytes.size() ? end + aesRelationBack + 4 : bytes.size();
    for (std::size_t at = begin; (at = kernel(bytes, at, to)) < to; at += 4)
        finder.look(at);
    for (const AesSchedule& schedule : finder.found())
        take(schedule);
}

SecretBytes aesKeyOf(ByteView bytes, const AesSchedule& schedule)
{
    SecretBytes key;
    for (std::size_t i = 0; i < schedule.keyBytes / 4; ++i)
        put(key, wordOf(bytes, schedule, i));
    return key;
}

SecretBytes expandAesKey(ByteView key)
{
    const std::size_t keyWords = key.size() / 4;
    SecretBytes expanded(key.begin(), key.end());
    expanded.reserve(maximumAesSchedule);
    for (std::size_t i = keyWords; i < 4 * (keyWords + 7); ++i)
        put(expanded,
            aesWord(expanded, 4 * (i - keyWords))
                ^ aesStep(aesWord(expanded, 4 * (i - 1)), i, keyWords));
    return expanded;
}

SecretBytes aesDecryptionSchedule(ByteView expanded)
{
    SecretBytes schedule;
    const std::size_t rounds = expanded.size() / 16 - 1;
    for (std::size_t row = 0; row <= rounds; ++row) {
        for (std::size_t column = 0; column < 4; ++column) {
            const std::uint32_t word = aesWord(expanded, 16 * (rounds - row) + 4 * column);
            put(schedule, row == 0 || row == rounds ? word : aesUnmixColumn(word));
        }
    }
    return schedule;
}

} // namespace coredact
