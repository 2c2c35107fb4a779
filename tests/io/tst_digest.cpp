// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/digest.h"
#include "tests/support/memoryfile.h"

#include <QCryptographicHash>
#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

std::string expected(ByteView bytes)
{
    const QByteArray all(reinterpret_cast<const char*>(bytes.data()),
                         static_cast<qsizetype>(bytes.size()));
    return QCryptographicHash::hash(all, QCryptographicHash::Sha256).toHex().toStdString();
}

} // namespace

class TestDigest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheStandardsExample();
    void doesNotDependOnHowBytesArrive();
    void countsHolesAsZeros();
    void stopsWhenAsked();
};

void TestDigest::agreesWithTheStandardsExample()
{
    // FIPS 180-2, appendix B.1.
    QCOMPARE(sha256(asBytes("abc")),
             std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

void TestDigest::doesNotDependOnHowBytesArrive()
{
    Sha256 digest;
    digest.add(asBytes("a"));
    digest.add({});
    digest.addZeros(100'000);
    digest.add(asBytes("bc"));
    std::vector<std::uint8_t> all(100'003, 0);
    all[0] = 'a';
    all[100'001] = 'b';
    all[100'002] = 'c';
    QCOMPARE(digest.hex(), expected(all));
}

void TestDigest::countsHolesAsZeros()
{
    const Descriptor file = memoryFile();
    writeAt(file.number(), 5'000'000, asBytes("in the middle"));
    QCOMPARE(ftruncate(file.number(), 9'000'001), 0);
    const auto digest = sha256(sourceOf(file.number()), JobControl());
    QVERIFY(digest.ok());
    QCOMPARE(*digest, expected(contents(file.number())));
    const auto nothing = sha256(*Source::fromBytes({}), JobControl());
    QCOMPARE(*nothing, expected({}));
}

void TestDigest::stopsWhenAsked()
{
    JobControl control;
    control.cancel();
    const auto source = Source::fromBytes(asBytes("something"));
    QCOMPARE(sha256(*source, control).error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"
