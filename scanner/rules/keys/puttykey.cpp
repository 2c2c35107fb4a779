// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/puttykey.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/numberkeys.h"
#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/sshwire.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::string_view fileMark = "PuTTY-User-Key-File-";
constexpr std::string_view macKeyText = "putty-private-key-file-mac-key";

/// Lines of a file, ended by \n, \r\n or \r.
class Lines {
public:
    Lines(ByteView bytes, std::size_t position)
        : m_bytes(bytes.first(std::min(bytes.size(), position + maximumPuttyKey)))
        , m_at(position)
    {
    }

    Span next()
    {
        const std::size_t begin = m_at;
        while (m_at < m_bytes.size() && m_bytes[m_at] != '\n' && m_bytes[m_at] != '\r'
               && m_bytes[m_at] != 0)
            ++m_at;
        const Span line {begin, m_at};
        if (m_at < m_bytes.size() && m_bytes[m_at] == '\r')
            ++m_at;
        if (m_at < m_bytes.size() && m_bytes[m_at] == '\n')
            ++m_at;
        return line;
    }

    std::string_view text(const Span& line) const
    {
        return asText(m_bytes.subspan(line.begin, line.end - line.begin));
    }

private:
    ByteView m_bytes;
    std::size_t m_at;
};

struct PuttyFile {
    int version = 0;
    std::string algorithm;
    std::string encryption;
    std::string comment;
    SecretBytes publicBlob;
    SecretBytes privateBlob;
    Span privateLines;
    Span mac;
    std::string macHex;
};

std::string_view valueOf(std::string_view line)
{
    const std::size_t colon = line.find(": ");
    return colon == std::string_view::npos ? std::string_view() : line.substr(colon + 2);
}

std::size_t countOf(std::string_view line)
{
    std::size_t count = 0;
    for (const char digit : valueOf(line))
        count = digit >= '0' && digit <= '9' && count < 1000
            ? count * 10 + static_cast<std::size_t>(digit - '0')
            : 1000;
    return count;
}

/// `count` lines of base64, decoded; their place in `place`.
SecretBytes readBlob(Lines& lines, std::size_t count, Span& place)
{
    SecretBytes characters;
    for (std::size_t i = 0; i < count; ++i) {
        const Span line = lines.next();
        const std::string_view text = lines.text(line);
        if (text.empty())
            break;
        characters.insert(characters.end(), text.begin(), text.end());
        place = {i == 0 ? line.begin : place.begin, line.end};
    }
    return decodeBase64(characters);
}

std::optional<PuttyFile> readFile(ByteView bytes, std::size_t position)
{
    Lines lines(bytes, position);
    PuttyFile file;
    const std::string_view first = lines.text(lines.next());
    if (!first.starts_with(fileMark) || first.size() < fileMark.size() + 4)
        return std::nullopt;
    file.version = first[fileMark.size()] - '0';
    file.algorithm = valueOf(first);
    for (int i = 0; i < 16; ++i) {
        const Span line = lines.next();
        const std::string_view text = lines.text(line);
        Span place;
        if (text.empty())
            break;
        if (text.starts_with("Encryption:"))
            file.encryption = valueOf(text);
        else if (text.starts_with("Comment:"))
            file.comment = valueOf(text);
        else if (text.starts_with("Public-Lines:"))
            file.publicBlob = readBlob(lines, countOf(text), place);
        else if (text.starts_with("Private-Lines:"))
            file.privateBlob = readBlob(lines, countOf(text), file.privateLines);
        else if (text.starts_with("Private-MAC:")) {
            file.macHex = valueOf(text);
            file.mac = {line.end - file.macHex.size(), line.end};
            break;
        }
    }
    if (file.version < 1 || file.version > 3 || file.privateBlob.size() < 16)
        return std::nullopt;
    return file;
}

void appendString(SecretBytes& data, ByteView bytes)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        data.push_back(static_cast<std::uint8_t>(bytes.size() >> shift & 0xff));
    data.insert(data.end(), bytes.begin(), bytes.end());
}

/// The MAC of an unencrypted file, as hexadecimal.
std::string macOf(const PuttyFile& file)
{
    SecretBytes data;
    appendString(data, asBytes(file.algorithm));
    appendString(data, asBytes(file.encryption));
    appendString(data, asBytes(file.comment));
    appendString(data, file.publicBlob);
    appendString(data, file.privateBlob);
    std::array<std::uint8_t, 20> key {};
    std::size_t keySize = 0;
    if (file.version < 3)
        EVP_Q_digest(nullptr, "SHA1", nullptr, macKeyText.data(), macKeyText.size(), key.data(),
                     &keySize);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac {};
    std::size_t size = 0;
    EVP_Q_mac(nullptr, "HMAC", nullptr, file.version < 3 ? "SHA1" : "SHA256", nullptr, key.data(),
              keySize, data.data(), data.size(), mac.data(), mac.size(), &size);
    return toHex(ByteView(mac).first(size));
}

