// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/keypieces.h"

#include <QtTest>

using namespace coredact;

namespace {

Finding keyFinding(const std::string& rule, const std::string& key, std::uint64_t offset)
{
    Finding finding;
    finding.rule = rule;
    finding.confidence = Confidence::Verified;
    finding.identity = Identity {"spki-sha256", key};
    finding.occurrences.push_back({"raw", "", {{*FileRange::make(offset, 128), std::nullopt}}});
    return finding;
}

SecretValue valueOf(std::uint8_t byte) { return {ValueForm::Binary, SecretBytes(128, byte), {}}; }

const std::string prime = "rsa-private-key-prime";
const std::string whole = "rsa-private-key-bignum";

} // namespace

class TestKeyPieces : public QObject {
    Q_OBJECT

private slots:
    void aPrimeGoesToItsKey()
    {
        std::vector findings {keyFinding(prime, "one", 100), keyFinding(whole, "one", 500),
                              keyFinding(prime, "one", 900)};
        std::vector values {valueOf(1), valueOf(2), valueOf(3)};
        joinKeyPieces(findings, values);
        QCOMPARE(findings.size(), std::size_t {1});
        QCOMPARE(values.size(), std::size_t {1});
        QCOMPARE(findings[0].rule, whole);
        std::vector<std::uint64_t> places;
        for (const Occurrence& occurrence : findings[0].occurrences)
            places.push_back(occurrence.pieces.front().file.first());
        QCOMPARE(places, (std::vector<std::uint64_t> {100, 500, 900}));
        QCOMPARE(values[0].value, SecretBytes(128, 2));
        for (const std::uint8_t byte : {std::uint8_t {1}, std::uint8_t {3}})
            QVERIFY(std::any_of(
                values[0].derived.begin(), values[0].derived.end(),
                [&](const DerivedValue& one) { return one.bytes == SecretBytes(128, byte); }));
    }

    void aPrimeOfNoOtherFindingStays()
    {
        std::vector findings {keyFinding(prime, "one", 100), keyFinding(prime, "one", 300),
                              keyFinding(whole, "another", 500)};
        std::vector values {valueOf(1), valueOf(2), valueOf(3)};
        const std::vector<Finding> before = findings;
        joinKeyPieces(findings, values);
        QVERIFY(findings == before);
        QCOMPARE(values.size(), std::size_t {3});
    }

    void whatIsNotProvedIsNoKey()
    {
        std::vector findings {keyFinding(prime, "one", 100), keyFinding(whole, "one", 500)};
        findings[1].confidence = Confidence::Likely;
        std::vector values {valueOf(1), valueOf(2)};
        joinKeyPieces(findings, values);
        QCOMPARE(findings.size(), std::size_t {2});
    }
};

QTEST_APPLESS_MAIN(TestKeyPieces)
#include "tst_keypieces.moc"
