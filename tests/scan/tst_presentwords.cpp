// SPDX-License-Identifier: GPL-3.0-or-later
// The search for so many values that what the dump does not hold is left out of it.
#include "scanner/scan/presentwords.h"

#include "scanner/scan/propagateforms.h"
#include "tests/scan/copylook.h"
#include "tests/scan/packed.h"
#include "tests/scan/pages.h"
#include "tests/scan/writings.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// Values that no file here holds, enough for what stands in it to be looked at first. Long ones
/// have few forms.
std::vector<SecretValue> others()
{
    std::vector<SecretValue> values;
    for (unsigned i = 0; i < 8; ++i)
        values.push_back(secret(randomKey(10'000 + i, 9000), ValueForm::Binary));
    return values;
}

/// What is found of the last value, which is found alone with nothing left out.
std::vector<Copy> copiesOfLast(const Source& source, const Dump& dump,
                               const std::vector<SecretValue>& values)
{
    std::vector<Copy> copies = copiesIn(source, dump, values, 2);
    std::erase_if(copies, [&](const Copy& copy) { return copy.secret + 1 != values.size(); });
    for (Copy& copy : copies)
        copy.secret = 0;
    return copies;
}

} // namespace

class TestPresentWords : public QObject {
    Q_OBJECT

private slots:
    void holdsEachWordThatWasAdded();
    void findsWhatIsFoundAlone_data();
    void findsWhatIsFoundAlone();
    void findsAcrossSegments();
    void findsAcrossNeighboursInTheFile();
    void findsValuesWithVeryLongForms();
    void findsWhatManyFormsHaveInCommon();
    void findsInStreams();
};

void TestPresentWords::holdsEachWordThatWasAdded()
{
    const QByteArray bytes = randomKey(1, 100'000 + 16);
    const auto wordAt = [&](qsizetype at) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, PresentWords::wordSize);
        return word;
    };
    PresentWords words(100'000, 64);
    words.add(view(bytes), 2, 100'000, 4);
    QVERIFY(words.mayHold(0));
    int chance = 0;
    for (qsizetype at = 0; at < 100'000; ++at) {
        if (at % 4 == 2)
            QVERIFY2(words.mayHold(wordAt(at)), QByteArray::number(at).constData());
        else
            chance += words.mayHold(wordAt(at)) ? 1 : 0;
    }
    QVERIFY2(chance < 75'000 / 20, QByteArray::number(chance).constData());
}

void TestPresentWords::findsWhatIsFoundAlone_data()
{
    QTest::addColumn<Writing>("encode");
    QTest::addColumn<bool>("text");
    for (const auto& [name, write] : widened(textWritings()))
        QTest::newRow(name.constData()) << Writing(write) << true;
    const std::pair<const char*, Writing> bytes[] = {
        {"reversed", turnedRound},
        {"swapped", [](const QByteArray& value) { return wordsTurned(value, 4); }},
        {"limbs", [](const QByteArray& value) { return turnedRound(wordsTurned(value, 8)); }},
        {"Python", pythonDigits},
    };
    for (const auto& [name, write] : bytes)
        QTest::newRow(name) << write << false;
}

/// Whole and in parts, at every alignment.
void TestPresentWords::findsWhatIsFoundAlone()
{
    QFETCH(const Writing, encode);
    QFETCH(const bool, text);
    constexpr int size = 30;
    std::vector values = others();
    QVERIFY(inBatches(values).size() > 3);
    const QByteArray value
        = text ? randomText(1, size / 2) + "<&\"/" + randomText(2, size / 2) : randomKey(3, size);
    values.push_back(secret(value, text ? ValueForm::Text : ValueForm::Number));
    PlantedFile file(randomKey(4, 64'000));
    qsizetype at = 1000;
    for (int i = 0; i < 24; ++i) {
        const QByteArray written = encode(i < 8 ? value : value.mid(i % 7, 8 + i % 11));
        file.plant(at, written);
        at += written.size() + 64 - written.size() % 8 + i % 9;
    }
    QVERIFY(at < file.bytes().size());
    const auto alone = copiesIn(file, {values.back()});
    QVERIFY(alone.size() >= 8);
    QVERIFY(copiesOfLast(file.source(), file.dump(), values) == alone);
}

void TestPresentWords::findsAcrossSegments()
{
    const QByteArray token = randomText(18, 40);
    std::vector values = others();
    values.push_back(secret(token));
    for (int cut = 1; cut < 40; ++cut) {
        PlantedFile file(randomKey(5, 12288));
        file.plant(12288 - cut, token.left(cut));
        file.plant(4096, token.mid(cut));
        Dump dump = file.dump();
        dump.segments = {segment(0x10000, 8192, 4096), segment(0x11000, 4096, 4096)};
        QVERIFY(copiesOfLast(file.source(), dump, values)
                == copiesIn(file.source(), dump, {values.back()}));
    }
}

/// Short pieces that lie in a row in the file and apart in memory, at every alignment.
void TestPresentWords::findsAcrossNeighboursInTheFile()
{
    const QByteArray token = randomText(19, 34);
    std::vector values = others();
    values.push_back(secret(token));
    for (std::uint64_t at = 1000; at < 1008; ++at) {
        PlantedFile file(randomKey(6, 4096));
        file.plant(static_cast<qsizetype>(at), token);
        Dump dump = file.dump();
        dump.segments = {segment(0x30000, at, 13), segment(0x10000, at + 13, 6),
                         segment(0x20000, at + 19, 15)};
        const auto copies = copiesOfLast(file.source(), dump, values);
        QVERIFY(covers(copies, range(at, 34)));
        QVERIFY(copies == copiesIn(file.source(), dump, {values.back()}));
    }
}

/// Forms so long that what lies beside a seam is not known as far as they reach.
void TestPresentWords::findsValuesWithVeryLongForms()
{
    const QByteArray value = randomKey(7, 40'000);
    std::vector values = others();
    values.push_back(secret(value, ValueForm::Binary));
    PlantedFile file(randomKey(8, 400'000));
    file.plant(10'001, value.toHex());
    file.plant(300'003, value.mid(20'000, 20));
    const auto copies = copiesOfLast(file.source(), file.dump(), values);
    QVERIFY(covers(copies, range(10'001, 80'000)));
    QVERIFY(covers(copies, range(300'003, 20)));
}

/// Seven bytes that a thousand values have: of so many places of one window not all are kept, so
/// that fewer values are sought at once.
void TestPresentWords::findsWhatManyFormsHaveInCommon()
{
    const QByteArray common = randomKey(9, 7);
    std::vector<SecretValue> values;
    for (unsigned i = 0; i < 1000; ++i)
        values.push_back(secret(randomKey(20'000 + i, 50) + common + randomKey(30'000 + i, 50),
                                ValueForm::Binary));
    QVERIFY(inBatches(values).front().values.size() < 256);
    PlantedFile file(QByteArray(80'000, '\x01'));
    std::vector<FileRange> wanted;
    for (std::size_t i = 0; i < values.size(); i += 3) {
        // Only the common bytes stand where they are probed.
        const std::uint64_t at = 400 + wanted.size() * 64;
        const auto* const bytes = reinterpret_cast<const char*>(values[i].value.data());
        file.plant(static_cast<qsizetype>(at), QByteArray(bytes + 50, 8));
        wanted.push_back(range(at, 8));
    }
    const auto copies = copiesIn(file, values);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        QVERIFY2(std::any_of(copies.begin(), copies.end(),
                             [&](const Copy& copy) {
                                 return copy.secret == i * 3
                                     && copy.pieces.front().contains(wanted[i]);
                             }),
                 QByteArray::number(qulonglong(i)).constData());
}

/// What stands in a stream only, where no rule knows it.
void TestPresentWords::findsInStreams()
{
    std::string bytes;
    for (unsigned i = 0; i < 3000; ++i)
        bytes += "postgresql://owner:" + randomText(40'000 + i, 24).toStdString()
            + "@db.internal.example.org:5432/orders\n";
    const std::string value = randomText(40'123, 24).toStdString();
    const std::string hex = QByteArray::fromStdString(value).toHex().toStdString();
    for (std::size_t shift = 0; shift < 4; ++shift) {
        const std::string stream
            = packed("zlib", letters(401 + shift, 1, 4) + "\n" + hex + "\n" + letters(99, 1));
        const std::string file = bytes + letters(3000, 4) + stream;
        const ScanResult result = scanned(file);
        QVERIFY(inBatches(result.values).size() > 2);
        const auto places = placesOf(result, value);
        QVERIFY(std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
            return place.encoding == "zlib+hex" && isAt(place, bytes.size() + 3000, stream.size());
        }));
    }
}

QTEST_GUILESS_MAIN(TestPresentWords)
#include "tst_presentwords.moc"
