// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/rsafragments.h"
#include "scanner/scan/windows.h"

#include <QTest>

using namespace coredact;

namespace {

BigNumber oddNumber(std::size_t size, std::uint32_t seed)
{
    auto bytes = randomBytes(size, seed);
    bytes.front() |= 0x80;
    bytes.back() |= 1;
    return BigNumber::fromBigEndian(bytes);
}

} // namespace

/// How much is done for numbers that may be of any of many keys.
class RsaFragmentsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void dividesModuliAsOftenAsItMay_data();
    void dividesModuliAsOftenAsItMay();
    void copiesOfANumberCostNothing();

private:
    static constexpr std::uint64_t others = 9; ///< moduli, and numbers of the same size

    /// The key's is the last of the moduli.
    std::size_t provenAmong(const std::vector<BigNumber>& numbers, std::uint64_t divisions,
                            bool& leftOut) const
    {
        SecretBytes bytes;
        for (const BigNumber& number : numbers) {
            const SecretBytes integer = derInteger(number.bigEndian());
            bytes.insert(bytes.end(), integer.begin(), integer.end());
        }
        bytes.resize(bytes.size() + 16);
        const PieceMap map({*FileRange::make(0, bytes.size())});
        FragmentSearch search(m_moduli, divisions);
        search.look({bytes, 0, bytes.size(), &map, "raw"});
        const std::size_t proven = search.proven().size();
        leftOut = search.leftOut();
        return proven;
    }

    RsaNumbers m_key;
    std::vector<PublicRsa> m_moduli;
    std::vector<BigNumber> m_numbers;
};

void RsaFragmentsTest::initTestCase()
{
    m_key = rsaNumbers(makeRsa(1024));
    for (std::uint32_t i = 0; i < others; ++i) {
        m_moduli.push_back({oddNumber(128, i), m_key.e, {}, true});
        m_numbers.push_back(oddNumber(64, 100 + i));
    }
    m_moduli.push_back({m_key.n, m_key.e, {}, true});
    m_numbers.push_back(m_key.p);
}

void RsaFragmentsTest::dividesModuliAsOftenAsItMay_data()
{
    QTest::addColumn<std::uint64_t>("divisions");
    QTest::newRow("as often as is needed") << (others + 1) * (others + 1);
    QTest::newRow("once less") << (others + 1) * (others + 1) - 1;
}

void RsaFragmentsTest::dividesModuliAsOftenAsItMay()
{
    QFETCH(const std::uint64_t, divisions);
    const bool all = divisions == (others + 1) * (others + 1);
    bool leftOut = false;
    QCOMPARE(provenAmong(m_numbers, divisions, leftOut), std::size_t {all ? 1U : 0U});
    QCOMPARE(leftOut, !all);
}

void RsaFragmentsTest::copiesOfANumberCostNothing()
{
    bool leftOut = false;
    const std::vector<BigNumber> copies(20, m_key.p);
    QCOMPARE(provenAmong(copies, others + 1, leftOut), copies.size());
    QVERIFY(!leftOut);
}

QTEST_APPLESS_MAIN(RsaFragmentsTest)
#include "tst_rsafragments.moc"
