// SPDX-License-Identifier: GPL-3.0-or-later
// The search for copies of very many values, and of what many values have in common.
#include "scanner/redact/needles.h"
#include "scanner/scan/propagateforms.h"
#include "tests/scan/copylook.h"
#include "tests/scan/writings.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

class TestManyValues : public QObject {
    Q_OBJECT

private slots:
    /// So that a word of the language costs no memory for each place; other values keep all.
    void keepsSomeThousandCopiesOfAWord()
    {
        PlantedFile file(1 << 20);
        for (int at = 0; at + 20 < file.bytes().size(); at += 20)
            file.plant(at, " walrus  otters  ");
        const std::vector values {secret("walrus"), secret("otters")};
        for (const unsigned threads : {1U, 3U}) {
            const auto copies
                = findCopies(file.source(), file.dump(), values, {threads, {0}}, JobControl());
            QVERIFY(copies.ok());
            const auto first = std::count_if(copies->begin(), copies->end(),
                                             [](const Copy& copy) { return copy.secret == 0; });
            QVERIFY(first > 1000 && first <= 10'000);
            QVERIFY(copies->size() - static_cast<std::size_t>(first) > 50'000);
        }
    }

    /// A key stands in its DER and in a schedule too: what they have in common is looked for once,
    /// and yet every fragment of each is found, also where one goes on after the other ends.
    void findsFragmentsOfWhatValuesHaveInCommon_data()
    {
        QTest::addColumn<Writing>("encode");
        for (const auto& [name, write] : widened(commonWritings()))
            QTest::newRow(name.constData()) << Writing(write);
    }
    void findsFragmentsOfWhatValuesHaveInCommon()
    {
        QFETCH(const Writing, encode);
        const QByteArray key = randomKey(51, 40);
        const QByteArray head = randomKey(52, 13);
        const QByteArray tail = randomKey(53, 30);
        SecretValue value = secret(key, ValueForm::Binary);
        const QByteArray others[] = {head + key.mid(3, 30) + tail + key.left(9),
                                     tail.mid(5) + key + head, key.left(33) + key.mid(4)};
        for (const QByteArray& other : others)
            value.derived.push_back({"more", ValueForm::Binary, secretBytes(other)});
        // Bytes of a fragment: base64 shares digits with what stands beside it.
        const qsizetype size = QByteArray(QTest::currentDataTag()).startsWith("base64") ? 13 : 10;
        constexpr qsizetype inner = 8; // of which these must be found
        constexpr qsizetype step = 256;
        PlantedFile file(QByteArray(400 * step, '\x01'));
        std::vector<FileRange> wanted;
        qsizetype at = step;
        for (const QByteArray& other : {key, others[0], others[1], others[2]})
            for (qsizetype begin = 0; begin + size <= other.size(); ++begin, at += step) {
                const QByteArray fragment = encode(other.mid(begin, size));
                file.plant(at + begin % 8, fragment);
                const qsizetype edge = fragment.size() * (size - inner) / 2 / size;
                wanted.push_back(range(static_cast<std::uint64_t>(at + begin % 8 + edge),
                                       static_cast<std::uint64_t>(fragment.size() - 2 * edge)));
            }
        const auto copies = copiesIn(file, {value});
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QVERIFY2(covers(copies, wanted[i]), QByteArray::number(qulonglong(i)).constData());
    }

    /// More values than are looked for at once: each is found as it is alone, whichever part of
    /// them it is in, by any number of threads.
    void findsEachOfVeryManyValues()
    {
        constexpr qsizetype count = 4000;
        constexpr qsizetype step = 128;
        PlantedFile file(QByteArray(count * step, '\x01'));
        std::vector<SecretValue> values;
        for (qsizetype i = 0; i < count; ++i) {
            const QByteArray key = randomKey(1000 + static_cast<unsigned>(i), 24);
            values.push_back(secret(key, ValueForm::Binary));
            file.plant(i * step, key);
            file.plant(i * step + 61, i % 2 == 0 ? key.mid(7, 12) : key.mid(3, 12).toHex());
        }
        QVERIFY(inBatches(values).size() > 2);
        const auto copies = copiesIn(file, values);
        QVERIFY(copies == copiesIn(file.source(), file.dump(), values, 3));
        const auto alone = copiesIn(file, {values[2345]});
        QVERIFY(alone.size() >= 2);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto own = [&](const Copy& copy) { return copy.secret == i; };
            const auto found = std::count_if(copies.begin(), copies.end(), own);
            QVERIFY2(found >= 2, QByteArray::number(qulonglong(i)).constData());
            if (i == 2345)
                QCOMPARE(found, static_cast<std::ptrdiff_t>(alone.size()));
        }
    }

    /// Ten thousand addresses of one domain: where its name stands alone, no address does. Each is
    /// found whole and in its own part all the same.
    void takesWhatVeryManyHaveInCommonForNoFragment_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("own"); // bytes
        QTest::newRow("few") << int(CommonParts::mostSharing) << 12;
        QTest::newRow("many") << int(CommonParts::mostSharing) + 1 << 12;
        QTest::newRow("very many, short") << 700 << 5;
    }
    void takesWhatVeryManyHaveInCommonForNoFragment()
    {
        QFETCH(const int, count);
        QFETCH(const int, own);
        const bool isCommon = count > int(CommonParts::mostSharing);
        const QByteArray domain = "@" + randomText(60, 20) + ".test";
        constexpr qsizetype step = 256;
        PlantedFile file(QByteArray((count + 1) * step, '\x01'));
        std::vector<SecretValue> values;
        std::vector<FileRange> wanted;
        const auto plant = [&](qsizetype at, const QByteArray& bytes) {
            file.plant(at, bytes);
            wanted.push_back(
                range(static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(bytes.size())));
        };
        for (int i = 0; i < count; ++i) {
            QByteArray name; // that does not read like words
            for (const char byte : randomKey(2000 + static_cast<unsigned>(i), own / 2 + 1))
                name
                    += QByteArray(1, char('a' + quint8(byte) % 26)) + char('0' + quint8(byte) / 26);
            name.truncate(own);
            values.push_back(secret(name + domain));
            const qsizetype at = step + i * step;
            plant(at + i % 4, name + domain);
            plant(at + 60, inUtf(name + domain, QStringConverter::Utf16BE));
            plant(at + 160, (name + domain).toHex());
            if (own >= 12) // in eight bytes of it may be too little
                plant(at + 240, name);
        }
        file.plant(50, domain);
        const auto copies = copiesIn(file, values);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QVERIFY2(covers(copies, wanted[i]), QByteArray::number(qulonglong(i)).constData());
        QCOMPARE(covers(copies, range(51, 20)), !isCommon);
        if (isCommon)
            QVERIFY(copies.size() < 8 * values.size());
        // The verification agrees.
        const Needles needles(values);
        const QByteArray alone = domain + QByteArray(64, '\0');
        bool left = false;
        for (std::size_t at = 0; at < view(domain).size(); ++at)
            left = left || needles.at(view(alone), at);
        QCOMPARE(left, !isCommon);
    }

    /// A password in very many connection strings is common to them, and yet a secret of its own.
    void findsFragmentsOfASecretThatVeryManyHold()
    {
        const QByteArray password = randomKey(70, 20);
        std::vector values {secret(password, ValueForm::Binary)};
        for (unsigned i = 0; i < 2 * CommonParts::mostSharing; ++i)
            values.push_back(secret(randomKey(3000 + i, 12) + password, ValueForm::Binary));
        PlantedFile file(QByteArray(4096, '\x01'));
        file.plant(1001, password.mid(3, 12));
        QVERIFY(covers(copiesIn(file, values), range(1001, 12)));
        const QByteArray alone = password.mid(3, 12) + QByteArray(64, '\0');
        QVERIFY(Needles(values).at(view(alone), 0));
    }
};

QTEST_GUILESS_MAIN(TestManyValues)
#include "tst_manyvalues.moc"
