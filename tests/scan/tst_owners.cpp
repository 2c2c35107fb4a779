// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/joins.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <QTest>

#include <memory>

using namespace coredact;

namespace {

/// A public key that this run makes.
SecretBytes publicKey()
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key.get(), &der);
    SecretBytes spki(der, der + size);
    OPENSSL_free(der);
    return spki;
}

/// So many tokens of a kind of key that no key on a curve verifies.
std::vector<SignedToken> tokensOfRsa(std::size_t count)
{
    SignedToken token;
    token.text = {'a', '.', 'b'};
    token.signedSize = token.text.size();
    token.signature.resize(256);
    token.algorithm = "RS256";
    return std::vector<SignedToken>(count, token);
}

std::vector<std::string> toldOfKey(std::size_t tokens)
{
    std::vector<Finding> findings(1);
    std::vector<SecretValue> values(1);
    values[0].publicKey = publicKey();
    addOwners(findings, values, CertificateHarvest(), tokensOfRsa(tokens));
    return findings[0].belongsTo;
}

} // namespace

class OwnersTest : public QObject {
    Q_OBJECT

private slots:
    void aKeyTellsThatNotAllTokensWereTried();
};

void OwnersTest::aKeyTellsThatNotAllTokensWereTried()
{
    QVERIFY(toldOfKey(20'000).empty());
    QCOMPARE(toldOfKey(20'001),
             std::vector<std::string> {"perhaps other issuers: not all tokens were tried"});
}

QTEST_APPLESS_MAIN(OwnersTest)
#include "tst_owners.moc"
