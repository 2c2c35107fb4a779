// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/telling.h"
#include "scanner/scan/propagatepublic.h"

#include "tests/redact/planting.h"

#include <QtTest>

#include <algorithm>

using namespace coredact;
using namespace coredact::test;

namespace {

bool tells(const QByteArray& eight, bool inRandom = false)
{
    return telling::isTelling(view(eight), inRandom);
}

/// `x` for each byte that lies in a random run.
QByteArray runsOf(const QByteArray& text, const QByteArray& publicBytes = {})
{
    std::vector<bool> isPublic(static_cast<std::size_t>(text.size()), false);
    for (qsizetype i = 0; i < publicBytes.size(); ++i)
        isPublic[static_cast<std::size_t>(i)] = publicBytes[i] == 'p';
    QByteArray runs;
    for (const bool random : telling::randomRuns(view(text), isPublic))
        runs += random ? 'x' : '.';
    return runs;
}

/// Letters of both cases, digits and signs of base64, so many of each kind as chance has it.
QByteArray eightOf(std::mt19937& random)
{
    static const QByteArray alphabets[]
        = {"abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
           "aeinorst0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/-_ .\n", "aeintkx"};
    const QByteArray& alphabet = alphabets[random() % 5];
    QByteArray eight;
    for (int i = 0; i < 8; ++i)
        eight += random() % 40 == 0 ? static_cast<char>(random() & 0xffU)
                                    : alphabet[qsizetype(random()) % alphabet.size()];
    return eight;
}

} // namespace

class TestTelling : public QObject {
    Q_OBJECT

private slots:
    void takesWhatNobodyWritesByAccident()
    {
        for (const char* const one :
             {"aBcDeFgH", "a1b2c3d4", "ab1cd2ef", "1ab2cdef", "aBcDefgh", "a1b2c3a1", "qzjxkvbw",
              "QZJXKVBW", "in qzjx ", "paqzjxle", "\x01\x02\x04\x08\x10\x20"})
            QVERIFY2(tells(QByteArray(one).leftJustified(8, '\x7f')), one);
        for (const char* const one :
             {"password", "abcDEFgh", "abcd1234", "abc1done", "aBcdEFGH", "a1b2ca1b", "aB:cD:ef",
              "paintzxe", "12345678", "4839-201", "q z j x ", "\x11\x22\x33\x44\x55\x66\x77\x88"})
            QVERIFY2(!tells(one), one);
    }

    void takesLessForTellingInRandomTexts()
    {
        for (const char* const one : {"pammzxee", "also1one", "aBcdefgh"})
            QVERIFY2(tells(one, true) && !tells(one), one);
        QVERIFY(!tells("pastmzee", true));
        QVERIFY(!tells("password", true));
        QVERIFY(!tells("qzqzqzqz", true));
    }

    void takesSixteenBytesThoughTheyAreWords()
    {
        QVERIFY(telling::isTellingTogether(view("the-quick-brown-")));
        QVERIFY(telling::isTellingTogether(view("4539148803436467")));
        QVERIFY(!telling::isTellingTogether(view("abababababababcd"))); // four differ
        QVERIFY(!telling::isTellingTogether(view("abcdefghijklmnop"))); // one step
        QVERIFY(!telling::isTellingTogether(view("abcdefghijklmnpp"))); // turns twice
        QVERIFY(telling::isTellingTogether(view("abcdefghiklmnprs")));
        QVERIFY(telling::isTellingTogether(view("abcdefabcdefabcd"))); // six differ
    }

    void knowsRandomRuns()
    {
        const QByteArray key = "Zx8qKwV3bT7m";
        QCOMPARE(runsOf(key), QByteArray(12, 'x'));
        QCOMPARE(runsOf(key.left(11)), QByteArray(11, '.'));
        QCOMPARE(runsOf("a " + key + " it"), ".." + QByteArray(12, 'x') + "...");
        QCOMPARE(runsOf("Zx8q+/-_7Jm2"), QByteArray(12, 'x'));
        QCOMPARE(runsOf("Zx8qKw=V3bT7mW"), QByteArray(14, '.'));
        QCOMPARE(runsOf("thisisnorandomtext"), QByteArray(18, '.'));
        QCOMPARE(runsOf(key + key, "pp"), ".." + QByteArray(22, 'x'));
        QCOMPARE(runsOf(key + key, "............p"), QByteArray(12, 'x') + QByteArray(12, '.'));
        // Of eighteen pieces six tell; of nineteen no more.
        QCOMPARE(runsOf("itsthissentenceisqxzvwjqx"), QByteArray(25, 'x'));
        QCOMPARE(runsOf("sitsthissentenceisqxzvwjqx"), QByteArray(26, '.'));
    }

    /// Whatever is told of, the search for copies must have redacted: else an honest copy could not
    /// be handed on.
    void isStricterThanTheSearchForCopies()
    {
        std::mt19937 random(5);
        std::size_t both = 0;
        for (int i = 0; i < 200000; ++i) {
            const QByteArray eight = eightOf(random);
            const bool inRandom = random() % 2 == 0;
            if (!tells(eight, inRandom))
                continue;
            ++both;
            QVERIFY2(tellsSecret(view(eight), inRandom), eight.toHex().constData());
        }
        QVERIFY(both > 50000);
        for (int i = 0; i < 4000; ++i) {
            QByteArray text = eightOf(random);
            while (text.size() < 60)
                text += eightOf(random);
            const std::vector<bool> isPublic(static_cast<std::size_t>(text.size()), false);
            const std::vector<bool> runs = telling::randomRuns(view(text), isPublic);
            const std::vector<bool> parts = randomParts(view(text), isPublic);
            for (std::size_t at = 0; at < runs.size(); ++at)
                QVERIFY(!runs[at] || parts[at]);
        }
    }

    /// Each pair of letters that is rare here is one there, and most of those are.
    void knowsFewerRarePairsThanTheSearchForCopies()
    {
        int here = 0;
        int there = 0;
        for (char a = 'a'; a <= 'z'; ++a) {
            for (char b = 'a'; b <= 'z'; ++b) {
                // In random texts two rare pairs are enough: the other one is "qz".
                const QByteArray eight = QByteArray("qz \t\n") + a + b + "\r";
                if (!tellsSecret(view(eight), true))
                    continue;
                ++there;
                here += tells(eight, true) ? 1 : 0;
            }
        }
        QVERIFY(here > 320);
        QVERIFY(there < here * 5 / 4);
    }
};

QTEST_APPLESS_MAIN(TestTelling)
#include "tst_telling.moc"
