// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of DES, triple DES, SM4, RC2 and the ciphers of ciphers/blockkeys.h in use: the round keys
// that a cipher keeps, proved by putting the key together again.
#include "scanner/rules/ciphers/blockkeys.h"
#include "scanner/rules/ciphers/des.h"
#include "scanner/rules/ciphers/descopies.h"
#include "scanner/rules/ciphers/islands.h"
#include "scanner/rules/ciphers/rc2.h"
#include "scanner/rules/ciphers/samples.h"
#include "scanner/rules/ciphers/sm4.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t tripleBytes = 3 * roundKeyBytes;
/// How many schedules before one are counted to tell where a group of three begins. From there on
/// each is told by itself.
constexpr std::size_t mostBefore = 15;

std::span<const RuleInfo> cipherRules()
{
    static const std::vector<RuleInfo> rules = [] {
        std::vector<RuleInfo> all {
            desKeyRule(),
            RuleInfo {
                "sm4-key-schedule",
                "SM4 key in use",
                Severity::High,
                "The round keys that a cipher computed from an SM4 key. They give the key away, "
                "and with it whatever it protects.",
                "Replace the key: end the session, or encrypt the data anew.",
                {"symmetric-key"},
                100},
            RuleInfo {"rc2-key-schedule",
                      "RC2 key in use",
                      Severity::High,
                      "What a cipher computed from an RC2 key. It gives the key away, and with it "
                      "whatever the key protects, such as a PKCS #12 file or a mail.",
                      "Replace the key, and with it the cipher: encrypt the data anew with AES.",
                      {"symmetric-key"},
                      100},
        };
        all.insert(all.end(), blockKeyRules().begin(), blockKeyRules().end());
        return all;
    }();
    return rules;
}

/// Three schedules in a row are one triple DES key, unless they are of one key: libraries that keep
/// the round keys of both directions have two of them for DES. For triple DES these turn every
/// other one round, and have the last key first for decryption.
std::optional<std::array<DesSchedule, 3>> tripleAt(ByteView bytes, std::size_t position)
{
    std::array<DesSchedule, 3> keys;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto schedule = desScheduleAt(bytes, position + i * roundKeyBytes);
        if (!schedule)
            return std::nullopt;
        keys[i] = std::move(*schedule);
    }
    if (keys[0].key == keys[1].key && keys[1].key == keys[2].key)
        return std::nullopt;
    if (keys[0].reversed && !keys[1].reversed && keys[2].reversed)
        std::swap(keys[0], keys[2]);
    return keys;
}

std::size_t schedulesBefore(ByteView bytes, std::size_t position)
{
    std::size_t count = 0;
    while (count < mostBefore && position >= (count + 1) * roundKeyBytes
           && desScheduleAt(bytes, position - (count + 1) * roundKeyBytes))
        ++count;
    return count;
}

void addDerived(Match& match, ByteView key)
{
    for (std::size_t i = 0; i < desLayouts; ++i)
        match.derived.push_back(
            {"DES round keys", ValueForm::Binary, expandDesKey(key, static_cast<DesLayout>(i))});
}

Match desMatch(std::size_t position, std::size_t size)
{
    Match match;
    match.rule = &cipherRules()[0];
    match.confidence = Confidence::Verified;
    match.proof = "all round keys follow from the key";
    match.form = ValueForm::Binary;
    match.spans = {{position, position + size}};
    return match;
}

void tellDes(ByteView bytes, const DesSchedule& schedule, MatchSink& sink)
{
    const std::size_t before = schedulesBefore(bytes, schedule.position);
    const std::size_t inGroup = before % 3;
    const auto triple = before < mostBefore
        ? tripleAt(bytes, schedule.position - inGroup * roundKeyBytes)
        : std::nullopt;
    if (triple && inGroup != 0)
        return; // told with the first
    Match match = desMatch(schedule.position, triple ? tripleBytes : roundKeyBytes);
    if (triple) {
        for (const DesSchedule& part : *triple) {
            match.value.insert(match.value.end(), part.key.begin(), part.key.end());
            addDerived(match, part.key);
        }
        match.title = "Triple DES key in use";
    } else {
        match.value = schedule.key;
        addDerived(match, schedule.key);
    }
    sink.add(std::move(match));
}

void tellSm4(const Sm4Schedule& schedule, MatchSink& sink)
{
    Match match;
    match.rule = &cipherRules()[1];
    match.confidence = Confidence::Verified;
    match.proof = "all round keys follow from the key";
    match.form = ValueForm::Binary;
    match.spans = {{schedule.position, schedule.position + roundKeyBytes}};
    match.value = schedule.key;
    match.derived.push_back({"SM4 round keys", ValueForm::Binary, expandSm4Key(schedule.key)});
    sink.add(std::move(match));
}

void scanForSm4(const Window& window, const std::vector<std::size_t>& samples, MatchSink& sink)
{
    std::optional<std::size_t> last;
    for (const std::size_t sample : samples) {
        const auto schedule = sm4ScheduleAround(window.bytes, sample);
        if (!schedule || !window.fresh(schedule->position) || last == schedule->position)
            continue;
        last = schedule->position;
        tellSm4(*schedule, sink);
    }
}

void scanForRc2(const Window& window, const std::vector<std::size_t>& samples, MatchSink& sink)
{
    std::optional<std::size_t> last;
    for (const std::size_t sample : samples) {
        auto schedule = rc2Around(window.bytes, sample);
        if (!schedule || !window.fresh(schedule->position) || last == schedule->position)
            continue;
        last = schedule->position;
        Match match;
        match.rule = &cipherRules()[2];
        match.confidence = Confidence::Verified;
        match.proof = "all of it follows from the key";
        match.title = "RC2 key of " + std::to_string(8 * schedule->key.size()) + " bits in use";
        match.form = ValueForm::Binary;
        match.spans = {{*last, *last + rc2Bytes}};
        // The same in words of 16 bits, as libgcrypt and Nettle have it.
        SecretBytes words;
        for (std::size_t at = *last; at < *last + rc2Bytes; at += 4)
            words.insert(words.end(), {window.bytes[at], window.bytes[at + 1]});
        match.derived.push_back({"expanded key", ValueForm::Binary, std::move(words)});
        match.value = std::move(schedule->key);
        sink.add(std::move(match));
    }
}

void scanForDes(const Window& window, const std::vector<std::size_t>& samples, MatchSink& sink)
{
    std::vector<DesSchedule> found;
    for (const std::size_t sample : samples)
        findDesSchedules(window.bytes, sample, window.freshBegin, window.freshEnd, found);
    std::optional<std::size_t> last;
    for (const DesSchedule& schedule : found) {
        if (last && schedule.position <= *last)
            continue; // two samples may lie in one
        last = schedule.position;
        tellDes(window.bytes, schedule, sink);
    }
}

void scanCiphers(const Window& window, MatchSink& sink)
{
    // At places that are multiples of the distance: where bytes begin to look random must not
    // depend on the window.
    const std::size_t aligned = alignedFresh(window, sampleStride);
    const std::size_t before = std::min(aligned / sampleStride, Islands::samplesBefore);
    const RoundKeySamples samples = takeSamples(window.bytes, aligned - before * sampleStride,
                                                window.freshEnd + sampleStride + 8);
    scanForDes(window, samples.des, sink);
    scanForSm4(window, samples.sm4, sink);
    scanForRc2(window, samples.rc2, sink);
    tellBlockKeys(window, samples, sink);
}

} // namespace

extern const Detector cipherkeysDetector;
const Detector cipherkeysDetector {"cipherkeys", cipherRules, randomReach, scanCiphers, false};

} // namespace coredact
