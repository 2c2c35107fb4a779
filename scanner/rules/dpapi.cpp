// SPDX-License-Identifier: GPL-3.0-or-later
// What Windows' data protection (DPAPI) wrote: protected data, and the master keys for it.
#include "scanner/base/bytereader.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/privatekey.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> dpapiRules()
{
    static const std::array rules {
        RuleInfo {"dpapi-blob",
                  "Data protected by Windows (DPAPI)",
                  Severity::Low,
                  "A secret that Windows encrypted for a user or a machine: saved passwords, "
                  "browser keys, private keys. Who can log in as that user, or has the master key, "
                  "reads it.",
                  "Replace the secret inside if the user's password or the master key may be "
                  "known, or may be in the same dump.",
                  {"windows", "encrypted"},
                  60},
        RuleInfo {"dpapi-master-key",
                  "DPAPI master key (encrypted)",
                  Severity::Medium,
                  "The key that protects a user's or a machine's secrets, encrypted with the "
                  "user's password: it can be guessed off line.",
                  "Change the user's password to a long one and protect the secrets anew.",
                  {"windows", "encrypted"},
                  60},
    };
    return rules;
}

constexpr std::size_t maximumBlob = 16384;

std::string guidOf(ByteReader& reader)
{
    const std::uint32_t first = reader.u32();
    const std::uint16_t second = reader.u16();
    const std::uint16_t third = reader.u16();
    const std::string rest = toHex(reader.bytes(8));
    if (!reader.ok())
        return {};
    const auto digits = [](std::uint32_t value, int count) {
        std::string text;
        for (int shift = 4 * (count - 1); shift >= 0; shift -= 4)
            text += "0123456789abcdef"[value >> shift & 15];
        return text;
    };
    return digits(first, 8) + "-" + digits(second, 4) + "-" + digits(third, 4) + "-"
        + rest.substr(0, 4) + "-" + rest.substr(4);
}

/// ALG_IDs of ciphers and hashes that DPAPI has used.
bool isCipher(std::uint32_t algorithm)
{
    return algorithm == 0x6603 || algorithm == 0x660e || algorithm == 0x6610 || algorithm == 0x6801;
}
bool isHash(std::uint32_t algorithm)
{
    return algorithm == 0x8003 || algorithm == 0x8004 || algorithm == 0x8009 || algorithm == 0x800c
        || algorithm == 0x800d || algorithm == 0x800e;
}

/// Sizes are told before the bytes; wide ones are no blob of ours.
Span field(ByteReader& reader, std::size_t offset)
{
    const std::uint32_t size = reader.u32();
    const std::size_t begin = offset + static_cast<std::size_t>(reader.position());
    reader.skip(size > maximumBlob ? ~std::uint64_t {0} : size);
    return reader.ok() ? Span {begin, begin + size} : Span {};
}

/// `position` is that of the provider's identifier, behind the version.
void lookAtProvider(const Window& window, std::size_t position, MatchSink& sink)
{
    if (position < 4
        || !standsAt(window.bytes, position - 4,
                     "\x01\0\0\0\xd0\x8c\x9d\xdf\x01\x15\xd1\x11\x8c\x7a\x00\xc0\x4f\xc2\x97\xeb"sv)
        || !window.fresh(position - 4))
        return;
    const std::size_t begin = position - 4;
    ByteReader reader(window.bytes.subspan(begin), ByteOrder::Little);
    reader.skip(24);
    const std::string guid = guidOf(reader);
    reader.skip(4); // flags
    field(reader, begin); // what the user is told
    const std::uint32_t cipher = reader.u32();
    reader.skip(4);
    const Span salt = field(reader, begin);
    field(reader, begin);
    const std::uint32_t hash = reader.u32();
    reader.skip(4);
    field(reader, begin);
    const Span data = field(reader, begin);
    if (!reader.ok() || !isCipher(cipher) || !isHash(hash) || data.begin >= data.end)
        return;
    Match match;
    match.rule = &dpapiRules()[0];
    match.confidence = Confidence::Likely;
    match.form = ValueForm::Binary;
    match.identity = Identity {"dpapi-master-key", guid};
    if (salt.begin < salt.end)
        match.spans.push_back(salt);
    match.spans.push_back(data);
    sink.add(std::move(match));
}

/// `position` is that of the hash behind {version 2, salt, rounds}; the cipher follows.
void lookAtMasterKey(const Window& window, std::size_t position, MatchSink& sink)
{
    if (position < 24 || !window.fresh(position - 24))
        return;
    ByteReader reader(window.bytes.subspan(position - 24), ByteOrder::Little);
    const std::uint32_t version = reader.u32();
    const ByteView salt = reader.bytes(16);
    const std::uint32_t rounds = reader.u32();
    const std::uint32_t hash = reader.u32();
    const std::uint32_t cipher = reader.u32();
    // A key of 64 bytes with its salt and MAC, in whole blocks.
    const std::size_t size = cipher == 0x6610 ? 144 : 104;
    const ByteView key = reader.bytes(size);
    if (!reader.ok() || version != 2 || !isHash(hash) || (cipher != 0x6610 && cipher != 0x6603)
        || rounds < 1000 || rounds > 10'000'000 || !looksRandom(salt) || !looksRandom(key))
        return;
    Match match;
    match.rule = &dpapiRules()[1];
    match.confidence = Confidence::Likely;
    match.form = ValueForm::Binary;
    match.spans = {{position + 8, position + 8 + size}};
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> dpapiAnchors()
{
    static const std::array anchors {
        anchorOf("\xd0\x8c\x9d\xdf"sv, 4, lookAtProvider),
        anchorOf("\x0e\x80\0\0"sv, 24, lookAtMasterKey),
        anchorOf("\x09\x80\0\0"sv, 24, lookAtMasterKey),
    };
    return anchors;
}

extern const Detector dpapiDetector;
const Detector dpapiDetector {"dpapi", dpapiRules, maximumBlob, nullptr, true};

} // namespace coredact
