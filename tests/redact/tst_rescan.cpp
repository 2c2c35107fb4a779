// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/verify.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"
#include "tests/redact/smallcore.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <algorithm>

using namespace coredact;
using namespace coredact::test;

namespace {

/// A token with a checksum of its own: nothing but a token has it.
QByteArray provenToken()
{
    static constexpr char digits[]
        = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const QByteArray body = randomText(61, 30);
    quint32 crc = 0xffffffffU; // CRC-32 of zlib, bit by bit
    for (const char character : body) {
        crc ^= static_cast<quint8>(character);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    crc = ~crc;
    QByteArray sum;
    for (int i = 0; i < 6; ++i, crc /= 62)
        sum.prepend(digits[crc % 62]);
    return "gh" + QByteArray("p_") + body + sum;
}

constexpr qsizetype tokenAt = 1004; ///< behind its mark
constexpr qsizetype tokenSize = 36;
constexpr qsizetype guessAt = 3000; ///< of a password behind its name

/// A file with one secret that is proved and one that is guessed.
QByteArray plantedBytes()
{
    QByteArray bytes(4096, '\0');
    bytes.replace(tokenAt - 4, 4 + tokenSize, provenToken());
    const QByteArray line = "\npass" + QByteArray("word = \"") + randomText(62, 16) + "\"\n";
    bytes.replace(guessAt - 13, line.size(), line);
    return bytes;
}

/// What becomes of a copy that nothing was filled in: edits say what stands there anyway.
struct Excuses {
    std::vector<Edit> edits {};
    std::vector<Finding> kept {};
    std::vector<std::string> packsLeft {};
    std::vector<FileRange> left {};
    QByteArray bytes = plantedBytes();
};

std::vector<std::uint64_t> toldOf(const Excuses& excuses, std::string* detail = nullptr)
{
    const Source copy = *Source::fromBytes(view(excuses.bytes));
    const auto plan = RedactionPlan::fromEdits(excuses.edits, copy.size(), {});
    VerifyInput input {copy, nullptr, *plan, rules(), {}, excuses.kept, 1};
    input.packsLeft = excuses.packsLeft;
    input.left = excuses.left;
    const auto report = verifyCopy(input, JobControl());
    if (!report)
        qFatal("the verification ended: %s", report.error().message.c_str());
    std::vector<std::uint64_t> places;
    for (const Violation& one : report->violations) {
        if (one.check != "rescan")
            qFatal("another check failed: %s", one.check.c_str());
        places.push_back(*one.offset);
    }
    for (const Check& check : report->checks)
        if (detail && check.name.starts_with("a fresh scan"))
            *detail = check.detail;
    std::sort(places.begin(), places.end());
    return places;
}

const std::vector<std::uint64_t> both {tokenAt, guessAt};
const std::vector<std::uint64_t> onlyToken {tokenAt};
const std::vector<std::uint64_t> onlyGuess {guessAt};

/// A fill that happens to be what stood there.
Edit likeBefore(qsizetype at, qsizetype size = 1)
{
    return {range(static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(size)), Fill::Token,
            "r", "f1", plantedBytes().mid(at, size).toStdString()};
}

} // namespace

class TestRescan : public QObject {
    Q_OBJECT

private slots:
    void tellsOfEverySecretThatNothingExcuses()
    {
        std::string detail;
        QVERIFY(toldOf({}, &detail) == both);
        QCOMPARE(detail,
                 std::string("4096 bytes scanned, 0 places kept or made of fill; 2 violations"));
    }

    void excusesWhatIsMadeOfFill()
    {
        std::string detail;
        QVERIFY(toldOf({{likeBefore(tokenAt, tokenSize)}}, &detail) == onlyGuess);
        QCOMPARE(detail,
                 std::string("4096 bytes scanned, 1 place kept or made of fill; 1 violation"));
        QVERIFY(toldOf({{likeBefore(guessAt, 16)}}) == onlyToken);
    }

    /// A guess may run over a fill; what is proved is a secret wherever a fill lies in it.
    void excusesGuessesOnlyThatRunOverAFill()
    {
        for (const qsizetype at : {0, 7, 15})
            QVERIFY(toldOf({{likeBefore(guessAt + at)}}) == onlyToken);
        QVERIFY(toldOf({{likeBefore(guessAt - 1)}}) == both);
        QVERIFY(toldOf({{likeBefore(guessAt + 16)}}) == both);
        for (const qsizetype at : {0, 35})
            QVERIFY(toldOf({{likeBefore(tokenAt + at)}}) == both);
        QVERIFY(toldOf({{likeBefore(tokenAt, tokenSize - 1)}}) == both);
    }

