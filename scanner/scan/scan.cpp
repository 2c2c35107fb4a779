// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/scan.h"

#include "scanner/dump/addressspace.h"
#include "scanner/dump/coverage.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/knownkeys.h"
#include "scanner/scan/cast5keys.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/generators.h"
#include "scanner/scan/joins.h"
#include "scanner/scan/keypieces.h"
#include "scanner/scan/passes.h"
#include "scanner/scan/propagate.h"
#include "scanner/scan/streams.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include <malloc.h>

namespace coredact {

namespace {

unsigned threadCount(const ScanOptions& options)
{
    return options.threads != 0 ? options.threads
                                : std::max(1U, std::thread::hardware_concurrency());
}

/// The windows' margin: as wide as the widest rule in its widest writing (UTF-16 of base64 takes
/// 8/3 of the bytes), in whole pages.
WindowShape shapeFor(const RuleSet& rules, const ScanOptions& options)
{
    WindowShape shape;
    shape.fresh = std::max<std::size_t>(options.windowSize, 1);
    const std::size_t widest = std::max<std::size_t>(rules.maximumSize() * 3, 1U << 14);
    shape.margin = (std::min<std::size_t>(widest, 1U << 18) + 4095) / 4096 * 4096;
    static_assert(walkReach <= 1U << 14);
    return shape;
}

const RuleInfo& givenRule()
{
    static const RuleInfo rule {
        "given-secret",
        "Value to look for",
        Severity::High,
        "A value from the list that you gave stands in this dump.",
        "Change it wherever it is in use: everybody who had this file had the value.",
        {},
        90};
    return rule;
}

/// A finding without occurrences for each given value; the search for copies fills them.
void addGiven(const ScanOptions& options, ScanResult& result)
{
    for (const SecretBytes& value : options.given) {
        if (value.empty())
            continue;
        const RuleInfo& rule = givenRule();
        Finding finding;
        finding.rule = rule.id;
        finding.title = rule.title;
        finding.severity = rule.severity;
        finding.confidence = Confidence::Verified;
        finding.proof = "equal to a value that you gave";
        finding.explanation = rule.explanation;
        finding.remediation = rule.remediation;
        result.findings.push_back(std::move(finding));
        result.values.push_back({ValueForm::Text, value, {}});
    }
}

/// A possible value that reads like a word of the language.
bool mayBeWord(const Finding& finding, const SecretValue& secret)
{
    constexpr std::size_t longestWord = 12;
    const SecretBytes& value = secret.value;
    return finding.confidence == Confidence::Possible && secret.form == ValueForm::Text
        && value.size() <= longestWord
        && std::all_of(value.begin(), value.end(), [](std::uint8_t byte) {
               return (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
           });
}

std::vector<std::size_t> possibleWords(const ScanResult& result)
{
    std::vector<std::size_t> words;
    for (std::size_t i = 0; i < result.findings.size(); ++i)
        if (mayBeWord(result.findings[i], result.values[i]))
            words.push_back(i);
    return words;
}

/// A word that stands beside a name like a password's somewhere: nobody could tell it from the
/// word, and with all its copies filled no text of the dump could be read.
bool isCommonWord(const Finding& finding, const SecretValue& secret)
{
    constexpr std::size_t often = 100;
    return finding.occurrences.size() >= often && mayBeWord(finding, secret);
}

/// The finding stays where its rule saw it, and nowhere else. Its value is not kept: nothing is to
/// be asked for it.
void leaveCopies(Finding& finding, SecretValue& secret, NotSought reason)
{
    finding.notSought = reason;
    secret.value.clear();
    secret.derived.clear();
}

/// Keys that everybody has: to look for them in every writing would take longer than all else
/// where a tool brings a dozen, and hide nothing.
void leavePublishedKeys(ScanResult& result)
{
    for (std::size_t i = 0; i < result.findings.size(); ++i) {
        const auto& identity = result.findings[i].identity;
        if (identity && !knownKeyOrigin(identity->value).empty())
            leaveCopies(result.findings[i], result.values[i], NotSought::PublishedKey);
    }
}

/// What turned out to be a common word. `words` are numbers of findings, `before` those findings
/// without copies.
void leaveCommonWords(ScanResult& result, std::span<const std::size_t> words,
                      std::vector<Finding> before)
{
    for (std::size_t k = 0; k < words.size(); ++k) {
        const std::size_t i = words[k];
        if (!isCommonWord(result.findings[i], result.values[i]))
            continue;
        result.findings[i] = std::move(before[k]);
        leaveCopies(result.findings[i], result.values[i], NotSought::CommonWord);
    }
}

/// Whether each place of `one` is one of `other`.
bool standsOnlyWhere(const Finding& other, const Finding& one)
{
    std::set<FileRange> places;
    for (const Occurrence& occurrence : other.occurrences)
        for (const Piece& piece : occurrence.pieces)
            places.insert(piece.file);
    return std::all_of(one.occurrences.begin(), one.occurrences.end(), [&](const Occurrence& at) {
        return std::all_of(at.pieces.begin(), at.pieces.end(),
                           [&](const Piece& piece) { return places.contains(piece.file); });
    });
}

/// A text is told by itself because nothing says what it is. Where it stands alone in one place,
/// and in another with what a rule knows it by, it is known.
void leaveKnownTexts(ScanResult& result)
{
    const std::string_view byItself = generatedRules()[0].id;
    std::map<SecretBytes, std::size_t> texts;
    for (std::size_t i = 0; i < result.findings.size(); ++i)
        if (result.findings[i].rule == byItself && !result.values[i].value.empty())
            texts.emplace(result.values[i].value, i);
    for (std::size_t i = 0; i < result.findings.size(); ++i) {
        const auto text = texts.find(result.values[i].value);
        if (text == texts.end() || result.findings[i].rule == byItself)
            continue;
        Finding& known = result.findings[text->second];
        if (standsOnlyWhere(result.findings[i], known))
            known.occurrences.clear();
    }
}

void dropUnseen(ScanResult& result)
{
    std::vector<Finding> findings;
    std::vector<SecretValue> values;
    for (std::size_t i = 0; i < result.findings.size(); ++i) {
        if (result.findings[i].occurrences.empty())
            continue;
        findings.push_back(std::move(result.findings[i]));
        values.push_back(std::move(result.values[i]));
    }
    result.findings = std::move(findings);
    result.values = std::move(values);
}

/// What the dump's own diagnostics and failed reads left out.
std::vector<IncompleteRange> incompleteRanges(const Dump& dump,
                                              const std::vector<Unreadable>& unreadable)
{
    std::vector<IncompleteRange> incomplete;
    for (const Diagnostic& diagnostic : dump.diagnostics)
        if (diagnostic.incomplete)
            incomplete.push_back({diagnostic.offset, 0, diagnostic.message});
    std::vector<FileRange> ranges;
    for (const Unreadable& part : unreadable)
        ranges.push_back(part.range);
    for (const FileRange& range : normalised(std::move(ranges)))
        incomplete.push_back({range.first(), range.size(), "could not be read", true});
    return incomplete;
}

std::uint64_t unreadableBytes(const std::vector<IncompleteRange>& incomplete)
{
    std::uint64_t bytes = 0;
    for (const IncompleteRange& range : incomplete)
        bytes += range.length;
    return bytes;
}

std::string leftOutBy(std::string_view detector)
{
    return "the detector " + std::string(detector)
        + " met more than it can hold, and left some of it out";
}

Error cancelled() { return {ErrorCode::Cancelled, "the scan was cancelled", std::nullopt}; }

} // namespace

Result<ScanResult> scan(const Source& source, const Dump& dump, const RuleSet& rules,
                        const ScanOptions& options, const JobControl& control,
                        const FindingWatcher& watcher)
{
    const auto data = DataRuns::of(source);
    if (!data)
        return data.error();
    const Coverage parts = coverage(dump);
    const WindowShape shape = shapeFor(rules, options);
    const WorkList work(parts, shape);
    const Places places(dump);
    Collector collector(places, rules, watcher);
    const AddressSpace memory(dump.segments);
    const WalkContext context {source, dump, memory, control};
    Streams streams(source, *data, parts, shape);
    ScanResult result;
    PassResult passed
        = takeAllPasses({context, rules, work, *data, shape, collector, streams,
                         threadCount(options), options.sums ? &result.sums : nullptr});
    streams.look(rules, collector, threadCount(options), control);
    result.sums.settle();

    if (control.cancelled())
        return cancelled();
    collector.finish(result.findings, result.values);
    // What the groups took lies between what is kept, and the search for copies needs as much.
    malloc_trim(0);
    joinKeyPieces(result.findings, result.values);
    if (proveCast5Keys(result.findings, result.values, control))
        passed.full.emplace_back("cipherkeys");
    addOwners(result.findings, result.values, passed.certificates, passed.tokens);
    addTlsOwners(result.findings, result.values, passed.tls);
    addKeyOwners(result.findings, result.values, passed.owners);
    addGiven(options, result);
    if (options.propagate) {
        leavePublishedKeys(result);
        const std::vector<std::size_t> words = possibleWords(result);
        std::vector<Finding> before;
        for (const std::size_t word : words)
            before.push_back(result.findings[word]);
        std::vector<Copy> inStreams;
        CopySearchOptions wanted {threadCount(options), words, &passed.unreadable, &passed.data};
        wanted.alsoWith = [&](const FormIndex& index) {
            streams.addCopies(index, threadCount(options), control, inStreams);
        };
        wanted.alsoIn = [&](PresentWords& present) {
            streams.addWords(present, threadCount(options), control);
        };
        const auto copies = findCopies(source, dump, result.values, wanted, control);
        if (!copies)
            return copies.error();
        addCopies(result.findings, *copies, places);
        // Batches come in any order; a secret is in one of them only.
        std::stable_sort(inStreams.begin(), inStreams.end(),
                         [](const Copy& a, const Copy& b) { return a.secret < b.secret; });
        addCopies(result.findings, inStreams, places);
        leaveCommonWords(result, words, std::move(before));
    }
    if (control.cancelled())
        return cancelled();
    leaveKnownTexts(result);
    dropUnseen(result);
    labelGenerators(source, dump.wordSize == 4 ? 4 : 8, rules, result.findings, result.values);
    numberFindings(result.findings, result.values);
    passed.unreadable.insert(passed.unreadable.end(), streams.unreadable().begin(),
                             streams.unreadable().end());
    result.incomplete = incompleteRanges(dump, passed.unreadable);
    result.incomplete.insert(result.incomplete.end(), streams.incomplete().begin(),
                             streams.incomplete().end());
    result.scannedBytes = source.size() - unreadableBytes(result.incomplete);
    for (const Error& failure : passed.failures)
        result.incomplete.push_back({failure.offset.value_or(0), 0, failure.message, true});
    for (const auto& [detector, offset] : collector.leftOut())
        result.incomplete.push_back({offset, 0, leftOutBy(detector)});
    for (const std::string_view walk : passed.full)
        result.incomplete.push_back({0, 0, leftOutBy(walk)});
    return result;
}

} // namespace coredact
