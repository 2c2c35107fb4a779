// SPDX-License-Identifier: GPL-3.0-or-later
// Private scalars in the structures of Nettle.
#include "littlewords.h"
#include "madekeys.h"
#include "memoryimage.h"

#include <QTest>

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::size_t bitsOf(const EcCurve& curve) { return curve.name == "P-521" ? 521 : curve.bytes * 8; }

std::size_t wordsOf(const EcCurve& curve) { return (curve.bytes + 7) / 8; }

/// The memory of a process that has Nettle loaded, whose curve is the first thing in it.
class Nettle {
public:
    explicit Nettle(std::size_t bits, std::size_t words, std::string module = "libhogweed.so.6.5")
    {
        m_image.begin(MemoryImage::base, std::move(module));
        m_image.setModuleMemory(*AddressRange::make(MemoryImage::base, 0x1000));
        Bytes curve; // bits and words of the field's numbers, then room that calculations need
        for (const std::size_t number : {bits, words, std::size_t {1}, std::size_t {4}})
            addWords(curve, {number}, 2);
        m_curve = m_image.put(curve);
        m_image.pad(5000);
    }
    explicit Nettle(const EcCurve& curve)
        : Nettle(bitsOf(curve), wordsOf(curve))
    {
    }

    /// Puts a scalar or a point; the address of its words.
    std::uint64_t put(ByteView words)
    {
        const std::uint64_t address = m_image.put(words);
        Bytes structure;
        addWords(structure, {m_curve}, 8);
        addWords(structure, {address}, 8);
        m_image.put(structure);
        return address;
    }

    std::uint64_t putPoint(const EcCurve& curve, const EcPoint& point)
    {
        SecretBytes words = point.x.littleEndian(wordsOf(curve) * 8);
        const SecretBytes second = point.y.littleEndian(wordsOf(curve) * 8);
        words.insert(words.end(), second.begin(), second.end());
        return put(words);
    }

    std::vector<Match> matches()
    {
        m_image.pad(3000);
        return m_image.walk(bignumDetector);
    }
    std::uint64_t offsetOf(std::uint64_t address) const { return m_image.fileOffsetOf(address); }

private:
    MemoryImage m_image;
    std::uint64_t m_curve = 0;
};

void addCurves()
{
    QTest::addColumn<QString>("name");
    for (const char* curve : {"P-192", "P-256", "P-384", "P-521"})
        QTest::newRow(curve) << QString(curve);
}

} // namespace

class NettleScalarsTest : public QObject {
    Q_OBJECT

private slots:
    void aScalarIsProvedByItsPoint_data() { addCurves(); }
    void aScalarIsProvedByItsPoint();
    void aScalarAloneIsLikely_data() { addCurves(); }
    void aScalarAloneIsLikely();
    void aPointAloneIsNothing_data() { addCurves(); }
    void aPointAloneIsNothing();
    void theCurveMustBeOne();
    void onlyNettleIsLookedAt();
};

void NettleScalarsTest::aScalarIsProvedByItsPoint()
{
    QFETCH(QString, name);
    const EcCurve& curve = curveNamed(name.toStdString());
    const BigNumber d = scalarOf(curve, 81);
    Nettle nettle(curve);
    const auto address = nettle.put(d.littleEndian(wordsOf(curve) * 8));
    nettle.putPoint(curve, *ecPublicPoint(curve, d));
    const auto matches = nettle.matches();
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == d.bigEndian());
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), nettle.offsetOf(address));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {wordsOf(curve) * 8});
}

void NettleScalarsTest::aScalarAloneIsLikely()
{
    QFETCH(QString, name);
    const EcCurve& curve = curveNamed(name.toStdString());
    const BigNumber d = scalarOf(curve, 82);
    Nettle nettle(curve);
    nettle.put(d.littleEndian(wordsOf(curve) * 8));
    const auto matches = nettle.matches();
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QVERIFY(matches[0].value == d.bigEndian());
}

void NettleScalarsTest::aPointAloneIsNothing()
{
    QFETCH(QString, name);
    const EcCurve& curve = curveNamed(name.toStdString());
    Nettle nettle(curve);
    nettle.putPoint(curve, *ecPublicPoint(curve, scalarOf(curve, 83)));
    QVERIFY(nettle.matches().empty());
}

void NettleScalarsTest::theCurveMustBeOne()
{
    const BigNumber d = scalarOf(curveNamed("P-256"), 84);
    const auto isTold = [&](std::size_t bits, std::size_t words) {
        Nettle nettle(bits, words);
        nettle.put(d.littleEndian(32));
        return !nettle.matches().empty();
    };
    QVERIFY(isTold(256, 4));
    QVERIFY(!isTold(256, 3));
    QVERIFY(!isTold(247, 4));
    QVERIFY(!isTold(0, 0));
}

void NettleScalarsTest::onlyNettleIsLookedAt()
{
    Nettle nettle(256, 4, "libssl.so.3");
    nettle.put(scalarOf(curveNamed("P-256"), 85).littleEndian(32));
    QVERIFY(nettle.matches().empty());
}

QTEST_APPLESS_MAIN(NettleScalarsTest)
#include "tst_nettlescalars.moc"
