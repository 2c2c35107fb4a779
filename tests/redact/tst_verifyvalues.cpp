// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verify.h"
#include "scanner/redact/verifyvalues.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"
#include "tests/scan/packed.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <algorithm>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;

namespace {

using Offsets = std::vector<std::uint64_t>;

constexpr qsizetype window = 1 << 20; ///< bytes that the search takes at once

/// Of eight bytes that nobody would write by accident: one piece to look for.
const QByteArray eight = "q7Kx2Ab9";

/// What is searched, and what of it counts for nothing.
struct Searched {
    std::vector<SecretValue> values {secret(eight)};
    std::vector<Edit> edits {};
    std::vector<Finding> kept {};
    std::vector<FileRange> left {};
    unsigned threads = 1;
};

/// Whether each search is for very many values besides.
bool isAmongMany = false;

/// Enough of them for what the copy holds to be gathered first. They are too short to be looked for
/// themselves, so that each search is as quick as one without them.
const std::vector<SecretValue>& others()
{
    static const std::vector<SecretValue> made(40'000, secret("1234567", ValueForm::Binary));
    return made;
}

VerificationReport reportOf(const Source& copy, const Dump& dump, const Searched& searched,
                            const Source* original = nullptr)
{
    const auto plan = RedactionPlan::fromEdits(searched.edits, copy.size(), {});
    std::vector<SecretValue> values = searched.values;
    if (isAmongMany)
        values.insert(values.begin(), others().begin(), others().end());
    VerifyInput input {copy, original, *plan, rules(), values, searched.kept};
    input.left = searched.left;
    input.threads = searched.threads;
    VerificationNotes notes;
    const Status done = verifyValues(input, dump, notes, JobControl());
    if (!done)
        qFatal("the search ended: %s", done.error().message.c_str());
    return std::move(notes).finish({});
}

/// Where the search tells of something, in rising order.
Offsets toldIn(const Source& copy, const Dump& dump, const Searched& searched,
               std::string* detail = nullptr, const Source* original = nullptr)
{
    const VerificationReport report = reportOf(copy, dump, searched, original);
    if (detail && !report.checks.empty())
        *detail = report.checks.front().detail;
    Offsets offsets;
    for (const Violation& one : report.violations)
        offsets.push_back(*one.offset);
    std::sort(offsets.begin(), offsets.end());
    return offsets;
}

Offsets toldIn(const PlantedFile& file, const Searched& searched = {},
               std::string* detail = nullptr)
{
    return toldIn(file.source(), file.dump(), searched, detail);
}

Edit fill(std::uint64_t first, std::uint64_t size)
{
    return {range(first, size), Fill::Zero, "r", "f1", ""};
}

/// Whether the search tells of something in `bytes`, and of nothing once that is filled as well.
bool isMendedByFills(QByteArray bytes, Dump dump, Searched searched, const Source* original)
{
    dump.size = static_cast<std::uint64_t>(bytes.size());
    const VerificationReport first
        = reportOf(*Source::fromBytes(view(bytes)), dump, searched, original);
    std::vector<FileRange> filled = first.left;
    for (const Edit& edit : searched.edits)
        filled.push_back(edit.range);
    searched.edits.clear();
    for (const FileRange& one : normalised(filled)) {
        searched.edits.push_back(fill(one.first(), one.size()));
        const auto size = static_cast<qsizetype>(one.size());
        bytes.replace(static_cast<qsizetype>(one.first()), size, QByteArray(size, '\0'));
    }
    return !first.violations.empty()
        && toldIn(*Source::fromBytes(view(bytes)), dump, searched, nullptr, original).empty();
}

} // namespace

/// Everything is tried twice: alone, and among so many values that what surely does not stand in
/// the copy is left out.
class TestVerifyValues : public QObject {
    Q_OBJECT

private slots:
    void looksAtEveryPosition()
    {
        PlantedFile file(2 * window + 100, '.');
        Offsets expected;
        for (const qsizetype at :
             {qsizetype(0), qsizetype(4093), window - 80, window - 7, window + 1, window + 4090,
              2 * window - 8, 2 * window, 2 * window + 92}) {
            file.plant(at, eight);
            expected.push_back(static_cast<std::uint64_t>(at));
        }
        for (const unsigned threads : {1U, 2U, 5U}) {
            Searched searched;
            searched.threads = threads;
            QVERIFY(toldIn(file, searched) == expected);
        }
    }

