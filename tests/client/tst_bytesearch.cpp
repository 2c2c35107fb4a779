// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/bytesearch.h"
#include "tests/client/smallcore.h"

#include <QtTest>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::engine;

namespace {

Source sourceOf(const QByteArray& bytes)
{
    return *Source::fromBytes({reinterpret_cast<const std::uint8_t*>(bytes.data()),
                               static_cast<std::size_t>(bytes.size())});
}

protocol::Search forward(const QByteArray& pattern, std::uint64_t from = 0)
{
    protocol::Search search;
    search.pattern.assign(pattern.begin(), pattern.end());
    search.from = from;
    return search;
}

protocol::Search backward(const QByteArray& pattern, std::uint64_t from)
{
    protocol::Search search = forward(pattern, from);
    search.backwards = true;
    return search;
}

/// Where the search ends, or -1.
qint64 placeOf(const Source& source, const protocol::Search& search)
{
    const auto found = find(source, search, JobControl());
    return found && *found ? static_cast<qint64>((*found)->first()) : -1;
}

} // namespace

class TestByteSearch : public QObject {
    Q_OBJECT

private slots:
    void findsWhatASimpleSearchFinds()
    {
        // Every start, every short pattern, both ways, against QByteArray.
        const QByteArray text = "abracadabra abracadabra aaaa";
        const Source source = sourceOf(text);
        for (int size = 1; size <= 6; ++size) {
            for (int at = 0; at + size <= text.size(); ++at) {
                const QByteArray pattern = text.mid(at, size);
                for (int from = 0; from <= text.size(); ++from) {
                    QCOMPARE(placeOf(source, forward(pattern, static_cast<std::uint64_t>(from))),
                             qint64 {text.indexOf(pattern, from)});
                    QCOMPARE(placeOf(source, backward(pattern, static_cast<std::uint64_t>(from))),
                             qint64 {text.lastIndexOf(pattern, from)});
                }
            }
        }
        QCOMPARE(placeOf(source, forward("nothing")), -1);
        QCOMPARE(placeOf(source, backward("nothing", 100)), -1);
    }

    void findsAcrossTheEdgesOfItsWindows()
    {
        constexpr int window = 4 << 20;
        QByteArray bytes(2 * window + 100, '.');
        const QByteArray pattern = "across the edge";
        for (const qsizetype shift : {-pattern.size() - 1, -pattern.size(), 1 - pattern.size(),
                                      qsizetype {-1}, qsizetype {0}, qsizetype {1}}) {
            QByteArray planted = bytes;
            planted.replace(window + shift, pattern.size(), pattern);
            const Source source = sourceOf(planted);
            QCOMPARE(placeOf(source, forward(pattern)), qint64 {window + shift});
            QCOMPARE(placeOf(source, backward(pattern, 2 * window)), qint64 {window + shift});
        }
    }

    void ignoresCaseOfLetters()
    {
        const Source source = sourceOf("xx PassWord= yy");
        protocol::Search search = forward("password=");
        QCOMPARE(placeOf(source, search), -1);
        search.ignoreCase = true;
        QCOMPARE(placeOf(source, search), 3);
        search = backward("PASSWORD=", 14);
        search.ignoreCase = true;
        QCOMPARE(placeOf(source, search), 3);
    }

    void findsTextAsUtf16Too()
    {
        const QString text = QStringLiteral("gr\u00fc\u00dfe \U0001f511");
        const auto* units = reinterpret_cast<const char*>(text.utf16());
        const QByteArray wide = QByteArray(7, '.') + QByteArray(units, 2 * text.size());
        const Source source = sourceOf(wide);
        protocol::Search search = forward(text.toUtf8());
        QCOMPARE(placeOf(source, search), -1);
        search.alsoUtf16 = true;
        QCOMPARE(placeOf(source, search), 7);
        const auto found = find(source, search, JobControl());
        QCOMPARE((*found)->size(), static_cast<std::uint64_t>(2 * text.size()));
    }

    void doesNotTakeBrokenTextForUtf16()
    {
        for (const char* broken : {"\x80", "\xc3", "\xff", "\xc0\x80", "\xe2\x82"})
            QVERIFY(!utf16FormOf(asBytes(broken)));
    }

