// SPDX-License-Identifier: GPL-3.0-or-later
// TLS sessions as libssl keeps them, in its structure and in DER. All made for each run.
#include "tlsmemory.h"
#include "tlssessions.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

class TestTlsSessions : public QObject {
    Q_OBJECT

private slots:
    void findsSessionsOfTheLibsslInUse_data();
    void findsSessionsOfTheLibsslInUse();
    void findsASessionInDerWithoutItsHead();
    void findsSessionsOfOtherLayouts();
    void aSpoiltSessionIsNone();
};

void TestTlsSessions::findsSessionsOfTheLibsslInUse_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("name");
    QTest::newRow("TLS 1.2") << 0x303 << 48 << "TLS 1.2 master secret";
    QTest::newRow("TLS 1.0") << 0x301 << 48 << "TLS 1.0 master secret";
    QTest::newRow("TLS 1.3, SHA-256") << 0x304 << 32 << "TLS 1.3 resumption secret";
    QTest::newRow("TLS 1.3, SHA-384") << 0x304 << 48 << "TLS 1.3 resumption secret";
}

void TestTlsSessions::findsSessionsOfTheLibsslInUse()
{
    QFETCH(int, version);
    QFETCH(int, size);
    QFETCH(QString, name);
    const SecretBytes secret = drawn(static_cast<std::size_t>(size));
    const SecretBytes id = drawn(32);
    const Session session = sessionOf(version, secret, id);
    for (const Bytes& form :
         {Bytes(structureOf(session).begin(), structureOf(session).end()), derOf(session)}) {
        Memory memory;
        memory.put(form);
        const auto result = memory.scanned();
        const auto found = findingsOf(result, "tls-session-secret", secret);
        QCOMPARE(found.size(), std::size_t {1});
        QVERIFY(found[0]->confidence == Confidence::Likely);
        QVERIFY2(found[0]->title.starts_with(name.toStdString()), found[0]->title.c_str());
        QVERIFY(found[0]->identity);
        QVERIFY(found[0]->identity->value == toHex(id));
    }
}

void TestTlsSessions::findsASessionInDerWithoutItsHead()
{
    const SecretBytes secret = drawn(48);
    Bytes der = derOf(sessionOf(0x303, secret, drawn(32)));
    const auto at = std::search(der.begin(), der.end(), secret.begin(), secret.end());
    QVERIFY(at != der.end());
    der.erase(der.begin(), at - 2);
    Memory memory;
    memory.put(der);
    QCOMPARE(findingsOf(memory.scanned(), "tls-session-secret", secret).size(), std::size_t {1});
}

void TestTlsSessions::findsSessionsOfOtherLayouts()
{
    for (const std::size_t word : {std::size_t {4}, std::size_t {8}})
        for (const std::size_t room : {std::size_t {48}, std::size_t {256}, std::size_t {512}}) {
            const SecretBytes secret = drawn(48);
            Bytes bytes;
            append(bytes, 0x303, word);
            append(bytes, 48, word);
            bytes.resize(bytes.size() + (room == 48 ? 0 : 64));
            append(bytes, secret);
            bytes.resize(bytes.size() + room - 48);
            append(bytes, 32, word);
            append(bytes, drawn(32));
            const auto session = tlsSessionStructure(bytes, 0);
            QVERIFY(session);
            QVERIFY(std::equal(secret.begin(), secret.end(),
                               bytes.begin() + static_cast<std::ptrdiff_t>(session->secret.begin)));
            QCOMPARE(session->id.end - session->id.begin, std::size_t {32});
            for (std::size_t cut = 0; cut < bytes.size(); ++cut)
                if (const auto found = tlsSessionStructure(ByteView(bytes).first(cut), 0))
                    QVERIFY(found->id.end <= cut && found->secret.begin == session->secret.begin);
        }
}

void TestTlsSessions::aSpoiltSessionIsNone()
{
    const Session session = sessionOf(0x303, drawn(48), drawn(32));
    const Bytes whole(structureOf(session).begin(), structureOf(session).end());
    QVERIFY(tlsSessionStructure(whole, 0));
    for (const std::size_t at : {0U, 1U, 2U, 8U, 9U, 128U, 250U, 335U}) {
        Bytes spoilt = whole;
        spoilt[at] ^= 0x50;
        QVERIFY2(!tlsSessionStructure(spoilt, 0), std::to_string(at).c_str());
    }
    Bytes zeros = whole;
    std::fill(zeros.begin() + 80, zeros.begin() + 128, std::uint8_t {0});
    QVERIFY(!tlsSessionStructure(zeros, 0));
}

QTEST_GUILESS_MAIN(TestTlsSessions)
#include "tst_tlssessions.moc"
