// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verify.h"

#include "tests/redact/planting.h"
#include "tests/scan/packed.h"
#include "tests/scan/writings.h"
#include "tests/support/sampledumps.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;

namespace {

/// A process with notes, threads and modules, that has one secret in its memory.
class Victim {
public:
    static constexpr qsizetype memorySize = 1 << 16;
    static constexpr qsizetype secretAt = 300; ///< in the memory

    Victim()
        : m_core(sampleCore())
    {
        QByteArray memory(memorySize, '\0');
        memory.replace(secretAt, value.size(), value);
        memory.replace(secretAt + 1000, value.size(), value);
        m_core.load({0x10000000, {memory.begin(), memory.end()}, {}, 6, 0});
        const auto content = m_core.build().content();
        bytes = QByteArray(reinterpret_cast<const char*>(content.data()),
                           static_cast<qsizetype>(content.size()));
    }

    /// Where the memory with the secret begins in the file.
    qsizetype memory() const
    {
        return static_cast<qsizetype>(m_core.offsetOfLoad(samplecore::StackLoad + 1));
    }
    qsizetype note(std::size_t index) const
    {
        return static_cast<qsizetype>(m_core.offsetOfNote(index));
    }
    RedactionPlan plan() const
    {
        std::vector<Edit> edits;
        for (const qsizetype at : {memory() + secretAt, memory() + secretAt + 1000})
            edits.push_back(
                {range(static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(value.size())),
                 Fill::X, "given-secret", "f1", ""});
        return *RedactionPlan::fromEdits(std::move(edits), static_cast<std::uint64_t>(bytes.size()),
                                         {});
    }
    QByteArray honestCopy() const
    {
        QByteArray copy = bytes;
        const RedactionPlan planned = plan();
        for (const Edit& edit : planned.edits())
            copy.replace(static_cast<qsizetype>(edit.range.first()), value.size(),
                         QByteArray(value.size(), 'X'));
        return copy;
    }
    VerificationReport verify(const QByteArray& copyBytes, const RedactionPlan& plan) const
    {
        const Source copy = *Source::fromBytes(view(copyBytes));
        const Source original = *Source::fromBytes(view(bytes));
        const std::vector values {secret(value)};
        const auto report
            = verifyCopy({copy, &original, plan, rules(), values, {}, 2}, JobControl());
        return report ? *report : VerificationReport {};
    }

    QByteArray value = randomText(31, 40);
    QByteArray bytes;

private:
    ElfCoreBuilder m_core;
};

const Victim& victim()
{
    static const Victim made;
    return made;
}

bool failed(const VerificationReport& report, const std::string& check)
{
    return !report.passed()
        && std::any_of(report.violations.begin(), report.violations.end(),
                       [&](const Violation& violation) { return violation.check == check; });
}

/// What somebody may do to a copy so that another check than that of its bytes must tell.
using Sabotage = std::function<void(QByteArray& copy)>;

/// A file with a hole in it, in memory.
class SparseFile {
public:
    static constexpr off_t size = 16 << 20;
    static constexpr off_t dataAt = 8 << 20;

    SparseFile()
        : m_file(memfd_create("sparse", MFD_CLOEXEC))
    {
        if (ftruncate(m_file.number(), size) != 0)
            qFatal("no memory for the test");
        write(0, randomKey(41, 5000));
        write(dataAt, randomKey(42, 5000));
    }
    void write(off_t offset, const QByteArray& bytes) const
    {
        if (pwrite(m_file.number(), bytes.constData(), static_cast<std::size_t>(bytes.size()),
                   offset)
            != bytes.size())
            qFatal("no memory for the test");
    }
    void cut(off_t newSize) const
    {
        if (ftruncate(m_file.number(), newSize) != 0)
            qFatal("the test's file cannot be cut");
    }
    void punch(off_t offset, off_t length) const
    {
        if (fallocate(m_file.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length)
            != 0)
            qFatal("the test's file system knows no holes");
    }
    Source source() const { return *Source::fromDescriptor(Descriptor(dup(m_file.number()))); }

private:
    Descriptor m_file;
};

VerificationReport verifySparse(const SparseFile& copy, const SparseFile& original,
                                std::vector<Edit> edits = {})
{
    const auto plan = RedactionPlan::fromEdits(std::move(edits), SparseFile::size, {});
    const Source written = copy.source();
    const Source first = original.source();
    return *verifyCopy({written, &first, *plan, rules(), {}, {}, 1}, JobControl());
}

} // namespace

