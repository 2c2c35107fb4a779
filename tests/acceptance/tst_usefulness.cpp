// SPDX-License-Identifier: GPL-3.0-or-later
// What a recipient does with a copy works as with the original: full backtraces and registers in
// gdb, eu-stack, a walk through the chunks of glibc's heap, one through the records of a Java heap
// dump. None of the walks is Coredact's.
#include "javaheapdump.h"
#include "realprocess.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QtEndian>
#include <QtTest>

#include <algorithm>

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Sizes and flags of the chunks of the heap that malloc grows with brk, from its first to its top;
/// empty when they do not follow each other to the end. A static program has a thread control block
/// before them.
/// Source: glibc's malloc/malloc.c, "malloc_chunk details": the size lies a word into a chunk, its
/// lowest three bits are flags, and the next chunk begins where it ends. What is given to the
/// program, two words into a chunk, is at a multiple of 16.
template <typename Word> QList<quint64> chunksOf(const QByteArray& heap)
{
    constexpr qint64 fewest = 6;
    constexpr qint64 word = sizeof(Word);
    for (qint64 begin = 16 - 2 * word; begin < heap.size(); begin += 16) {
        QList<quint64> chunks;
        qint64 at = begin;
        while (at + 2 * word <= heap.size()) {
            const auto field = qFromLittleEndian<Word>(heap.constData() + at + word);
            const qint64 size = qint64(field & ~Word(7));
            if (size > heap.size() - at || (size < 4 * word && at + size != heap.size()))
                break;
            chunks << field;
            at += size;
        }
        if (at == heap.size() && chunks.size() >= fewest)
            return chunks;
    }
    return {};
}

/// The bytes of the main heap in a dump; the place is asked of `original`, so that nothing of the
/// copy is needed to find it there.
QByteArray heapIn(const QString& original, const QString& dump)
{
    const Ran map = run(
        coredactCli(),
        {QStringLiteral("map"), original, QStringLiteral("--format"), QStringLiteral("json")});
    const QJsonArray segments
        = QJsonDocument::fromJson(map.output).object()[QStringLiteral("segments")].toArray();
    for (const QJsonValue& segment : segments)
        if (segment[QStringLiteral("kind")] == QStringLiteral("heap"))
            return contentOf(dump).mid(segment[QStringLiteral("offset")].toInteger(),
                                       segment[QStringLiteral("length")].toInteger());
    return {};
}

/// What gdb tells of everything but contents: arguments and locals with their addresses and
/// numbers, general registers. Mask registers (k0 to k7) hold parts of strings that vector code
/// compares, and are wiped with the vectors.
QByteArray toldInFull(const QString& program, const QString& dump)
{
    const QByteArray text = toldByGdb(program, dump,
                                      {QStringLiteral("thread apply all bt full"),
                                       QStringLiteral("thread apply all info registers")});
    QByteArray told;
    for (const QByteArray& line : withoutStrings(text).split('\n'))
        if (!(line.size() > 2 && line[0] == 'k' && line[1] >= '0' && line[1] <= '7'
              && line[2] == ' '))
            told += line + '\n';
    return told;
}

QByteArray toldByEuStack(const QString& program, const QString& dump)
{
    return run(QStringLiteral("eu-stack"),
               {QStringLiteral("--executable"), program, QStringLiteral("--core"), dump})
        .output;
}

} // namespace

class TestUsefulness : public QObject {
    Q_OBJECT

private slots:
    void aCopyTellsWhatTheOriginalTells_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("argument");
        const QString token = QString::fromLatin1(madeToken());
        QTest::newRow("C, threads") << testProgram("test-threads") << token;
        QTest::newRow("C, static") << testProgram("test-static") << token;
        QTest::newRow("C, i386") << testProgram("test-i386") << token;
        QTest::newRow("C++, while an exception passes") << testProgram("test-exceptions") << token;
        QTest::newRow("Python") << QFileInfo(QStringLiteral("/usr/bin/python3")).canonicalFilePath()
                                << testScript("tokenholder.py");
    }

    void aCopyTellsWhatTheOriginalTells()
    {
        QFETCH(const QString, program);
        QFETCH(const QString, argument);
        RealProcess process(program, {argument});
        QVERIFY(process.ready());
        const QString core = process.dump();
        const QString copy = redacted(core);
        QVERIFY(!copy.isEmpty());
        QVERIFY(contentOf(copy) != contentOf(core));

        const QByteArray full = toldInFull(program, core);
        QVERIFY(full.contains("No locals") || full.contains(" = "));
        QVERIFY(full.contains("\nrsp ") || full.contains("\nesp "));
        QCOMPARE(difference(toldInFull(program, copy), full), QByteArray());

        const QByteArray stack = toldByEuStack(program, core);
        QVERIFY(stack.contains("TID "));
        QCOMPARE(difference(toldByEuStack(program, copy), stack), QByteArray());

        const auto chunksIn = [&](const QString& dump) {
            const QByteArray heap = heapIn(core, dump);
            return full.contains("\nesp ") ? chunksOf<quint32>(heap) : chunksOf<quint64>(heap);
        };
        QVERIFY(!chunksIn(core).isEmpty());
        QCOMPARE(chunksIn(copy), chunksIn(core));
        // Only the C programs are given a secret as their argument.
        if (program.contains(QStringLiteral("test-")))
            QCOMPARE(windowsLeft(copy, argument.toLatin1().sliced(4)), 0);
    }

    void recordsOfAJavaHeapDumpStay()
    {
        QList<QByteArray> strings;
        for (int i = 0; i < 40; ++i)
            strings << (i % 2 == 0 ? madeToken() : "text number " + QByteArray::number(i));
        const QByteArray made = javaHeapDump(strings);
        const QStringList records = recordsOf(made);
        QVERIFY(records.size() > 120 && records.last() != QStringLiteral("damaged"));

        QTemporaryDir folder;
        const QString original = folder.filePath(QStringLiteral("heap.hprof"));
        QFile file(original);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(made), made.size());
        file.close();
        const QString copy = redacted(original);
        QVERIFY(!copy.isEmpty());
        QCOMPARE(recordsOf(contentOf(copy)), records);
        for (const QByteArray& text : strings) {
            const bool secret = !text.startsWith("text");
            QCOMPARE(windowsLeft(copy, text.sliced(4)) == 0, secret);
        }
    }

private:
    /// The path of the copy, "" when there is none.
    static QString redacted(const QString& original)
    {
        const QString copy = original + QStringLiteral(".redacted");
        const Ran redact = run(
            coredactCli(), {QStringLiteral("redact"), original, QStringLiteral("-o"), copy}, 300);
        if (redact.exitCode != 0)
            qWarning("%s", (redact.output + redact.errors).constData());
        return redact.exitCode == 0 ? copy : QString();
    }
};

QTEST_GUILESS_MAIN(TestUsefulness)
#include "tst_usefulness.moc"
