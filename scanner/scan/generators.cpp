// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/generators.h"

#include "scanner/rules/aes/generator.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::string_view scheduleRule = "aes-key-schedule";

bool isGenerators(const Source& source, std::size_t wordSize, const Occurrence& occurrence,
                  std::size_t keyBytes)
{
    const FileRange& place = occurrence.pieces.front().file;
    if (occurrence.encoding != "raw" || occurrence.pieces.size() != 1 || place.size() != keyBytes
        || place.first() < generatorHeadBytes(wordSize))
        return false;
    std::array<std::uint8_t, generatorHeadBytes(sizeof(std::uint64_t))> bytes {};
    const auto head = MutableByteView(bytes).first(generatorHeadBytes(wordSize));
    return source.readAt(place.first() - head.size(), head).ok()
        && isGeneratorHead(head, wordSize, keyBytes);
}

} // namespace

void labelGenerators(const Source& source, std::size_t wordSize, const RuleSet& rules,
                     std::vector<Finding>& findings, const std::vector<SecretValue>& values)
{
    const RuleInfo& rule = randomGeneratorRule();
    if (!rules.enabled(rule))
        return;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding& finding = findings[i];
        const std::size_t keyBytes = values[i].value.size();
        if (finding.rule != scheduleRule
            || std::none_of(
                finding.occurrences.begin(), finding.occurrences.end(),
                [&](const auto& o) { return isGenerators(source, wordSize, o, keyBytes); }))
            continue;
        finding.rule = rule.id;
        finding.title = rule.title + " (CTR-DRBG, AES-" + std::to_string(keyBytes * 8) + ")";
        finding.severity = rule.severity;
        finding.explanation = rule.explanation;
        finding.remediation = rule.remediation;
    }
}

} // namespace coredact