class TestSabotage : public QObject {
    Q_OBJECT

private slots:
    void passesTheHonestCopy()
    {
        const auto report = victim().verify(victim().honestCopy(), victim().plan());
        for (const Violation& violation : report.violations)
            qWarning("%s: %s", violation.check.c_str(), violation.message.c_str());
        QVERIFY(report.passed());
    }

    /// G20: a secret that is left in the copy, in each writing; the plan allows the change, so
    /// that only the search for values can tell.
    void catchesASecretLeftInAnyWriting_data()
    {
        QTest::addColumn<Writing>("write");
        for (const auto& [name, write] : widened(longTextWritings()))
            QTest::addRow("%s", name.constData()) << write;
        QTest::addRow("the first half")
            << Writing([](const QByteArray& value) { return value.first(value.size() / 2); });
        QTest::addRow("eight bytes")
            << Writing([](const QByteArray& value) { return value.mid(15, 8); });
    }
    void catchesASecretLeftInAnyWriting()
    {
        QFETCH(const Writing, write);
        for (const qsizetype at : {qsizetype(5000), qsizetype(5003)}) {
            const QByteArray written = write(victim().value);
            Victim spoiled = victim();
            spoiled.bytes.replace(spoiled.memory() + at, written.size(), written);
            const auto report = spoiled.verify(spoiled.honestCopy(), spoiled.plan());
            QVERIFY(failed(report, "values"));
            QVERIFY(!failed(report, "bytes"));
        }
    }

