// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/envelope.h"

#include "scanner/redact/sshwire.h"

#include <QtTest>

#include <sys/mman.h>

using namespace coredact;

namespace {

const std::string statement = "{\n  \"_type\": \"https://in-toto.io/Statement/v1\"\n}\n";

SigningKey newKey()
{
    auto key = SigningKey::make();
    if (!key)
        qFatal("no key");
    return std::move(*key);
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const auto at = text.find(what);
    return at == std::string::npos ? std::string() : text.replace(at, what.size(), with);
}

} // namespace

class TestSignature : public QObject {
    Q_OBJECT

private slots:
    void aKeySurvivesItsFile()
    {
        const SigningKey key = newKey();
        const auto again = SigningKey::parse(key.fileText());
        QVERIFY(again.ok());
        QVERIFY(again->publicKey() == key.publicKey());
        QVERIFY(again->sign(asBytes("x")) == key.sign(asBytes("x")));
        QVERIFY(!(newKey().publicKey() == key.publicKey()));
    }

    /// OpenSSH refuses a key whose padding does not count.
    void aKeyFileEndsWithCountingBytes()
    {
        const SecretBytes bytes = *sshwire::unarmoured("OPENSSH PRIVATE KEY", newKey().fileText());
        const SecretBytes counting {0, 1, 2, 3, 4, 5}; // behind a comment of no length
        QVERIFY(std::equal(counting.begin(), counting.end(), bytes.end() - 6));
    }

    void aPublicKeyIsReadFromEveryUsualLine()
    {
        const PublicKey key = newKey().publicKey();
        for (const std::string& text :
             {key.text(), key.text() + " comment\n", key.text() + "\r\n",
              "# keys of the team\n\nteam@example.com namespaces=\"coredact\" " + key.text() + "\n",
              "ssh-rsa AAAA no\nssh-ed25519\nssh-ed25519 !!\n" + key.text()}) {
            const auto read = PublicKey::parse(text);
            QVERIFY2(read.ok(), text.c_str());
            QVERIFY(*read == key);
        }
        QVERIFY(key.fingerprint().starts_with("SHA256:"));
        QCOMPARE(key.fingerprint().size(), std::size_t(7 + 43));
        for (const std::string& text :
             {std::string(), std::string("ssh-ed25519"), std::string("ssh-ed25519 AAAA"),
              "ssh-ed25519 " + key.text().substr(12, 40), "#" + key.text()})
            QVERIFY2(!PublicKey::parse(text), text.c_str());
    }

    /// As ssh-keygen -l tells it.
    void aFingerprintIsTheOneOfOpenSsh()
    {
        const auto key = PublicKey::parse("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"
                                          "AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH");
        QVERIFY(key.ok());
        QCOMPARE(key->fingerprint(),
                 std::string("SHA256:gNSIRW+2Iyiuvsdp/bgjy38bvWHw6wQm3tuoXrl3WjQ"));
    }

