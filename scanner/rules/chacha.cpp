// SPDX-License-Identifier: GPL-3.0-or-later
// ChaCha20 and Salsa20 keys in use: the state of the cipher, whose constant words stand before the
// key (RFC 8439 2.3) or between its halves. OpenSSL and Go hold such keys without the constant:
// OpenSSL 3's are found by its contexts (opensslcontexts.cpp), others as what a secret of TLS
// derives (keys/tlssecrets.h).
#include "scanner/base/memoryword.h"
#include "scanner/rules/aes/generator.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/ciphers/chacharule.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/privatekey.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> chachaRules()
{
    static const std::array rules {
        chachaKeyRule(),
        randomGeneratorRule(),
    };
    return rules;
}

constexpr std::size_t wordBytes = 4;
constexpr std::size_t stateBytes = 64;

/// The constant's words, as bytes in order and with the bytes of each word reversed.
struct Constant {
    std::array<std::string_view, 4> words;
    std::size_t keyBytes;
};
constexpr std::array constants {
    Constant {{"expa", "nd 3", "2-by", "te k"}, 32},
    Constant {{"apxe", "3 dn", "yb-2", "k et"}, 32},
    Constant {{"expa", "nd 1", "6-by", "te k"}, 16},
    Constant {{"apxe", "1 dn", "yb-6", "k et"}, 16},
};

/// Whether the constant's words stand `distance` apart, the first at `begin`.
bool constantStands(ByteView bytes, std::size_t begin, const Constant& constant,
                    std::size_t distance)
{
    for (std::size_t i = 0; i < constant.words.size(); ++i)
        if (!standsAt(bytes, begin + i * distance, constant.words[i]))
            return false;
    return true;
}

constexpr std::size_t nonceAt = 56;

/// Whether this state is the one from which GnuTLS draws random numbers (prng_ctx_st): its nonce
/// is the time at which it was seeded, which stands again behind it.
bool isGnutlsGenerator(ByteView bytes, std::size_t begin)
{
    constexpr std::size_t seeded = stateBytes + 16;
    if (bytes.size() < begin + seeded + 8)
        return false;
    const ByteView one = bytes.subspan(begin + nonceAt, 8);
    const ByteView other = bytes.subspan(begin + seeded, 8);
    return std::ranges::equal(one, other) && one[4] == 0 && one[3] != 0;
}

/// Whether this state is one from which mimalloc draws (mi_random_ctx_t, one for each of its
/// heaps): its nonce is its own address. Python has that allocator from 3.13 on.
bool isMimallocGenerator(const Window& window, std::size_t begin)
{
    const auto nonce = littleWord<std::uint64_t>(window.bytes.data() + begin + nonceAt);
    return nonce != 0 && window.address && nonce == *window.address + begin;
}

/// The library that draws random numbers from this state; empty where it is a cipher's.
std::string_view generatorOf(const Window& window, std::size_t begin)
{
    return isGnutlsGenerator(window.bytes, begin) ? "GnuTLS"
        : isMimallocGenerator(window, begin)      ? "mimalloc"
                                                  : "";
}

/// In a program's constants the text of another message stands behind the constant: of 16 random
/// bytes one in ten million reads like that.
bool isText(const SecretBytes& key)
{
    return std::all_of(key.begin(), key.end(), [](std::uint8_t byte) {
        return (byte >= 0x20 && byte < 0x7f) || byte == 0 || byte == '\n' || byte == '\t';
    });
}

/// `first` and `second`: the halves of the key, side by side in ChaCha20.
void tell(const Window& window, std::size_t begin, const Constant& constant, std::string_view name,
          Span first, Span second, MatchSink& sink)
{
    SecretBytes key;
    for (const Span& half : {first, second})
        key.insert(key.end(), window.bytes.begin() + static_cast<std::ptrdiff_t>(half.begin),
                   window.bytes.begin() + static_cast<std::ptrdiff_t>(half.end));
    // The key of 16 bytes stands there twice.
    if (constant.keyBytes == 16) {
        if (!std::equal(key.begin(), key.begin() + 16, key.begin() + 16))
            return;
        key.resize(16);
    }
    if (!looksRandom(key) || isText(key))
        return;
    Match match;
    const std::string_view generator = generatorOf(window, begin);
    match.rule = &chachaRules()[generator.empty() ? 0 : 1];
    match.title = generator.empty()
        ? std::string(name) + " key in use, " + std::to_string(constant.keyBytes * 8) + " bits"
        : match.rule->title + " (" + std::string(generator) + ", ChaCha20)";
    match.confidence = Confidence::Likely;
    match.proof = "the cipher's constant words stand around it";
    match.form = ValueForm::Binary;
    if (first.end == second.begin)
        match.spans = {{first.begin, second.end}};
    else
        match.spans = {first, second};
    match.value = std::move(key);
    sink.add(std::move(match));
}

/// The constant's third word stands at `position`.
void lookAtThirdWord(const Window& window, std::size_t position, MatchSink& sink)
{
    for (const Constant& constant : constants) {
        if (!standsAt(window.bytes, position, constant.words[2]))
            continue;
        const std::size_t chacha = position - 2 * wordBytes;
        if (position >= 2 * wordBytes && window.fresh(chacha)
            && window.bytes.size() - chacha >= stateBytes
            && constantStands(window.bytes, chacha, constant, wordBytes))
            tell(window, chacha, constant, "ChaCha20", {chacha + 16, chacha + 32},
                 {chacha + 32, chacha + 48}, sink);
        // Salsa20 (its specification, 7): a word of the constant before every fifth.
        const std::size_t salsa = position - 10 * wordBytes;
        if (position >= 10 * wordBytes && window.fresh(salsa)
            && window.bytes.size() - salsa >= stateBytes
            && constantStands(window.bytes, salsa, constant, 5 * wordBytes))
            tell(window, salsa, constant, "Salsa20", {salsa + 4, salsa + 20},
                 {salsa + 44, salsa + 60}, sink);
    }
}

} // namespace

std::span<const ByteAnchor> chachaAnchors()
{
    constexpr std::size_t reach = 10 * wordBytes;
    static const std::array anchors {
        anchorOf("2-by"sv, "\xfb\xff\xff\xff"sv, reach, lookAtThirdWord),
        anchorOf("yb-2"sv, "\xff\xff\xff\xfb"sv, reach, lookAtThirdWord)};
    return anchors;
}

extern const Detector chachaDetector;
const Detector chachaDetector {"chacha", chachaRules, stateBytes + 24, nullptr, true};

} // namespace coredact