    /// A stream that holds the secret and was not filled.
    void catchesASecretLeftInACompressedStream_data()
    {
        QTest::addColumn<QString>("codec");
        for (const char* const codec : {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2", "zip"})
            QTest::addRow("%s", codec) << QString(codec);
    }
    void catchesASecretLeftInACompressedStream()
    {
        QFETCH(QString, codec);
        const QByteArray around = randomText(32, 3000).toHex();
        // Where buffers of the search meet, too.
        for (const qsizetype before : {qsizetype(100), qsizetype((1 << 18) - 20)}) {
            const QByteArray plain
                = around.repeated(100).left(before) + victim().value + around.left(500);
            const std::string member = packed(codec.toStdString(), plain.toStdString());
            Victim spoiled = victim();
            spoiled.bytes.replace(spoiled.memory() + 5003, qsizetype(member.size()),
                                  QByteArray::fromStdString(member));
            const auto report = spoiled.verify(spoiled.honestCopy(), spoiled.plan());
            QVERIFY(failed(report, "values"));
            QVERIFY(!failed(report, "bytes"));
            const auto at = static_cast<std::uint64_t>(spoiled.memory() + 5003);
            QVERIFY(std::any_of(report.violations.begin(), report.violations.end(),
                                [&](const Violation& violation) {
                                    return violation.offset == at
                                        && violation.message.find(codec.toStdString())
                                        != std::string::npos;
                                }));
        }
    }
    void catchesASecretLeftInAStreamInATextOrInAnother()
    {
        const QByteArray plain = randomText(36, 500) + victim().value + randomText(37, 500);
        const std::string zlib = packed("zlib", plain.toStdString());
        const QByteArray digits = QByteArray::fromStdString(zlib).toBase64();
        for (const auto& [member, reading] :
             {std::pair("\"" + digits + "\"", "base64+zlib"),
              std::pair(" " + QByteArray::fromStdString(packed("gzip", "at first\n" + zlib)),
                        "gzip+zlib")}) {
            Victim spoiled = victim();
            spoiled.bytes.replace(spoiled.memory() + 5002, member.size(), member);
            const auto report = spoiled.verify(spoiled.honestCopy(), spoiled.plan());
            QVERIFY(!failed(report, "bytes"));
            const std::string name = reading;
            const auto at = static_cast<std::uint64_t>(spoiled.memory() + 5003);
            QVERIFY2(std::any_of(report.violations.begin(), report.violations.end(),
                                 [&](const Violation& violation) {
                                     return violation.check == "values" && violation.offset == at
                                         && violation.message.find(name) != std::string::npos;
                                 }),
                     name.c_str());
        }
    }
    void passesACompressedStreamWithoutASecret()
    {
        const std::string member = packed("gzip", randomText(33, 3000).toStdString());
        Victim other = victim();
        other.bytes.replace(other.memory() + 5003, qsizetype(member.size()),
                            QByteArray::fromStdString(member));
        const auto report = other.verify(other.honestCopy(), other.plan());
        QVERIFY(report.passed());
        QVERIFY(std::any_of(report.checks.begin(), report.checks.end(), [](const Check& check) {
            return check.detail.find("1 compressed stream") != std::string::npos;
        }));
    }
    /// What is left of a stream whose end was overwritten.
    void catchesASecretLeftInACutStream()
    {
        const QByteArray plain = randomText(34, 4000) + victim().value + randomText(35, 9000);
        const std::string member = packed("gzip", plain.toStdString()).substr(0, 6000);
        Victim spoiled = victim();
        spoiled.bytes.replace(spoiled.memory() + 5003, qsizetype(member.size()),
                              QByteArray::fromStdString(member));
        QVERIFY(failed(spoiled.verify(spoiled.honestCopy(), spoiled.plan()), "values"));
    }

    /// A plan that was made to allow it: the bytes are as promised, the file reads otherwise.
    void catchesADamagedStructure_data()
    {
        QTest::addColumn<Sabotage>("sabotage");
        const auto row = [](const char* name, Sabotage sabotage) {
            QTest::newRow(name) << std::move(sabotage);
        };
        row("a note's type", [](QByteArray& copy) { copy[victim().note(0) - 12] ^= 1; });
        row("a note's owner", [](QByteArray& copy) { copy[victim().note(0) - 8] ^= 1; });
        row("a note's size", [](QByteArray& copy) { copy[victim().note(0) - 16] ^= 1; });
        row("the file's type", [](QByteArray& copy) { copy[16] ^= 1; });
        row("the machine", [](QByteArray& copy) { copy[18] ^= 1; });
        row("the byte order", [](QByteArray& copy) { copy[5] ^= 3; });
        row("the number of program headers", [](QByteArray& copy) { copy[56] ^= 1; });
        row("two program headers in turn", [](QByteArray& copy) {
            const QByteArray second = copy.mid(64 + 2 * 56, 56);
            copy.replace(64 + 2 * 56, 56, copy.mid(64 + 3 * 56, 56));
            copy.replace(64 + 3 * 56, 56, second);
        });
        row("a segment's address", [](QByteArray& copy) { copy[64 + 2 * 56 + 18] ^= 1; });
        row("a segment's access", [](QByteArray& copy) { copy[64 + 2 * 56 + 4] ^= 2; });
    }
    void catchesADamagedStructure()
    {
        QFETCH(const Sabotage, sabotage);
        QByteArray copy = victim().honestCopy();
        sabotage(copy);
        QVERIFY(copy != victim().honestCopy());
        const auto report = victim().verify(copy, victim().plan());
        QVERIFY(failed(report, "structure"));
        QVERIFY(failed(report, "bytes"));
    }

    void catchesARegisterThatWasChanged()
    {
        QByteArray copy = victim().honestCopy();
        bool caught = false;
        // NT_PRSTATUS is the first note; its registers begin at 112.
        copy[victim().note(0) + 112 + 16 * 8] ^= 1;
        const auto report = victim().verify(copy, victim().plan());
        caught = failed(report, "structure") || failed(report, "bytes");
        QVERIFY(caught);
    }

    /// A secret of which each of two fills leaves a part, together more than a window.
    void catchesASecretBetweenTwoRanges()
    {
        const Victim& here = victim();
        QByteArray copy = here.honestCopy();
        const auto at = static_cast<std::uint64_t>(here.memory() + Victim::secretAt);
        std::vector<Edit> edits = here.plan().edits();
        edits[0].range = range(at, 14);
        edits.insert(edits.begin() + 1,
                     Edit {range(at + 26, 14), Fill::X, "given-secret", "f1", ""});
        copy.replace(static_cast<qsizetype>(at) + 14, 12, here.value.mid(14, 12));
        const auto plan = *RedactionPlan::fromEdits(std::move(edits),
                                                    static_cast<std::uint64_t>(copy.size()), {});
        const auto report = here.verify(copy, plan);
        QVERIFY(failed(report, "values"));
        QVERIFY(!failed(report, "bytes"));
        QVERIFY(!failed(report, "fill"));
    }

    void passesAnHonestSparseCopy()
    {
        const SparseFile original;
        const SparseFile copy;
        QVERIFY(verifySparse(copy, original).passed());
        copy.write(3 << 20, "XXXX");
        QVERIFY(
            verifySparse(copy, original, {{range(3 << 20, 4), Fill::X, "given-secret", "f1", ""}})
                .passed());
    }

    void catchesAHoleThatWasFilled()
    {
        const SparseFile original;
        const SparseFile copy;
        copy.write(3 << 20, QByteArray(4096, '\0'));
        const auto report = verifySparse(copy, original);
        QVERIFY(failed(report, "holes"));
        QVERIFY(!failed(report, "bytes"));
        copy.write(5 << 20, "!");
        QVERIFY(failed(verifySparse(copy, original), "bytes"));
    }

    void endsWhereTheOriginalCannotBeRead()
    {
        const SparseFile original;
        const SparseFile copy;
        const auto plan = RedactionPlan::fromEdits({}, SparseFile::size, {});
        const Source written = copy.source();
        const Source first = original.source();
        original.cut(SparseFile::dataAt);
        QVERIFY(!verifyCopy({written, &first, *plan, rules(), {}, {}, 1}, JobControl()));
    }

    void catchesAChangedByteAtTheEdgesOfAWindow()
    {
        const QByteArray bytes = randomKey(45, (1 << 20) + 1);
        const Source original = *Source::fromBytes(view(bytes));
        const auto plan = RedactionPlan::fromEdits({}, original.size(), {});
        for (const qsizetype at : {0, (1 << 20) - 1, 1 << 20}) {
            QByteArray changed = bytes;
            changed[at] = static_cast<char>(changed[at] ^ 1);
            const Source copy = *Source::fromBytes(view(changed));
            QVERIFY(failed(*verifyCopy({copy, &original, *plan, rules(), {}, {}, 1}, JobControl()),
                           "bytes"));
        }
    }

    /// Holes that a file system may fill for want of smaller units are not counted.
    void catchesTheSmallestHoleThatWasFilled()
    {
        constexpr off_t unit = 256 << 10;
        const SparseFile original;
        const SparseFile copy;
        for (const SparseFile* file : {&original, &copy}) {
            file->write(0, randomKey(43, unit));
            file->write(2 * unit, randomKey(44, unit));
            file->write(3 * unit + unit / 4, "data");
        }
        const auto report = verifySparse(copy, original);
        QVERIFY(report.passed());
        const auto holes
            = std::find_if(report.checks.begin(), report.checks.end(),
                           [](const Check& one) { return one.name.starts_with("holes"); });
        QVERIFY(holes != report.checks.end());
        QCOMPARE(holes->detail, std::string("3 holes, 15728640 bytes"));
        copy.write(unit, QByteArray(4096, '\0'));
        QVERIFY(failed(verifySparse(copy, original), "holes"));
    }

    void catchesDataThatWasPunchedOut()
    {
        const SparseFile original;
        const SparseFile copy;
        copy.punch(SparseFile::dataAt, 4096);
        QVERIFY(failed(verifySparse(copy, original), "bytes"));
    }

    /// What a file system without holes makes of it.
    void acceptsACopyWithoutAnyHole()
    {
        const SparseFile original;
        const SparseFile copy;
        for (off_t at = 8192; at < SparseFile::dataAt; at += 1 << 20)
            copy.write(
                at,
                QByteArray(1 << 20, '\0').first(std::min<off_t>(1 << 20, SparseFile::dataAt - at)));
        copy.write(SparseFile::dataAt + 8192,
                   QByteArray(SparseFile::size - SparseFile::dataAt - 8192, '\0'));
        QVERIFY(verifySparse(copy, original).passed());
    }
};

QTEST_GUILESS_MAIN(TestSabotage)
#include "tst_sabotage.moc"