    void excusesWhatLiesInKeptClasses()
    {
        const auto leftOut = [](qsizetype at, qsizetype size) {
            return toldOf({{}, {}, {}, {range(std::uint64_t(at), std::uint64_t(size))}});
        };
        QVERIFY(leftOut(0, 4096).empty());
        QVERIFY(leftOut(tokenAt, tokenSize) == onlyGuess);
        QVERIFY(leftOut(tokenAt, tokenSize - 1) == both);
        QVERIFY(leftOut(tokenAt + 1, 100) == both);
        // Unlike a fill, a kept class beside it is no excuse for a guess.
        QVERIFY(leftOut(guessAt, 15) == both);
        // Beside a fill in it the rest may lie in a kept class.
        QVERIFY(toldOf({{likeBefore(tokenAt, 4)}, {}, {}, {range(tokenAt + 4, tokenSize - 4)}})
                == onlyGuess);
    }

    void excusesKeptFindingsInTheirPlacesOnly()
    {
        const auto kept = [](std::string rule, qsizetype at, qsizetype size) {
            return toldOf(
                {{},
                 {finding("f1", {occurrence({range(std::uint64_t(at), std::uint64_t(size))})},
                          std::move(rule))}});
        };
        QVERIFY(kept("github-token", tokenAt, tokenSize) == onlyGuess);
        QVERIFY(kept("github-token", tokenAt - 5, 60) == onlyGuess);
        QVERIFY(kept("github-token", tokenAt, tokenSize - 1) == both);
        QVERIFY(kept("github-token", tokenAt + 37, tokenSize) == both);
        QVERIFY(kept("config-password", tokenAt, tokenSize) == both);
        QVERIFY(kept("config-password", guessAt, 16) == onlyToken);
    }

    void excusesKeptPlacesInWhateverOrderTheyAreGiven()
    {
        const auto kept = [](std::vector<FileRange> places) {
            std::vector<Occurrence> occurrences;
            for (const FileRange& place : places)
                occurrences.push_back(occurrence({place}));
            return toldOf({{}, {finding("f1", std::move(occurrences), "github-token")}});
        };
        const FileRange other = range(3500, 10);
        QVERIFY(kept({range(tokenAt, 20), range(tokenAt + 20, tokenSize - 20)}) == onlyGuess);
        QVERIFY(kept({other, range(tokenAt, tokenSize)}) == onlyGuess);
        QVERIFY(kept({range(tokenAt, tokenSize), other}) == onlyGuess);
    }

    /// Copies of what is kept are nothing that a rule finds, and no value that is searched for.
    void leavesCopiesToTheSearchForValues()
    {
        QByteArray bytes = plantedBytes();
        bytes.replace(2000, 2 * tokenSize, bytes.mid(tokenAt, tokenSize).toHex());
        const Finding kept
            = finding("f1", {occurrence({range(tokenAt, tokenSize)})}, "github-token");
        QVERIFY(toldOf({{}, {kept}, {}, {}, bytes}) == onlyGuess);
    }

    void tellsOfTheBytesOfEverySecretThatNothingExcuses()
    {
        const QByteArray bytes = plantedBytes();
        const Source copy = *Source::fromBytes(view(bytes));
        const std::vector edits {likeBefore(guessAt, 16)};
        const auto plan = RedactionPlan::fromEdits(edits, copy.size(), {});
        const auto report = verifyCopy({copy, nullptr, *plan, rules(), {}, {}, 1}, JobControl());
        QVERIFY(report->foundAgain == std::vector {range(tokenAt, tokenSize)});
    }

    /// What the dump lacks cannot be read, and is not in the copy either.
    void acceptsACopyOfADumpThatIsCut()
    {
        const SmallCore core({QByteArray(4096, '.'), QByteArray(4096, '.')}, {});
        const QByteArray bytes = core.bytes().chopped(1000);
        const Source copy = *Source::fromBytes(view(bytes));
        const auto dump = readDump(copy, JobControl());
        QVERIFY(!scan(copy, *dump, rules(), {}, JobControl())->incomplete.empty());
        QVERIFY(toldOf({{}, {}, {}, {}, bytes}).empty());
    }

    void excusesWhatPolicyLeaves()
    {
        std::string detail;
        const std::string pack = rules().find("github-token")->pack;
        QVERIFY(toldOf({{}, {}, {pack}, {}}, &detail).empty());
        QCOMPARE(
            detail,
            std::string("4096 bytes scanned, 0 places kept or made of fill, 2 left by policy"));
        QVERIFY(toldOf({{}, {}, {"another pack"}, {}}) == both);
        QVERIFY(toldOf({{}, {}, {"another pack", pack}, {}}).empty());
    }
};

QTEST_GUILESS_MAIN(TestRescan)
#include "tst_rescan.moc"