    /// Pages of one byte are passed over, but for what reaches beyond them.
    void looksAtTheEdgesOfConstantPages()
    {
        for (const qsizetype at : {4096 - 8, 4096 - 3, 4096, 8192 - 8, 8192 - 1, 8192}) {
            PlantedFile file(3 * 4096, '\0');
            file.plant(at, eight);
            QVERIFY(toldIn(file) == Offsets {static_cast<std::uint64_t>(at)});
        }
        // A piece that begins with the page's own byte.
        PlantedFile wide(3 * 4096, '\0');
        wide.plant(8192, "q");
        QByteArray text;
        for (const char character : QByteArray("q7Kx2Ab9Zw"))
            text += QByteArray(1, '\0') + character;
        wide.plant(4096 + 4095, text);
        QVERIFY(!toldIn(wide, {{secret("q7Kx2Ab9Zw")}}).empty());
    }

    void looksIntoSparseFiles()
    {
        Descriptor file(memfd_create("sparse", MFD_CLOEXEC));
        QCOMPARE(ftruncate(file.number(), 8 * window), 0);
        const auto write = [&](qsizetype at, const QByteArray& bytes) {
            QCOMPARE(pwrite(file.number(), bytes.constData(), std::size_t(bytes.size()), at),
                     ssize_t(bytes.size()));
        };
        QByteArray wide;
        for (const char character : eight)
            wide += QByteArray(1, '\0') + character;
        write(window, eight); // data begin with it
        write(3 * window - 8, eight); // and end with it
        write(5 * window, wide.mid(1)); // its first byte lies in the hole; it reads in both orders
        write(8 * window - 8, eight);
        const Source source = *Source::fromDescriptor(std::move(file));
        Dump dump;
        dump.format = "raw";
        dump.size = source.size();
        QVERIFY(toldIn(source, dump, {})
                == (Offsets {window, 3 * window - 8, 5 * window - 1, 5 * window, 8 * window - 8}));
    }

    void excusesWhatIsKept()
    {
        PlantedFile file(5000);
        file.plant(1000, eight);
        const auto keptAt = [&](std::uint64_t first, std::uint64_t size) {
            const bool found
                = toldIn(file,
                         {{secret(eight)}, {}, {finding("f2", {occurrence({range(first, size)})})}})
                      .empty();
            const bool inClass
                = toldIn(file, {{secret(eight)}, {}, {}, {range(first, size)}}).empty();
            return found && inClass ? 2 : found || inClass ? 1 : 0;
        };
        QCOMPARE(keptAt(1000, 8), 2);
        QCOMPARE(keptAt(900, 500), 2);
        QCOMPARE(keptAt(1000, 7), 0);
        QCOMPARE(keptAt(1001, 100), 0);
        QCOMPARE(keptAt(1, 5), 0);
        // Two that touch are one.
        QVERIFY(toldIn(file, {{secret(eight)}, {}, {}, {range(1000, 4), range(1004, 4)}}).empty());
    }

    /// What a fill completed by chance is less than a piece; a fill that is one is told of.
    void excusesWhatAFillCompleted()
    {
        PlantedFile file(5000);
        file.plant(1000, eight);
        const auto filled = [&](std::uint64_t first, std::uint64_t size) {
            return toldIn(file, {{secret(eight)}, {fill(first, size)}}).empty();
        };
        QVERIFY(filled(1000, 1));
        QVERIFY(filled(1007, 20));
        QVERIFY(filled(900, 101));
        QVERIFY(!filled(1000, 8));
        QVERIFY(!filled(900, 200));
        QVERIFY(!filled(900, 100));
        QVERIFY(!filled(1008, 8));
    }