std::optional<PrivateKey> rsaKey(WireReader& outside, WireReader& inside)
{
    const Span e = outside.string();
    const Span n = outside.string();
    const Span d = inside.string();
    const Span p = inside.string();
    const Span q = inside.string();
    if (!outside.ok() || !inside.ok())
        return std::nullopt;
    return rsaKeyOf(outside.integer(n), outside.integer(e), inside.integer(d), inside.integer(p),
                    inside.integer(q));
}

std::optional<PrivateKey> dsaKey(WireReader& outside, WireReader& inside)
{
    std::array<Span, 4> spans;
    for (Span& span : spans)
        span = outside.string();
    const Span x = inside.string();
    if (!outside.ok() || !inside.ok())
        return std::nullopt;
    return logKeyOf("DSA",
                    {outside.integer(spans[0]), outside.integer(spans[1]),
                     outside.integer(spans[2]), outside.integer(spans[3]), inside.integer(x)});
}

std::optional<PrivateKey> ecKey(WireReader& outside, WireReader& inside)
{
    const Span name = outside.string();
    const Span octets = outside.string();
    const Span d = inside.string();
    if (!outside.ok() || !inside.ok())
        return std::nullopt;
    const EcCurve* curve = ecCurveBySshName(asText(outside.view(name)));
    const BigNumber scalar = inside.integer(d);
    if (!curve || scalar.bytes() > curve->bytes)
        return std::nullopt;
    return ecKeyOf(*curve, scalar.bigEndian(curve->bytes), outside.view(octets));
}

std::optional<PrivateKey> edwardsKey(WireReader& outside, WireReader& inside)
{
    const Span half = outside.string();
    const Span seed = inside.string();
    if (!outside.ok() || !inside.ok() || half.end - half.begin != ed25519.bytes
        || seed.end - seed.begin > ed25519.bytes + 1)
        return std::nullopt;
    // A number in SSH's form, of which leading zeros may be missing or one be too many.
    const BigNumber number = inside.integer(seed);
    if (number.bytes() > ed25519.bytes)
        return std::nullopt;
    return okpPrivateKey(ed25519, number.bigEndian(ed25519.bytes), outside.view(half));
}

std::optional<PrivateKey> keyOf(const PuttyFile& file)
{
    WireReader outside(file.publicBlob, 0);
    WireReader inside(file.privateBlob, 0);
    const Span type = outside.string(64);
    if (!outside.ok() || asText(outside.view(type)) != file.algorithm)
        return std::nullopt;
    if (file.algorithm == "ssh-rsa")
        return rsaKey(outside, inside);
    if (file.algorithm == "ssh-dss")
        return dsaKey(outside, inside);
    if (file.algorithm == "ssh-ed25519")
        return edwardsKey(outside, inside);
    if (file.algorithm.starts_with("ecdsa-sha2-"))
        return ecKey(outside, inside);
    return std::nullopt;
}

} // namespace

std::optional<PuttyKey> readPuttyKey(ByteView bytes, std::size_t position)
{
    const auto file = readFile(bytes, position);
    if (!file)
        return std::nullopt;
    PuttyKey found;
    found.encrypted = file->encryption != "none";
    std::optional<PrivateKey> key = found.encrypted ? std::nullopt : keyOf(*file);
    if (key) {
        found.key = std::move(*key);
    } else {
        found.key.name = (found.encrypted ? "Encrypted PuTTY " : "PuTTY ")
            + file->algorithm.substr(0, std::min<std::size_t>(file->algorithm.size(), 32));
        found.key.form = ValueForm::Binary;
        found.key.value = file->privateBlob;
    }
    const bool sealed = !found.encrypted && !file->macHex.empty() && macOf(*file) == file->macHex;
    if (sealed && found.key.confidence != Confidence::Verified) {
        found.key.confidence = Confidence::Verified;
        found.key.proof = "the file's MAC holds";
    } else if (sealed) {
        found.key.proof += ", and the file's MAC holds";
    }
    if (!file->publicBlob.empty())
        found.key.identity = sshIdentity(file->publicBlob);
    found.secrets = {file->privateLines};
    if (file->mac.begin < file->mac.end)
        found.secrets.push_back(file->mac);
    return found;
}

} // namespace coredact