    void passesOverHoles()
    {
        Descriptor file(memfd_create("coredact-test", MFD_CLOEXEC));
        constexpr off_t far = off_t {1} << 40; // a terabyte away
        QCOMPARE(pwrite(file.number(), "key", 3, far), ssize_t {3});
        QCOMPARE(ftruncate(file.number(), 2 * far), 0);
        const auto source = Source::fromDescriptor(std::move(file));
        QVERIFY(source.ok());
        // Reading the zeros would take longer than the whole test may.
        QCOMPARE(placeOf(*source, forward("key")), qint64 {far});
        QCOMPARE(placeOf(*source, backward("key", 2 * far)), qint64 {far});
        // Begins in the hole, ends in data; and the other way round.
        QCOMPARE(placeOf(*source, forward(QByteArray("\0\0ke", 4), 4096)), qint64 {far - 2});
        const qint64 page = far + sysconf(_SC_PAGESIZE);
        QCOMPARE(pwrite(source->descriptor(), "end", 3, page - 3), ssize_t {3});
        QCOMPARE(placeOf(*source, forward(QByteArray("end\0\0", 5))), page - 3);
        // Zeros stand in the hole itself.
        QCOMPARE(placeOf(*source, forward(QByteArray(4, '\0'), 12345)), 12345);
    }

    void takesLinearTimeForRepetitions()
    {
        // Quadratic work would take longer than the whole test may.
        const Source source = sourceOf(QByteArray(40 << 20, 'a'));
        QCOMPARE(placeOf(source, backward(QByteArray(60000, 'a') + 'b', 40 << 20)), -1);
        QCOMPARE(placeOf(source, forward('b' + QByteArray(60000, 'a'))), -1);
    }

    void findsWhatAnExpressionMatches()
    {
        const QByteArray text("user=ada pass=one\n\xff\0user=bob pass=two", 37);
        const Source source = sourceOf(text);
        protocol::Search search = forward("user=[a-z]+");
        QCOMPARE(placeOf(source, search), -1);
        search.expression = true;
        QCOMPARE(placeOf(source, search), 0);
        QCOMPARE((*find(source, search, JobControl()))->size(), std::uint64_t(8));
        search.from = 1;
        QCOMPARE(placeOf(source, search), text.indexOf("user=bob"));
        search.backwards = true;
        QCOMPARE(placeOf(source, search), 0);
        search.from = static_cast<std::uint64_t>(text.size());
        QCOMPARE(placeOf(source, search), text.indexOf("user=bob"));
        search = forward("^pass");
        search.expression = true;
        QCOMPARE(placeOf(source, search), -1);
        search = forward("\\xff\\x00");
        search.expression = true;
        QCOMPARE(placeOf(source, search), text.indexOf('\xff'));
        search = forward("z*");
        search.expression = true;
        QCOMPARE(placeOf(source, search), -1);
    }

    void findsMatchesAtAllWindowEdges()
    {
        constexpr int window = 4 << 20;
        for (int before = -12; before <= 2; ++before) {
            QByteArray text(window + 64, '.');
            text.replace(window + before, 10, "key:12345x");
            protocol::Search search = forward("key:[0-9]+x");
            search.expression = true;
            QCOMPARE(placeOf(sourceOf(text), search), window + before);
            search.backwards = true;
            search.from = static_cast<std::uint64_t>(text.size());
            QCOMPARE(placeOf(sourceOf(text), search), window + before);
        }
    }

    void saysWhatIsWrongWithAnExpression()
    {
        protocol::Search search = forward("(");
        search.expression = true;
        const auto found = find(sourceOf("("), search, JobControl());
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Usage);
    }

    void tellsHowFarItIs()
    {
        QList<quint64> told;
        const JobControl control([&told](const Progress& progress) {
            QCOMPARE(progress.stage, std::string_view("search"));
            QCOMPARE(progress.total, std::uint64_t(9) << 20);
            told << progress.done;
        });
        QVERIFY(find(sourceOf(QByteArray(9 << 20, '.')), forward("x"), control).ok());
        QCOMPARE(told, QList<quint64>({0, 4 << 20, 8 << 20}));
    }

    void stopsWhenAsked()
    {
        JobControl control;
        control.cancel();
        const auto found = find(sourceOf("abc"), forward("c"), control);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
    }

    void findsNothingInNothing()
    {
        QCOMPARE(placeOf(sourceOf({}), forward("a")), -1);
        QCOMPARE(placeOf(sourceOf({}), backward("a", 0)), -1);
        QCOMPARE(placeOf(sourceOf("a"), forward("aa")), -1);
        QCOMPARE(placeOf(sourceOf("aa"), forward("a", 2)), -1);
    }
};

QTEST_APPLESS_MAIN(TestByteSearch)
#include "tst_bytesearch.moc"