    void excusesWordsThatAFillSetFree()
    {
        PlantedFile file(5000);
        const auto filled = [&](const QByteArray& word, std::uint64_t first, std::uint64_t size) {
            file.plant(1000, word);
            return toldIn(file, {{secret("sunflower")}, {fill(first, size)}}).empty();
        };
        QVERIFY(!filled("sunflower", 10, 5));
        QVERIFY(filled("sunflower", 990, 10));
        QVERIFY(filled("sunflower", 1009, 10));
        QVERIFY(!filled("sunflower", 990, 9));
        QVERIFY(!filled("sunflower", 1010, 10));
        PlantedFile first(QByteArray("sunflower"));
        QVERIFY(toldIn(first, {{secret("sunflower")}}) == Offsets {0});
        QVERIFY(toldIn(PlantedFile("a sunflowers "), {{secret("sunflower")}}).empty());
    }

    /// The owner sees what a fill left of a secret, however little, or overwrote beside it.
    void tellsOfSecretsThatWereFilledInPart()
    {
        const QByteArray words = "sunflower";
        for (const QByteArray& value : {eight, words}) {
            const auto size = static_cast<std::uint64_t>(value.size());
            QByteArray bytes(5000, '.');
            bytes.replace(1000, value.size(), value);
            const Source original = *Source::fromBytes(view(bytes));
            const auto told = [&](const std::vector<FileRange>& filled, const Searched& more = {},
                                  const std::vector<FileRange>& structure = {}) {
                PlantedFile copy(bytes);
                Searched searched = more;
                searched.values = {secret(value)};
                for (const FileRange& one : filled) {
                    copy.plant(qsizetype(one.first()), QByteArray(qsizetype(one.size()), '\0'));
                    searched.edits.push_back(fill(one.first(), one.size()));
                }
                Dump dump = copy.dump();
                dump.structure = structure;
                const Source source = copy.source();
                return toldIn(source, dump, searched, nullptr, &original);
            };
            QVERIFY(told({range(1000, size)}).empty());
            QVERIFY(told({range(990, size + 20)}).empty());
            QVERIFY(told({range(990, 13), range(1003, 20)}).empty()); // two that touch
            QVERIFY(told({range(1001, size)}) == Offsets {1000});
            QVERIFY(told({range(999, size)}) == Offsets {1000 + size - 1});
            QVERIFY(told({range(1000, 3), range(1004, size - 4)}) == (Offsets {1003, 1003}));
            QVERIFY(told({range(1001, size)}, {{}, {}, {}, {range(1000, 1)}}).empty());
            QVERIFY(told({range(1001, size - 1)}, {{}, {}, {}, {range(1000, 1)}}).empty());
            QVERIFY(told({range(1001, size)}, {}, {range(0, 1001)}).empty());
        }
    }

    /// Turned round, the byte before the key and the first seven of it are a piece of it, too.
    void leavesWhatGoesOnBesideAWholeValue()
    {
        const QByteArray key = QByteArray::fromHex("1192a334b556d7"
                                                   "098a"
                                                   "d756b534a39211"
                                                   "e1"
                                                   "7c65f0290ebd83");
        QByteArray bytes(5000, '.');
        bytes.replace(999, 1, "\xe1");
        bytes.replace(1000, key.size(), key);
        const Source original = *Source::fromBytes(view(bytes));
        const auto told = [&](std::uint64_t first, std::uint64_t size) {
            PlantedFile copy(bytes);
            copy.plant(qsizetype(first), QByteArray(qsizetype(size), '\0'));
            const Source source = copy.source();
            return toldIn(source, copy.dump(),
                          {{secret(key, ValueForm::Binary)}, {fill(first, size)}}, nullptr,
                          &original);
        };
        QVERIFY(told(1000, 24).empty());
        QVERIFY(told(999, 25).empty());
        QVERIFY(!told(1001, 23).empty());
        QVERIFY(!told(1000, 23).empty());
    }

