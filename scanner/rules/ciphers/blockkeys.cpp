// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/blockkeys.h"

#include "scanner/rules/ciphers/aria.h"
#include "scanner/rules/ciphers/blowfish.h"
#include "scanner/rules/ciphers/camellia.h"
#include "scanner/rules/ciphers/cast5.h"
#include "scanner/rules/ciphers/islands.h"
#include "scanner/rules/ciphers/seed.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <string>

namespace coredact {

namespace {

enum Cipher : std::size_t { Camellia, Aria, Seed, Blowfish, Cast5 };

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

void tell(const Window& window, Cipher cipher, std::size_t position, KeySchedule schedule,
          MatchSink& sink)
{
    Match match;
    match.rule = &blockKeyRules()[cipher];
    match.confidence = Confidence::Verified;
    match.proof = "all of it follows from the key";
    match.form = ValueForm::Binary;
    match.spans = {{position, position + schedule.size}};
    if (cipher == Camellia || cipher == Aria)
        match.title = (cipher == Aria ? "ARIA-" : "Camellia-")
            + std::to_string(8 * schedule.key.size()) + " key in use";
    const ByteView state = window.bytes.subspan(position, schedule.size);
    match.derived.push_back({"round keys", ValueForm::Binary, {state.begin(), state.end()}});
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
std::optional<std::pair<Cipher, KeySchedule>> scheduleAt(ByteView bytes, bool aligned)
{
    const auto told
        = [](Cipher cipher,
             std::optional<KeySchedule> schedule) -> std::optional<std::pair<Cipher, KeySchedule>> {
        if (!schedule)
            return std::nullopt;
        return std::pair(cipher, std::move(*schedule));
    };
    if (bytes.size() < seedScheduleBytes || !areRandom(bytes.first(seedScheduleBytes)))
        return std::nullopt;
    if (mayBeSeed(bytes.data()))
        if (auto found = told(Seed, seedAt(bytes)))
            return found;
    if (!aligned || bytes.size() < shortestCamellia || !areRandom(bytes.first(shortestCamellia)))
        return std::nullopt;
    if (mayBeCamellia(bytes.data()))
        if (auto found = told(Camellia, camelliaAt(bytes)))
            return found;
    return mayBeAnyAria(bytes) ? told(Aria, ariaAt(bytes)) : std::nullopt;
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
                tell(window, found->first, at, std::move(found->second), sink);
}

void scanForBlowfish(const Window& window, const Islands& islands, std::size_t phase,
                     MatchSink& sink)
{
    for (const Span& places : islands.filledBy(blowfishBytes))
        for (std::size_t at = firstOf(places, phase); at < places.end; at += 4)
            if (auto schedule = blowfishAt(window.bytes.subspan(at)))
                tell(window, Blowfish, at, std::move(*schedule), sink);
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
                                   ruleOf("seed", "SEED"), ruleOf("blowfish", "Blowfish"),
                                   ruleOf("cast5", "CAST5")};
    return rules;
}

void tellBlockKeys(const Window& window, const RoundKeySamples& samples, MatchSink& sink)
{
    const std::size_t phase = alignedFresh(window, 8) % 8;
    const Islands islands(window, samples);
    scanForRoundKeys(window, islands, phase, sink);
    scanForBlowfish(window, islands, phase, sink);
    scanForCast5(window, samples.cast5, sink);
}

} // namespace coredact
