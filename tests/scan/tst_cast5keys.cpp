// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/cast5keys.h"

#include "scanner/rules/ciphers/cast5.h"

#include <algorithm>

#include <QTest>

using namespace coredact;

namespace {

SecretBytes keyOf(std::uint8_t seed)
{
    SecretBytes key;
    for (unsigned i = 0; i < 16; ++i)
        key.push_back(static_cast<std::uint8_t>(seed + 37 * i * i + 11 * i));
    return key;
}

struct Told {
    std::vector<Finding> findings;
    std::vector<SecretValue> values;

    void add(SecretBytes value, const char* rule = "cast5-key-schedule")
    {
        Finding finding;
        finding.rule = rule;
        finding.confidence = Confidence::Likely;
        findings.push_back(finding);
        values.push_back({ValueForm::Binary, std::move(value), {}});
    }
    bool prove() { return proveCast5Keys(findings, values, JobControl()); }
};

} // namespace

class Cast5KeysTest : public QObject {
    Q_OBJECT

private slots:
    void whatHasAKeyIsProved()
    {
        Told told;
        const SecretBytes subkeys = expandCast5Key(keyOf(1));
        told.add(subkeys);
        QVERIFY(!told.prove());
        QCOMPARE(told.findings.size(), std::size_t {1});
        QVERIFY(told.findings[0].confidence == Confidence::Verified);
        std::vector<SecretBytes> all {told.values[0].value};
        for (const DerivedValue& derived : told.values[0].derived)
            all.push_back(derived.bytes);
        for (const SecretBytes& wanted : {keyOf(1), subkeys})
            QVERIFY(std::find(all.begin(), all.end(), wanted) != all.end());
    }

    void moreThanAreTriedAreTold()
    {
        for (const std::size_t most : {1U, 2U}) {
            Told told;
            told.add(expandCast5Key(keyOf(5)));
            told.add(expandCast5Key(keyOf(6)));
            const bool all = most == 2;
            QCOMPARE(proveCast5Keys(told.findings, told.values, JobControl(), most), !all);
            QVERIFY(told.findings[0].confidence == Confidence::Verified);
            QVERIFY(told.findings[1].confidence
                    == (all ? Confidence::Verified : Confidence::Likely));
        }
    }

    void whatHasNoneIsDropped()
    {
        Told told;
        SecretBytes wrong = expandCast5Key(keyOf(2));
        wrong[10] ^= 1;
        told.add(wrong);
        told.add(keyOf(3), "another-rule");
        told.add(expandCast5Key(keyOf(4)));
        QVERIFY(!told.prove());
        QCOMPARE(told.findings.size(), std::size_t {2});
        QCOMPARE(told.findings[0].rule, std::string("another-rule"));
        QVERIFY(told.values[0].value == keyOf(3));
        QVERIFY(told.findings[1].confidence == Confidence::Verified);
    }
};

QTEST_APPLESS_MAIN(Cast5KeysTest)
#include "tst_cast5keys.moc"
