// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as Windows exports and imports them: CNG's and CryptoAPI's blobs, and .pvk files.
#include "scanner/rules/keys/winkeys.h"
#include "scanner/rules/byteanchor.h"

#include "scanner/base/bytereader.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> windowsRules()
{
    static const std::array rules {
        RuleInfo {"cng-private-key",
                  "Private key (CNG blob)",
                  Severity::Critical,
                  std::string("An RSA or elliptic-curve private key in the form in which Windows' "
                              "CNG and .NET export it.")
                      + keyMatters,
                  replaceKey,
                  {"private-key", "windows"},
                  100},
        RuleInfo {"capi-private-key",
                  "Private key (CryptoAPI blob)",
                  Severity::Critical,
                  std::string("An RSA private key in the form of Windows' CryptoAPI: "
                              "PRIVATEKEYBLOB, .NET's ExportCspBlob, .pvk and strong-name files.")
                      + keyMatters,
                  replaceKey,
                  {"private-key", "windows"},
                  100},
        RuleInfo {"windows-symmetric-key",
                  "Symmetric key (Windows blob)",
                  Severity::High,
                  "A symmetric key in the form in which CNG or CryptoAPI export it. It decrypts "
                  "whatever was encrypted with it.",
                  "Make a new key, encrypt again what the old one protects, and destroy the old.",
                  {"symmetric-key", "windows"},
                  80},
        RuleInfo {"pvk-encrypted-key",
                  "Encrypted private key (.pvk)",
                  Severity::Medium,
                  "A code-signing key in a .pvk file, encrypted with a password by RC4: weak, at "
                  "times with 40 bits only.",
                  "If the password may be weak or in the same dump: have the code-signing "
                  "certificate revoked for key compromise and get a new key, best in hardware.",
                  {"private-key", "windows", "encrypted"},
                  90},
    };
    return rules;
}

using Reader = std::optional<WindowsKey> (*)(ByteView, std::size_t);

void lookWith(Reader read, std::size_t rule, std::string_view where, const Window& window,
              std::size_t begin, MatchSink& sink)
{
    if (!window.fresh(begin))
        return;
    auto found = read(window.bytes, begin);
    if (!found)
        return;
    Match match = matchOf(windowsRules()[rule], std::move(found->key), where);
    if (rule == 2)
        match.title = match.title.substr(0, match.title.find(" private")) + " key (Windows blob)";
    match.spans = std::move(found->secrets);
    sink.add(std::move(match));
}

void lookAtRsa(const Window& window, std::size_t position, MatchSink& sink)
{
    lookWith(readCngRsa, 0, "CNG blob", window, position, sink);
    if (position >= 8)
        lookWith(readCapiRsa, 1, "CryptoAPI blob", window, position - 8, sink);
}

void lookAtEc(const Window& window, std::size_t position, MatchSink& sink)
{
    const auto last = window.bytes[position + 3];
    if (last == '2' || last == '4' || last == '6')
        lookWith(readCngEc, 0, "CNG blob", window, position, sink);
}

void lookAtGenericEc(const Window& window, std::size_t position, MatchSink& sink)
{
    lookWith(readCngEc, 0, "CNG blob", window, position, sink);
}

/// `position` is that of the algorithm.
void lookAtPlain(const Window& window, std::size_t position, MatchSink& sink)
{
    if (position >= 4)
        lookWith(readSymmetricBlob, 2, "", window, position - 4, sink);
}

void lookAtKeyData(const Window& window, std::size_t position, MatchSink& sink)
{
    lookWith(readSymmetricBlob, 2, "", window, position, sink);
}

/// An unencrypted .pvk file holds a blob that is found by itself.
void lookAtPvk(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    ByteReader reader(window.bytes.subspan(position), ByteOrder::Little);
    reader.skip(4);
    const std::uint32_t reserved = reader.u32();
    const std::uint32_t kind = reader.u32();
    const std::uint32_t encrypted = reader.u32();
    const std::uint32_t salt = reader.u32();
    const std::uint32_t size = reader.u32();
    if (!reader.ok() || reserved != 0 || kind < 1 || kind > 2 || encrypted != 1 || salt != 16
        || size < 64 || size > maximumWindowsKey)
        return;
    reader.skip(salt);
    // The blob's head stays readable.
    const std::string_view head = asText(reader.bytes(4));
    reader.skip(4);
    const std::size_t begin = position + static_cast<std::size_t>(reader.position());
    const ByteView ciphertext = reader.bytes(size - 8);
    if (!reader.ok() || head != "\x07\x02\0\0"sv || !looksRandom(ciphertext))
        return;
    Match match;
    match.rule = &windowsRules()[3];
    match.confidence = Confidence::Likely;
    match.form = ValueForm::Binary;
    match.spans = {{begin, begin + ciphertext.size()}};
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> winkeysAnchors()
{
    static const std::array anchors {
        anchorOf("RSA2", 8, lookAtRsa),
        anchorOf("RSA3", 0, lookAtRsa),
        anchorOf("ECS0", "\xff\xff\xff\xf8", 0, lookAtEc),
        anchorOf("ECK0", "\xff\xff\xff\xf8", 0, lookAtEc),
        anchorOf("ECDV", 0, lookAtGenericEc),
        anchorOf("ECKV", 0, lookAtGenericEc),
        anchorOf("\x0e\x66\0\0"sv, "\xfe\xff\xff\xff"sv, 4, lookAtPlain),
        anchorOf("\x10\x66\0\0"sv, 4, lookAtPlain),
        anchorOf("\x03\x66\0\0"sv, 4, lookAtPlain),
        anchorOf("KDBM", 0, lookAtKeyData),
        anchorOf("\x1e\xf1\xb5\xb0"sv, 0, lookAtPvk),
    };
    return anchors;
}

extern const Detector winkeysDetector;
const Detector winkeysDetector {"winkeys", windowsRules, maximumWindowsKey, nullptr, true};

} // namespace coredact
