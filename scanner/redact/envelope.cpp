// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/envelope.h"

#include "scanner/redact/sshwire.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <openssl/sha.h>

namespace coredact {

namespace {

using Json = nlohmann::ordered_json;
using sshwire::Writer;

constexpr std::string_view payloadType = "application/vnd.in-toto+json";
constexpr std::string_view sshNamespace = "coredact";
constexpr std::size_t largestCertificate = 384U << 20; ///< base64 of the largest statement

std::string textOf(const SecretBytes& bytes) { return std::string(asText(bytes)); }

/// What is signed: lengths before texts, so that no two pairs give the same bytes.
std::string preAuthentication(std::string_view statement)
{
    std::string text = "DSSEv1 " + std::to_string(payloadType.size()) + " ";
    text += payloadType;
    text += " " + std::to_string(statement.size()) + " ";
    text += statement;
    return text;
}

std::string envelope(std::string_view statement, const std::string& keyId,
                     const Signature& signature)
{
    const Json json {
        {"payloadType", payloadType},
        {"payload", textOf(sshwire::toBase64(asBytes(statement)))},
        {"signatures", {{{"keyid", keyId}, {"sig", textOf(sshwire::toBase64(signature))}}}},
    };
    return json.dump(2) + "\n";
}

std::string member(const Json& json, const char* name)
{
    const auto found = json.is_object() ? json.find(name) : json.end();
    return json.is_object() && found != json.end() && found->is_string() ? found->get<std::string>()
                                                                         : std::string();
}

std::optional<Signature> signatureFrom(const std::string& text)
{
    const auto bytes = sshwire::fromBase64(text);
    if (!bytes || bytes->size() != Signature().size())
        return std::nullopt;
    Signature signature {};
    std::copy(bytes->begin(), bytes->end(), signature.begin());
    return signature;
}

bool holds(std::string_view text, const OpenedCertificate& opened, const std::string& signature,
           const PublicKey& signer)
{
    const auto bytes = signatureFrom(signature);
    return bytes && text == envelope(opened.statement, signer.fingerprint(), *bytes)
        && signer.verifies(asBytes(preAuthentication(opened.statement)), *bytes);
}

} // namespace

std::string sealedStatement(std::string_view statement, const SigningKey& key)
{
    return envelope(statement, key.publicKey().fingerprint(),
                    key.sign(asBytes(preAuthentication(statement))));
}

Result<OpenedCertificate> openCertificate(std::string_view text, const PublicKey* signer)
{
    if (text.size() > largestCertificate)
        return Error {ErrorCode::TooLarge, "the certificate is larger than 384 MiB", std::nullopt};
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded() || !json.is_object() || !json.contains("payload"))
        return OpenedCertificate {std::string(text), {}, false};
    const auto statement = sshwire::fromBase64(member(json, "payload"));
    const auto signatures = json.find("signatures");
    if (!statement || statement->empty() || member(json, "payloadType") != payloadType
        || signatures == json.end() || !signatures->is_array() || signatures->size() != 1)
        return Error {ErrorCode::Malformed, "the certificate's envelope holds no statement",
                      std::nullopt};
    const Json& first = signatures->front();
    OpenedCertificate opened {textOf(*statement), member(first, "keyid"), false};
    opened.signatureHolds = signer && holds(text, opened, member(first, "sig"), *signer);
    return opened;
}

std::string sshSignature(std::string_view text, const SigningKey& key)
{
    std::array<std::uint8_t, SHA512_DIGEST_LENGTH> digest {};
    SHA512(asBytes(text).data(), text.size(), digest.data());
    Writer message;
    message.raw("SSHSIG").string(sshNamespace).string("").string("sha512").string(digest);
    const Signature signature = key.sign(message.bytes());
    Writer signaturePart;
    signaturePart.string("ssh-ed25519").string(ByteView(signature));
    Writer file;
    file.raw("SSHSIG").number(1).string(key.publicKey().blob()).string(sshNamespace);
    file.string("").string("sha512").string(signaturePart.bytes());
    return textOf(sshwire::armoured("SSH SIGNATURE", file.bytes()));
}

} // namespace coredact