    /// Wide text among zeros reads in both byte orders, and is filled in one.
    void leavesTheZerosBesideWideText()
    {
        const QByteArray value = "q7Kx2Ab9Zw";
        QByteArray bytes(5000, '\0');
        for (qsizetype i = 0; i < value.size(); ++i)
            bytes[1000 + 2 * i] = value[i];
        const Source original = *Source::fromBytes(view(bytes));
        const auto told = [&](std::uint64_t first, std::uint64_t size) {
            PlantedFile copy(bytes);
            copy.plant(qsizetype(first), QByteArray(qsizetype(size), 'X'));
            const Source source = copy.source();
            return toldIn(source, copy.dump(),
                          {{secret(value)}, {{range(first, size), Fill::X, "r", "f1", ""}}},
                          nullptr, &original);
        };
        QVERIFY(told(1000, 20).empty());
        // Its inner eight characters are what is looked for.
        QVERIFY(told(1002, 16).empty());
        QVERIFY(told(1004, 16) == (Offsets {1002, 1002}));
        QVERIFY(told(1001, 15) == (Offsets {1016, 1016}));
    }

    /// Pieces of memory that follow one another, and lie in the file in another order.
    void looksWhereMemoryJoins_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {3, 5, 71, 72, 73, 100, 143, 144, 145, 500})
            QTest::addRow("%d bytes", size) << size;
    }
    void looksWhereMemoryJoins()
    {
        QFETCH(const int, size);
        const QByteArray value = "q7Kx2Ab9Zw";
        for (int at = 0; at <= 3 * size - value.size() && at <= 2 * size;
             at += isAmongMany && size > 5 ? 3 : 1) {
            QByteArray memory(3 * size, '.');
            memory.replace(at, value.size(), value);
            // The last piece of memory comes first in the file.
            PlantedFile file(memory.mid(2 * size) + "-" + memory.mid(size, size) + "-"
                             + memory.left(size));
            Dump dump = file.dump();
            const auto bytes = static_cast<std::uint64_t>(size);
            dump.segments
                = {segment(0x1000, 2 * bytes + 2, bytes), segment(0x1000 + bytes, bytes + 1, bytes),
                   segment(0x1000 + 2 * bytes, 0, bytes)};
            const auto told = toldIn(file.source(), dump, {{secret(value)}});
            QVERIFY2(!told.empty(), QByteArray::number(at).constData());
            const auto offsetOf = [&](int memoryAt) {
                return static_cast<std::uint64_t>((2 - memoryAt / size) * (size + 1)
                                                  + memoryAt % size);
            };
            for (const std::uint64_t offset : told)
                QVERIFY(offset == offsetOf(at) || offset == offsetOf(at + 1)
                        || offset == offsetOf(at + 2));
            std::vector<FileRange> all {range(0, 3 * bytes + 2)};
            QVERIFY(toldIn(file.source(), dump, {{secret(value)}, {}, {}, all}).empty());
            // Of what is in two pieces, both must be kept.
            if (at / size == (at + 2) / size || at / size == (at + 9) / size)
                continue;
            std::vector<FileRange> first {range(offsetOf(at) / (bytes + 1) * (bytes + 1), bytes)};
            if (at / size + 1 == (at + 9) / size)
                QVERIFY(!toldIn(file.source(), dump, {{secret(value)}, {}, {}, first}).empty());
        }
    }

    void looksIntoStreams()
    {
        const QByteArray value = "q7Kx2Ab9Zw";
        for (const char* const codec : {"zlib", "gzip", "zstd"}) {
            const std::string plain
                = randomText(3, 5000).toStdString() + value.toHex().toStdString() + "...";
            PlantedFile file(9000);
            file.plant(1001, QByteArray::fromStdString(packed(codec, plain)));
            std::string detail;
            QVERIFY(toldIn(file, {{secret(value)}}, &detail) == Offsets {1001});
            QVERIFY2(detail.find(", 1 compressed stream;") != std::string::npos, detail.c_str());
            QVERIFY(toldIn(file, {{secret("w4Tz8Lm1Qe")}}, &detail).empty());
            QVERIFY2(detail.ends_with(", 1 compressed stream"), detail.c_str());
        }
    }

    void tellsWhatToFill()
    {
        QByteArray memory(5000, '.');
        memory.replace(1000, eight.size(), eight);
        memory.replace(3000, eight.size(), eight);
        QVERIFY(isMendedByFills(memory, PlantedFile(memory).dump(), {}, nullptr));
        // A fill that left the first byte.
        const Source original = *Source::fromBytes(view(memory));
        Searched late;
        late.edits = {fill(1001, 7), fill(3000, 8)};
        for (const Edit& edit : late.edits)
            memory.replace(qsizetype(edit.range.first()), qsizetype(edit.range.size()),
                           QByteArray(qsizetype(edit.range.size()), '\0'));
        QVERIFY(isMendedByFills(memory, PlantedFile(memory).dump(), late, &original));
        // Where two pieces of memory meet that lie apart.
        QByteArray apart(300, '.');
        apart.replace(97, 3, eight.left(3));
        apart.replace(200, 5, eight.mid(3));
        Dump dump = PlantedFile(apart).dump();
        dump.segments = {segment(0x1000, 0, 100), segment(0x1000 + 100, 200, 100)};
        QVERIFY(isMendedByFills(apart, dump, {}, nullptr));
    }

    void tellsOfAThousandPlacesInEachWindow()
    {
        PlantedFile file(20000, '.');
        for (qsizetype at = 0; at + 9 < 20000; at += 9)
            file.plant(at, eight);
        std::string detail;
        QCOMPARE(toldIn(file, {}, &detail).size(), std::size_t(100)); // and the report of these
        QVERIFY2(detail.ends_with("; 1000 violations"), detail.c_str());
    }

    /// Several searches, one after the other, of one copy; each value is written in another way.
    void tellsOfEachOfVeryManyValues()
    {
        constexpr qsizetype count = 12'000;
        constexpr qsizetype step = 64;
        PlantedFile file(QByteArray(count * step, '\x01'));
        Searched searched;
        searched.values.clear();
        Offsets expected;
        for (qsizetype i = 0; i < count; ++i) {
            const QByteArray value = randomKey(50'000 + static_cast<unsigned>(i), 24);
            searched.values.push_back(secret(value, ValueForm::Binary));
            if (i % 150 != 0)
                continue;
            const qsizetype at = i * step + i / 150 % 7;
            file.plant(at, i % 300 == 0 ? value.mid(7, 8) : value.mid(3, 8).toHex());
            expected.push_back(static_cast<std::uint64_t>(at));
        }
        std::string detail;
        QVERIFY(toldIn(file, searched, &detail) == expected);
        QVERIFY2(isAmongMany || detail.starts_with("12000 values, "), detail.c_str());
        QVERIFY(detail.find(" 0 windows") == std::string::npos);
    }

    void saysHowMuchWasLookedFor()
    {
        if (isAmongMany)
            return; // and these say how many they are
        std::string detail;
        QVERIFY(toldIn(PlantedFile(100), {{secret(QByteArray("q7Kx2"))}}, &detail).empty());
        QCOMPARE(detail.substr(0, 8), std::string("1 value,"));
        // A value that is not sought is none.
        QVERIFY(
            toldIn(PlantedFile(100), {{secret(QByteArray("q7Kx2")), secret(QByteArray())}}, &detail)
                .empty());
        QCOMPARE(detail.substr(0, 8), std::string("1 value,"));
        detail.clear();
        QVERIFY(toldIn(PlantedFile(100), {{}}, &detail).empty());
        QVERIFY(detail.empty()); // no such check
        QVERIFY(toldIn(PlantedFile(100), {{secret("abc"), secret("ab")}}, &detail).empty());
        QCOMPARE(detail, std::string("2 values, 0 windows, 0 compressed streams"));
    }

    void endsWhenItIsCancelled()
    {
        const PlantedFile file(100);
        const Source source = file.source();
        const auto plan = RedactionPlan::fromEdits({}, source.size(), {});
        const std::vector values {secret(eight)};
        VerificationNotes notes;
        JobControl control;
        control.cancel();
        const Status done = verifyValues({source, nullptr, *plan, rules(), values, {}, 2},
                                         file.dump(), notes, control);
        QVERIFY(!done && done.error().code == ErrorCode::Cancelled);
    }
};

int main(int argc, char* argv[])
{
    const QCoreApplication application(argc, argv);
    int failed = 0;
    for (const bool among : {false, true}) {
        isAmongMany = among;
        TestVerifyValues test;
        failed += QTest::qExec(&test, argc, argv);
    }
    return failed;
}
#include "tst_verifyvalues.moc"
