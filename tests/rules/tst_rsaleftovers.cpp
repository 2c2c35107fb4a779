// SPDX-License-Identifier: GPL-3.0-or-later
// What calculating with an RSA key leaves on the stacks of a Go program.
#include "memoryimage.h"

#include "scanner/rules/keys/rsaleftovers.h"
#include "scanner/scan/windows.h"

#include <QTest>

#include <map>

using namespace coredact;

namespace {

constexpr std::size_t arrayBytes = 256;

SecretBytes word(std::uint64_t value)
{
    SecretBytes bytes;
    for (unsigned i = 0; i < 8; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    return bytes;
}

SecretBytes pointer() { return word(0xc000012340); }

SecretBytes joined(const std::vector<SecretBytes>& parts)
{
    SecretBytes all;
    for (const SecretBytes& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// A number at the front of an array of 2048 bits.
SecretBytes inArray(const BigNumber& number) { return number.littleEndian(arrayBytes); }

BigNumber madeNumber(std::size_t bytes, std::uint32_t seed)
{
    auto random = randomBytes(bytes, seed);
    random[0] |= 0x40;
    return BigNumber::fromBigEndian(random);
}

/// A Go program's heap with the numbers of the key, as its big.Int hold them.
class GoProgram {
public:
    explicit GoProgram(const RsaNumbers& key, std::uint64_t start = 0xc000000000)
    {
        m_image.begin(start, "server");
        m_image.pad(3000);
        for (const BigNumber* number : {&key.n, &key.d, &key.p, &key.q}) {
            const std::uint64_t words = (number->bits() + 63) / 64;
            const std::uint64_t address = m_image.put(number->littleEndian(words * 8));
            m_image.put(joined({word(0), word(address), word(words), word(words + 4)}));
        }
    }

    /// Where `parts[which]` stands in the file once all are on the stack, between pointers.
    std::uint64_t leave(std::vector<SecretBytes> parts, std::size_t which)
    {
        parts.insert(parts.begin(), pointer());
        parts.push_back(pointer());
        std::uint64_t address = m_image.put(joined(parts));
        for (std::size_t i = 0; i <= which; ++i)
            address += parts[i].size();
        return m_image.fileOffsetOf(address);
    }

    /// The places of what is left over of the key.
    std::vector<FileRange> found()
    {
        m_image.pad(3000);
        const auto matches = m_image.walk(bignumDetector);
        // The first one tells of the key's own numbers.
        if (matches.size() != 2 || matches[0].value != matches[1].value
            || matches[1].confidence != Confidence::Verified)
            return {};
        return matches[1].places;
    }

private:
    MemoryImage m_image;
};

} // namespace

class RsaLeftoversTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void findsANumberModuloAPrimeInItsArray_data();
    void findsANumberModuloAPrimeInItsArray();
    void findsWhatAProductWasReducedTo();
    void findsMultiplesOfAPrime();
    void findsPowersThatFillTheirArrays();
    void otherNumbersStay_data();
    void otherNumbersStay();
    void elsewhereThanInGosHeapNothingIsLeft();
    void looksForWhatIsLeftOfManyKeys_data();
    void looksForWhatIsLeftOfManyKeys();

private:
    const RsaNumbers& keyOf(int bits) { return m_keys.at(bits); }

    std::map<int, RsaNumbers> m_keys;
};

void RsaLeftoversTest::initTestCase()
{
    for (const int bits : {2048, 3072, 4096})
        m_keys.emplace(bits, rsaNumbers(makeRsa(bits)));
}

void RsaLeftoversTest::findsANumberModuloAPrimeInItsArray_data()
{
    QTest::addColumn<int>("bits");
    QTest::newRow("RSA-2048") << 2048;
    QTest::newRow("RSA-3072") << 3072;
}

void RsaLeftoversTest::findsANumberModuloAPrimeInItsArray()
{
    QFETCH(int, bits);
    const RsaNumbers& key = keyOf(bits);
    const auto size = static_cast<std::size_t>(bits / 16);
    const BigNumber residue = madeNumber(2 * size, 1) % key.p;
    GoProgram program(key);
    const std::uint64_t place
        = program.leave({inArray(madeNumber(arrayBytes, 2)), inArray(residue)}, 1);
    const auto found = program.found();
    QCOMPARE(found.size(), std::size_t {1});
    QCOMPARE(found[0].first(), place);
    QCOMPARE(found[0].size(), std::uint64_t {size});
}

void RsaLeftoversTest::findsWhatAProductWasReducedTo()
{
    const RsaNumbers& key = keyOf(2048);
    GoProgram program(key);
    const SecretBytes residue = (madeNumber(arrayBytes, 3) % key.q).littleEndian(128);
    const std::uint64_t place
        = program.leave({SecretBytes(128), residue, madeNumber(24, 4).littleEndian(24)}, 1);
    const auto found = program.found();
    QCOMPARE(found.size(), std::size_t {1});
    QCOMPARE(found[0].first(), place);
    QCOMPARE(found[0].size(), std::uint64_t {128});
}

void RsaLeftoversTest::findsMultiplesOfAPrime()
{
    const RsaNumbers& key = keyOf(2048);
    for (const BigNumber* prime : {&key.p, &key.q}) {
        GoProgram program(key);
        const BigNumber multiple = madeNumber(127, 5) * *prime;
        const std::uint64_t place
            = program.leave({inArray(key.n), inArray(multiple), inArray(madeNumber(256, 6))}, 1);
        const auto found = program.found();
        QCOMPARE(found.size(), std::size_t {1});
        QCOMPARE(found[0].first(), place);
        QCOMPARE(found[0].size(), std::uint64_t {arrayBytes});
    }
}

void RsaLeftoversTest::findsPowersThatFillTheirArrays()
{
    const RsaNumbers& key = keyOf(4096);
    const BigNumber base = madeNumber(512, 7) % key.p;
    BigNumber power = BigNumber::powerOfTwo(2048) % key.p;
    std::vector<SecretBytes> table;
    for (int i = 0; i < 15; ++i) {
        power = (power * base) % key.p;
        table.push_back(inArray(power));
    }
    GoProgram program(key);
    const std::uint64_t place = program.leave(table, 0);
    const auto found = program.found();
    QCOMPARE(found.size(), std::size_t {1});
    QCOMPARE(found[0].first(), place);
    QCOMPARE(found[0].size(), std::uint64_t {15 * arrayBytes});
}

void RsaLeftoversTest::otherNumbersStay_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<QByteArray>("left");
    const auto row = [](const char* name, int bits, const SecretBytes& left) {
        QTest::newRow(name) << bits
                            << QByteArray(reinterpret_cast<const char*>(left.data()),
                                          static_cast<qsizetype>(left.size()));
    };
    row("the modulus", 2048, inArray(keyOf(2048).n));
    row("a number without a relation", 2048, inArray(madeNumber(256, 8)));
    row("one of a prime's size that no remainder can be", 2048,
        inArray(BigNumber::powerOfTwo(1024) - madeNumber(4, 9)));
    row("text", 2048, SecretBytes(128, 'a'));
    row("numbers of a prime's size that fill their arrays", 4096, inArray(madeNumber(256, 10)));
}

void RsaLeftoversTest::otherNumbersStay()
{
    QFETCH(int, bits);
    QFETCH(QByteArray, left);
    GoProgram program(keyOf(bits));
    program.leave({SecretBytes(left.begin(), left.end())}, 0);
    QVERIFY(program.found().empty());
}

void RsaLeftoversTest::elsewhereThanInGosHeapNothingIsLeft()
{
    const RsaNumbers& key = keyOf(2048);
    MemoryImage image;
    for (const BigNumber* number : {&key.n, &key.p, &key.d})
        image.putBignum(*number);
    image.put(joined({pointer(), inArray(madeNumber(256, 11) % key.p), pointer()}));
    image.pad(3000);
    QCOMPARE(image.walk(bignumDetector).size(), std::size_t {1});
}

void RsaLeftoversTest::looksForWhatIsLeftOfManyKeys_data()
{
    QTest::addColumn<std::size_t>("others");
    QTest::newRow("as many as are looked for") << std::size_t {255};
    QTest::newRow("one more") << std::size_t {256};
}

/// A multiple of a prime of the last key, and a number that may be one modulo a prime of any.
void RsaLeftoversTest::looksForWhatIsLeftOfManyKeys()
{
    QFETCH(const std::size_t, others);
    std::vector<RsaNumbers> keys;
    for (std::size_t i = 0; i < others; ++i) {
        RsaNumbers key = keyOf(2048);
        for (BigNumber* prime : {&key.p, &key.q}) {
            auto bytes = randomBytes(128, static_cast<std::uint32_t>(2 * i + (prime == &key.p)));
            bytes.front() |= 0x80;
            bytes.back() |= 1;
            *prime = BigNumber::fromBigEndian(bytes);
        }
        key.n = key.p * key.q;
        keys.push_back(key);
    }
    keys.push_back(keyOf(2048));
    const SecretBytes multiple = inArray(madeNumber(127, 5) * keyOf(2048).p);
    const SecretBytes residue = inArray(madeNumber(128, 6) % keyOf(2048).q);
    const SecretBytes bytes
        = joined({pointer(), multiple, pointer(), residue, pointer(), SecretBytes(4096)});
    const PieceMap map({*FileRange::make(0, bytes.size())});
    Window window {bytes, 0, bytes.size(), &map, "raw"};
    window.address = 0xc000000000;
    const RsaLeftovers leftovers(keys);
    RsaLeftovers::Found found;
    leftovers.look(window, found);
    const bool all = others < 256;
    QCOMPARE(leftovers.leftOut(), !all);
    std::size_t places = 0;
    for (const HeldKey& held : leftovers.keys(found))
        places = std::max(places, held.places.size());
    QCOMPARE(places, std::size_t {all ? 2U : 1U});
}

QTEST_APPLESS_MAIN(RsaLeftoversTest)
#include "tst_rsaleftovers.moc"