    void aDamagedKeyFileIsRefused()
    {
        const SigningKey key = newKey();
        const SecretBytes text = key.fileText();
        for (std::size_t size = 0; size + 1 < text.size(); ++size)
            QVERIFY(!SigningKey::parse(ByteView(text).first(size)));
        const auto bytes = *sshwire::unarmoured("OPENSSH PRIVATE KEY", text);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            SecretBytes damaged = bytes;
            damaged[at] ^= 1;
            const auto read = SigningKey::parse(sshwire::armoured("OPENSSH PRIVATE KEY", damaged));
            // What names the key beside its seed is not looked at: it follows from the seed.
            if (read)
                QVERIFY(read->publicKey() == key.publicKey()
                        || read->sign(asBytes("x")) != key.sign(asBytes("x")));
        }
    }

    void aKeyFileMayHaveBlanksBetweenItsCharacters()
    {
        const SigningKey key = newKey();
        const SecretBytes written = key.fileText();
        for (const char* const blank : {"\r\n", " \n", "\t\n\n"}) {
            const std::string text = replaced(std::string(asText(written)), "\n", blank);
            const auto read = SigningKey::parse(asBytes(text));
            QVERIFY(read && read->publicKey() == key.publicKey());
        }
    }

    void aKeyOfAnotherKindOrSizeIsRefused()
    {
        const SecretBytes right(32, 7);
        const auto publicText
            = [](std::string_view type, const SecretBytes& key, std::string_view behind) {
                  sshwire::Writer blob;
                  blob.string(type).string(key).raw(behind);
                  return "ssh-ed25519 " + std::string(asText(sshwire::toBase64(blob.bytes())));
              };
        QVERIFY(PublicKey::parse(publicText("ssh-ed25519", right, "")).ok());
        QVERIFY(!PublicKey::parse(publicText("ssh-ed448", right, "")));
        QVERIFY(!PublicKey::parse(publicText("ssh-ed25519", SecretBytes(31, 7), "")));
        QVERIFY(!PublicKey::parse(publicText("ssh-ed25519", right, "x")));

        const auto parsed = [&](std::uint32_t again, std::string_view type, std::size_t known,
                                std::size_t secret, std::uint32_t count) {
            sshwire::Writer section;
            section.number(1).number(again).string(type).string(SecretBytes(known, 1));
            section.string(SecretBytes(secret, 2)).string("comment");
            sshwire::Writer file;
            file.raw(std::string_view("openssh-key-v1\0", 15)).string("none").string("none");
            file.string("").number(count).string("public").string(section.bytes());
            return SigningKey::parse(sshwire::armoured("OPENSSH PRIVATE KEY", file.bytes()));
        };
        QVERIFY(parsed(1, "ssh-ed25519", 32, 64, 1).ok());
        QVERIFY(!parsed(2, "ssh-ed25519", 32, 64, 1));
        QVERIFY(!parsed(1, "ssh-rsa", 32, 64, 1));
        QVERIFY(!parsed(1, "ssh-ed25519", 33, 64, 1));
        QVERIFY(!parsed(1, "ssh-ed25519", 32, 63, 1));
        QVERIFY(!parsed(1, "ssh-ed25519", 32, 64, 2));
    }

    void aKeyWithAPassphraseIsNamedAsSuch()
    {
        sshwire::Writer file;
        file.raw(std::string_view("openssh-key-v1\0", 15)).string("aes256-ctr").string("bcrypt");
        file.string("salt").number(1).string("public").string("encrypted");
        const auto read = SigningKey::parse(sshwire::armoured("OPENSSH PRIVATE KEY", file.bytes()));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Unsupported);
        QVERIFY(read.error().message.find("passphrase") != std::string::npos);
    }

    void aSignatureHoldsForItsMessageAndItsKeyOnly()
    {
        const SigningKey key = newKey();
        Signature signature = key.sign(asBytes("message"));
        QVERIFY(key.publicKey().verifies(asBytes("message"), signature));
        QVERIFY(!key.publicKey().verifies(asBytes("massage"), signature));
        QVERIFY(!newKey().publicKey().verifies(asBytes("message"), signature));
        signature[5] ^= 1;
        QVERIFY(!key.publicKey().verifies(asBytes("message"), signature));
    }

    void anEnvelopeOpensToItsStatement()
    {
        const SigningKey key = newKey();
        const std::string sealed = sealedStatement(statement, key);
        const auto opened = openCertificate(sealed, &key.publicKey());
        QVERIFY(opened.ok());
        QCOMPARE(opened->statement, statement);
        QCOMPARE(opened->keyId, key.publicKey().fingerprint());
        QVERIFY(opened->signatureHolds);
    }

    void nobodyElsesKeyWillDo()
    {
        const std::string sealed = sealedStatement(statement, newKey());
        const SigningKey other = newKey();
        QVERIFY(!openCertificate(sealed, &other.publicKey())->signatureHolds);
        QVERIFY(!openCertificate(sealed, nullptr)->signatureHolds);
        QCOMPARE(openCertificate(sealed, nullptr)->statement, statement);
    }

    void aStatementAloneIsNotSigned()
    {
        const SigningKey key = newKey();
        const auto opened = openCertificate(statement, &key.publicKey());
        QVERIFY(opened.ok());
        QCOMPARE(opened->statement, statement);
        QVERIFY(opened->keyId.empty() && !opened->signatureHolds);
    }

    /// G21: any change of any byte, also of those that mean nothing in JSON or base64.
    void everyChangedByteBreaksTheSignature()
    {
        const SigningKey key = newKey();
        const std::string sealed = sealedStatement(statement, key);
        for (std::size_t at = 0; at < sealed.size(); ++at) {
            for (int change = 1; change < 256; ++change) {
                std::string text = sealed;
                text[at] = static_cast<char>(text[at] ^ change);
                const auto opened = openCertificate(text, &key.publicKey());
                QVERIFY(!opened || !opened->signatureHolds);
            }
            std::string longer = sealed;
            longer.insert(at, 1, ' ');
            const auto opened = openCertificate(longer, &key.publicKey());
            QVERIFY(!opened || !opened->signatureHolds);
            QVERIFY(!openCertificate(sealed.substr(0, at), &key.publicKey())->signatureHolds);
        }
    }

    void whatIsNoEnvelopeIsRefused()
    {
        const SigningKey key = newKey();
        const std::string good = sealedStatement(statement, key);
        for (const std::string& text :
             {replaced(good, "vnd.in-toto+json", "vnd.other+json"),
              replaced(good, "\"signatures\": [", "\"signatures\": 1, \"x\": ["),
              replaced(good, "\"signatures\": [", "\"signatures\": [[], "),
              replaced(good, "\"payload\": \"", "\"payload\": \"!"),
              replaced(good, "\"payload\": \"", "\"payload\": 1, \"x\": \"")}) {
            QVERIFY(!text.empty());
            const auto opened = openCertificate(text, &key.publicKey());
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, ErrorCode::Malformed);
        }
        // No object, or no payload: a statement that is not signed, as far as it is one.
        for (const char* const text : {"[]", "7", "{}", "{", ""})
            QCOMPARE(openCertificate(text, nullptr)->statement, std::string(text));
        for (const std::string& text :
             {replaced(good, "\"signatures\": [", "\"signatures\": [7], \"x\": ["),
              replaced(good, "\"sig\": \"", "\"sig\": \"AAAA"),
              replaced(good, "\"sig\": \"", "\"sig\": 1, \"x\": \""),
              replaced(good, "\"keyid\": \"", "\"keyid\": 1, \"x\": \"")}) {
            const auto opened = openCertificate(text, &key.publicKey());
            QVERIFY(opened.ok() && !opened->signatureHolds);
        }
    }

    /// Refused by its size: there is nothing behind it that could be read.
    void whatIsTooLargeIsNotLookedAt()
    {
        const std::size_t size = (std::size_t {384} << 20) + 1;
        void* const nothing
            = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        QVERIFY(nothing != MAP_FAILED);
        const std::string_view text(static_cast<const char*>(nothing), size);
        const auto opened = openCertificate(text, nullptr);
        QVERIFY(!opened && opened.error().code == ErrorCode::TooLarge);
        munmap(nothing, size);
    }

    void base64HasOneTextForEachValue()
    {
        for (std::size_t size = 0; size < 70; ++size) {
            const SecretBytes bytes(size, 0xfb);
            const SecretBytes text = sshwire::toBase64(bytes);
            QVERIFY(sshwire::fromBase64(asText(text)) == bytes);
        }
        for (const char* text : {"A", "AA", "AA=", "AB==", "AAB=", "AA==AA==", "AA= =", " AAAA",
                                 "AAAA\n", "====", "AA-_", "=AAA"})
            QVERIFY2(!sshwire::fromBase64(text), text);
    }
};

QTEST_APPLESS_MAIN(TestSignature)
#include "tst_signature.moc"
