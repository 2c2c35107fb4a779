// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/marks.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace coredact {

Marks::Marks(std::vector<FindingPtr> findings)
    : m_findings(std::move(findings))
{
    for (std::size_t index = 0; index < m_findings.size(); ++index) {
        const Finding& finding = *m_findings[index];
        for (const Occurrence& occurrence : finding.occurrences) {
            bool first = true;
            for (const Piece& piece : occurrence.pieces) {
                m_marks.push_back(
                    {piece.file, static_cast<std::uint32_t>(index), finding.severity, first});
                m_widest = std::max(m_widest, piece.file.size());
                first = false;
            }
        }
    }
    std::sort(m_marks.begin(), m_marks.end(), [](const Mark& a, const Mark& b) {
        return std::tie(a.file, a.finding) < std::tie(b.file, b.finding);
    });
}

std::span<const Mark> Marks::near(std::uint64_t begin, std::uint64_t end) const
{
    const std::uint64_t from = begin > m_widest ? begin - m_widest : 0;
    const auto before = [](const Mark& mark, std::uint64_t offset) {
        return mark.file.first() < offset;
    };
    const auto first = std::lower_bound(m_marks.begin(), m_marks.end(), from, before);
    const auto last = std::lower_bound(first, m_marks.end(), end, before);
    return {first, last};
}

FindingPtr Marks::at(std::uint64_t offset) const
{
    const Mark* best = nullptr;
    for (const Mark& mark : near(offset, offset + 1)) {
        if (mark.file.contains(offset) && (!best || mark.severity < best->severity))
            best = &mark;
    }
    return best ? m_findings[best->finding] : nullptr;
}

std::size_t publicPrefix(ByteView bytes)
{
    // Words that vendors put before tokens, and the beginning of every base64 JSON object.
    static constexpr std::array<std::string_view, 33> words {
        "github_pat_", "ghp_",     "gho_",    "ghu_",     "ghs_",     "ghr_",  "glpat-",
        "glrt-",       "AKIA",     "ASIA",    "eyJ",      "xoxb-",    "xoxp-", "xoxa-",
        "xoxr-",       "xapp-",    "sk_live_", "sk_test_", "rk_live_", "whsec_", "npm_",
        "pypi-",       "dop_v1_",  "hf_",     "AIza",     "ya29.",    "SG.",   "sk-ant-",
        "sk-proj-",    "shpat_",   "hvs.",    "-----BEGIN ", "AGE-SECRET-KEY-",
    };
    for (const std::string_view word : words) {
        bool narrow = bytes.size() >= word.size();
        bool wide = bytes.size() >= 2 * word.size();
        for (std::size_t at = 0; at < word.size(); ++at) {
            const auto letter = static_cast<std::uint8_t>(word[at]);
            narrow = narrow && bytes[at] == letter;
            wide = wide && bytes[2 * at] == letter && bytes[2 * at + 1] == 0;
        }
        if (narrow)
            return word.size();
        if (wide)
            return 2 * word.size();
    }
    return 0;
}

} // namespace coredact
