// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/blockkeys.h"

#include "scanner/rules/ciphers/aria.h"
#include "scanner/rules/ciphers/blowfish.h"
#include "scanner/rules/ciphers/camellia.h"
#include "scanner/rules/ciphers/cast5.h"
#include "scanner/rules/ciphers/foldedcamellia.h"
#include "scanner/rules/ciphers/islands.h"
#include "scanner/rules/ciphers/rc4.h"
#include "scanner/rules/ciphers/seed.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <utility>
#include <vector>

namespace coredact {

namespace {

enum Cipher : std::size_t { Camellia, Aria, Seed, Blowfish, Cast5, Rc4 };

RuleInfo ruleOf(const std::string& id, const std::string& name)
{
    return {id + "-key-schedule",
            name + " key in use",
            Severity::High,
            "What a cipher computed from a " + name
                + " key. It gives the key away, and with it whatever the key protects.",
            "Replace the key: end the session, or encrypt the data anew.",
            {"symmetric-key"},
            100};
}

struct Found {
    Cipher cipher = Camellia;
    KeySchedule schedule;
    std::vector<SecretBytes> others {}; ///< round keys as other libraries have them
    SecretBytes apart {}; ///< a round key that may stand somewhat before
};

void tell(const Window& window, std::size_t position, Found&& found, MatchSink& sink)
{
    auto& [cipher, schedule, others, apart] = found;
    Match match;
    match.rule = &blockKeyRules()[cipher];
    match.confidence = Confidence::Verified;
    match.proof = "all of it follows from the key";
    match.form = ValueForm::Binary;
    match.spans = {{position, position + schedule.size}};
    if (cipher == Camellia || cipher == Aria)
        match.title = (cipher == Aria ? "ARIA-" : "Camellia-")
            + std::to_string(8 * schedule.key.size()) + " key in use";
    if (const std::size_t before = FoldedCamellia::apartBy; !apart.empty() && position >= before
        && std::equal(apart.begin(), apart.end(), window.bytes.data() + position - before))
        match.spans.insert(match.spans.begin(),
                           {position - before, position - before + apart.size()});
    const ByteView state = window.bytes.subspan(position, schedule.size);
    match.derived.push_back({"round keys", ValueForm::Binary, {state.begin(), state.end()}});
    for (SecretBytes& other : others)
        match.derived.push_back({"round keys", ValueForm::Binary, std::move(other)});
    match.value = std::move(schedule.key);
    sink.add(std::move(match));
}

bool mayBeAnyAria(ByteView bytes)
{
    if (mayBeAria(bytes.data()))
        return true;
    for (const std::size_t rounds : {12U, 14U, 16U})
        if (bytes.size() >= 16 * (rounds + 1) && mayBeAriaDecryption(bytes.data(), rounds))
            return true;
    return false;
}

/// The cipher's round keys at the start of `bytes`; `aligned`: to eight bytes.
std::optional<Found> scheduleAt(ByteView bytes, bool aligned)
{
    const auto told
        = [](Cipher cipher, std::optional<KeySchedule> schedule) -> std::optional<Found> {
        if (!schedule)
            return std::nullopt;
        return Found {cipher, std::move(*schedule)};
    };
    if (bytes.size() < seedScheduleBytes || !areRandom(bytes.first(seedScheduleBytes)))
        return std::nullopt;
    if (mayBeSeed(bytes.data()))
        if (auto found = told(Seed, seedAt(bytes)))
            return found;
    if (aligned)
        if (auto folded = foldedCamelliaAt(bytes))
            return Found {Camellia, std::move(folded->schedule), std::move(folded->layouts),
                          std::move(folded->apart)};
    if (bytes.size() < shortestCamellia)
        return std::nullopt;
    const bool isCamellia = mayBeCamellia(bytes.data()) || mayBeCamelliaDecryption(bytes.data());
    if ((!isCamellia && !aligned) || !areRandom(bytes.first(shortestCamellia)))
        return std::nullopt;
    if (isCamellia)
        if (auto found = told(Camellia, camelliaAt(bytes)))
            return found;
    return aligned && mayBeAnyAria(bytes) ? told(Aria, ariaAt(bytes)) : std::nullopt;
}

/// The first of the places that is aligned to four bytes.
std::size_t firstOf(const Span& places, std::size_t phase)
{
    return places.begin + (phase + 4 - places.begin % 4) % 4;
}

void scanForRoundKeys(const Window& window, const Islands& islands, std::size_t phase,
                      MatchSink& sink)
{
    for (const Span& places : islands.edges())
        for (std::size_t at = firstOf(places, phase); at < places.end; at += 4)
            if (auto found = scheduleAt(window.bytes.subspan(at), at % 8 == phase))
                tell(window, at, std::move(*found), sink);
}

void scanForBlowfish(const Window& window, const Islands& islands, std::size_t phase,
                     MatchSink& sink)
{
    for (const Span& places : islands.filledBy(blowfishBytes))
        for (std::size_t at = firstOf(places, phase); at < places.end; at += 4)
            if (auto schedule = blowfishAt(window.bytes.subspan(at)))
                tell(window, at, {Blowfish, std::move(*schedule)}, sink);
}

/// Whether no value stands twice in this sample and the next one, both of which a state holds that
/// begins less than the distance of samples before; its values stand `step` bytes apart.
bool mayBeRc4(const Window& window, std::size_t sample, std::size_t step)
{
    std::bitset<rc4Values> seen;
    for (const std::size_t begin : {sample, sample + sampleStride})
        for (std::size_t i = begin; i < begin + sampleBytes && i < window.bytes.size(); i += step) {
            if (seen.test(window.bytes[i]))
                return false;
            seen.set(window.bytes[i]);
        }
    return true;
}

void tellRc4(Rc4State state, MatchSink& sink)
{
    Match match;
    match.rule = &blockKeyRules()[Rc4];
    match.confidence = state.counted ? Confidence::Likely : Confidence::Possible;
    match.proof = state.counted ? "each byte once, beside two counters" : "each byte once";
    match.form = ValueForm::Binary;
    match.spans = {{state.begin, state.begin + state.size}};
    match.value = std::move(state.values);
    sink.add(std::move(match));
}

void scanForRc4(const Window& window, const RoundKeySamples& samples, const Islands& islands,
                std::size_t phase, MatchSink& sink)
{
    std::optional<std::size_t> last;
    for (const std::size_t sample : samples.rc4) {
        if (!mayBeRc4(window, sample, 4))
            continue;
        auto state = rc4WordsAround(window.bytes, sample);
        if (!state || !window.fresh(state->begin) || last == state->begin)
            continue;
        last = state->begin;
        tellRc4(std::move(*state), sink);
    }
    for (const Span& places : islands.filledBy(rc4Values)) {
        std::optional<std::size_t> looked;
        bool mayBe = false;
        for (std::size_t at = firstOf(places, phase); at < places.end; at += 4) {
            const std::size_t distance = (at - samples.first + sampleStride - 1) / sampleStride;
            const std::size_t sample = samples.first + distance * sampleStride;
            if (looked != sample)
                mayBe = mayBeRc4(window, sample, 1);
            looked = sample;
            if (!mayBe)
                continue;
            if (auto state = rc4BytesAt(window.bytes, at))
                tellRc4(std::move(*state), sink);
        }
    }
}

void scanForCast5(const Window& window, const std::vector<std::size_t>& samples, MatchSink& sink)
{
    std::size_t next = 0;
    for (const std::size_t sample : samples)
        for (std::size_t at = std::max(next, sample - std::min(sample / 4 * 4, sampleStride));
             at <= sample; at += 4) {
            if (!window.fresh(at) || window.bytes.size() - at < cast5Bytes
                || !looksLikeCast5(window.bytes.data() + at))
                continue;
            next = at + cast5Bytes;
            Match match;
            match.rule = &blockKeyRules()[Cast5];
            match.confidence = Confidence::Likely;
            match.proof = "its shape";
            match.form = ValueForm::Binary;
            match.spans = {{at, next}};
            sink.add(std::move(match));
        }
}

} // namespace

std::span<const RuleInfo> blockKeyRules()
{
    static const std::array rules {ruleOf("camellia", "Camellia"), ruleOf("aria", "ARIA"),
                                   ruleOf("seed", "SEED"),         ruleOf("blowfish", "Blowfish"),
                                   ruleOf("cast5", "CAST5"),       ruleOf("rc4", "RC4")};
    return rules;
}

void tellBlockKeys(const Window& window, const RoundKeySamples& samples, MatchSink& sink)
{
    const std::size_t phase = alignedFresh(window, 8) % 8;
    const Islands islands(window, samples);
    scanForRoundKeys(window, islands, phase, sink);
    scanForBlowfish(window, islands, phase, sink);
    scanForCast5(window, samples.cast5, sink);
    scanForRc4(window, samples, islands, phase, sink);
}

} // namespace coredact
