// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/unpackedsearch.h"
#include "scanner/redact/verify.h"
#include "scanner/scan/scan.h"

#include "tests/redact/planting.h"
#include "tests/scan/packed.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

const QByteArray& value()
{
    static const QByteArray made = randomText(31, 40);
    return made;
}

const Needles& needles()
{
    static const std::vector values {secret(value())};
    static const Needles made(values);
    return made;
}

QByteArray in(const char* codec, const QByteArray& bytes)
{
    return QByteArray::fromStdString(packed(codec, bytes.toStdString()));
}

/// In a gzip stream that has its bytes as they are.
QByteArray stored(const QByteArray& bytes)
{
    return QByteArray::fromStdString(deflated(bytes.toStdString(), 31, 0));
}

/// Text around it that packs, so that nothing of what is inside shows.
QByteArray amid(const QByteArray& bytes)
{
    return randomText(32, 400) + "\n\"" + bytes + "\"\n" + randomText(33, 400);
}

QByteArray inLines(const QByteArray& text, qsizetype width, const char* lineBreak)
{
    QByteArray lines;
    for (qsizetype at = 0; at < text.size(); at += width)
        lines += (at > 0 ? lineBreak : "") + text.mid(at, width);
    return lines;
}

/// Gives bytes so many at a time, and then fails where that is wanted.
class InPieces : public PackedBytes {
public:
    explicit InPieces(QByteArray bytes, qsizetype size = 512, bool fails = false)
        : m_bytes(std::move(bytes))
        , m_size(size)
        , m_fails(fails)
    {
    }
    Result<ByteView> next() override
    {
        const qsizetype at = std::exchange(m_at, std::min(m_at + m_size, m_bytes.size()));
        if (at == m_bytes.size() && m_fails)
            return Error {ErrorCode::System, "cannot be read", std::nullopt};
        return view(m_bytes).subspan(static_cast<std::size_t>(at),
                                     static_cast<std::size_t>(m_at - at));
    }

private:
    QByteArray m_bytes;
    qsizetype m_size;
    bool m_fails;
    qsizetype m_at = 0;
};

UnpackedSearch::Seen seenIn(const QByteArray& bytes, int readings = 0)
{
    InPieces pieces(bytes);
    return *UnpackedSearch(needles(), readings).look(pieces);
}

QByteArray decoded(const QByteArray& text, qsizetype pieces)
{
    InPieces in(text, pieces);
    Base64Bytes bytes(in);
    QByteArray all;
    for (auto next = bytes.next(); next && !next->empty(); next = bytes.next())
        all.append(reinterpret_cast<const char*>(next->data()),
                   static_cast<qsizetype>(next->size()));
    return all;
}

} // namespace

class TestUnpackedSearch : public QObject {
    Q_OBJECT

private slots:
    void findsAValueInAStreamInside_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("name");
        const std::array codecs {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2", "zip"};
        for (const char* const outer : codecs)
            for (const char* const inner :
                 {"gzip", "zlib", "zstd", "xz", "bzip2", "zip"}) // lz4 hides none
                QTest::addRow("%s in %s", inner, outer)
                    << in(outer, amid(in(inner, amid(value())))) << outer + QByteArray("+") + inner;
        for (const char* const inner : {"gzip", "zlib", "zstd", "zip"})
            QTest::addRow("%s in base64 in gzip", inner)
                << in("gzip", amid(in(inner, amid(value())).toBase64()))
                << QByteArray("gzip+base64+") + inner;
        const QByteArray text = in("gzip", amid(value())).toBase64();
        for (const char* const lineBreak : {"\n", "\r\n"})
            QTest::addRow("base64 in lines that end with %d bytes", int(qstrlen(lineBreak)))
                << in("zlib", amid(inLines(text, 76, lineBreak))) << QByteArray("zlib+base64+gzip");
        QTest::newRow("three deep") << in("xz", amid(in("zstd", amid(in("gzip", amid(value()))))))
                                    << QByteArray("xz+zstd+gzip");
        QTest::newRow("late in the third") << in(
            "gzip", amid(in("zlib", amid(in("gzip", QByteArray(600'000, '.') + amid(value()))))))
                                           << QByteArray("gzip+zlib+gzip");
        QTest::newRow("late in a long one")
            << in("gzip", randomText(40, 700'000) + in("zlib", amid(value())) + randomText(41, 9))
            << QByteArray("gzip+zlib");
        QTest::newRow("after one without it") << in(
            "gzip", in("zlib", amid("none")) + in("lz4", amid("none")) + in("xz", amid(value())))
                                              << QByteArray("gzip+xz");
    }
    void findsAValueInAStreamInside()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, name);
        const auto seen = seenIn(bytes);
        QVERIFY(seen.isStream && seen.left.has_value());
        QCOMPARE(QByteArray::fromStdString(seen.name), name);
    }

    /// No deeper than the scan, or an honest copy would not pass.
    void findsWhereStreamsMayBegin_data()
    {
        QTest::addColumn<QByteArray>("magic");
        for (const char* const magic :
             {"\x1f\x8b", "\x78\x01", "\x78\x5e", "\x78\x9c", "\x78\xda", "\x28\xb5", "\x04\x22",
              "\xfd\x37", "BZ", "PK", "H4", "KL", "UE", "eJ", "eN"})
            QTest::newRow(QByteArray(magic).toHex()) << QByteArray(magic);
    }
    void findsWhereStreamsMayBegin()
    {
        QFETCH(const QByteArray, magic);
        for (std::size_t at = 0; at < 60; ++at) {
            PlantedFile file(60 + 17);
            file.plant(qsizetype(at), magic);
            std::vector<std::size_t> positions {1, 2, 3};
            for (const std::size_t begin : {0, 7})
                for (const std::size_t end : {40, 52, 60}) {
                    unpacking::findMagics(view(file.bytes()).data(), begin, end, positions);
                    const bool within = begin <= at && at < end;
                    QVERIFY(positions == (within ? std::vector {at} : std::vector<std::size_t> {}));
                }
        }
        QCOMPARE(unpacking::isTextMagic(std::uint8_t(magic[0])),
                 QByteArray("HKUe").contains(magic[0]));
    }

    void takesNoOtherBytesForTheBeginOfAStream()
    {
        std::vector<std::size_t> positions;
        int found = 0;
        for (int first = 0; first < 256; ++first)
            for (int second = 0; second < 256; ++second) {
                QByteArray bytes(40, '.');
                bytes[9] = char(first);
                bytes[10] = char(second);
                unpacking::findMagics(view(bytes).data(), 0, 16, positions);
                found += int(positions.size());
            }
        QCOMPARE(found, 15);
    }

    /// One that is cut may go on elsewhere; one that is damaged goes on nowhere.
    void tellsWhetherAStreamEnds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        for (const char* const codec : {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2", "zip"})
            QTest::newRow(codec) << in(codec, randomText(46, 9000));
    }
    void tellsWhetherAStreamEnds()
    {
        QFETCH(QByteArray, bytes);
        const auto whole = seenIn(bytes);
        QVERIFY(whole.isStream && !whole.cut);
        const auto cost = std::uint64_t(std::max(qsizetype(9000), bytes.size()));
        QCOMPARE(whole.cost, cost);
        QCOMPARE(seenIn(bytes + "more").cost, cost);
        QVERIFY(seenIn(bytes.chopped(30)).cut);
        bytes.replace(bytes.size() / 2, 600, QByteArray(600, '\xff'));
        QVERIFY(!seenIn(bytes).cut);
    }

    /// A checksum that is wrong makes none of what gave too little to be one.
    void takesForWholeOnlyWhatItsFormatProves()
    {
        for (const char* const codec : {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2"}) {
            QByteArray bytes = in(codec, randomText(49, 500));
            QVERIFY2(seenIn(bytes).isStream, codec);
            bytes.replace(bytes.size() - 4, 4, QByteArray(4, '\x5a'));
            const auto seen = seenIn(bytes);
            QVERIFY2(!seen.isStream && !seen.cut, codec);
        }
    }

    void readsZipHeadersOfAnyLength()
    {
        for (const std::size_t length : {0, 1, 255, 256, 700})
            for (const qsizetype pieces : {5, 11, 512}) {
                const QByteArray bytes = QByteArray::fromStdString(
                    zipMember(amid(value()).toStdString(), std::string(length, 'n')));
                InPieces in(bytes, pieces);
                const auto seen = UnpackedSearch(needles(), 0).look(in);
                QVERIFY(seen->left.has_value());
                QCOMPARE(seen->cost, std::uint64_t(std::max(amid(value()).size(), bytes.size())));
            }
    }

    /// A window is 256 KiB; it moves on by what needs no more than 64 KiB behind it.
    void findsWhatStandsAtTheEdgesOfWindows()
    {
        constexpr int outSize = 1 << 18;
        constexpr int reach = 1 << 16;
        for (const int edge :
             {outSize - 72, outSize, 2 * outSize - reach - 73, 2 * outSize - reach - 1})
            for (const int at : {edge - 40, edge - 39, edge - 8, edge - 1, edge, edge + 1}) {
                QByteArray text(2 * outSize, '.');
                text.replace(at, value().size(), value());
                QVERIFY2(seenIn(stored(text)).left.has_value(), QByteArray::number(at));
            }
        const QByteArray inner = in("gzip", value());
        for (const int edge : {outSize - reach, 2 * outSize - 2 * reach - 1})
            for (int at = edge - 3; at <= edge + 3; ++at)
                for (const QByteArray& bytes : {inner, inner.toBase64()}) {
                    QByteArray text(2 * outSize, '.');
                    text.replace(at, bytes.size(), bytes);
                    QVERIFY2(seenIn(stored(text)).left.has_value(), QByteArray::number(at));
                }
    }

    void takesForAStreamWhatIsNoneByChance()
    {
        QVERIFY(seenIn(in("gzip", randomText(47, 32))).isStream);
        QVERIFY(!seenIn(in("gzip", randomText(47, 31))).isStream);
        // Of one that is cut 256 bytes taken and 1024 given.
        QByteArray plain;
        for (int i = 0; i < 200; ++i)
            plain += randomText(unsigned(i), 6) + QByteArray(80, '.');
        const QByteArray small = in("gzip", plain);
        QVERIFY(small.size() > 300);
        QVERIFY(seenIn(small.left(256)).isStream);
        QVERIFY(!seenIn(small.left(255)).isStream);
        const QByteArray large = stored(randomText(48, 3000)); // behind a header of 15 bytes
        QVERIFY(seenIn(large.left(15 + 1024)).isStream);
        QVERIFY(!seenIn(large.left(15 + 1023)).isStream);
    }

    /// A megabyte of zeros is packed in thirty bytes by some.
    void looksBehindLongRuns_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray plain = QByteArray(4 << 20, '\0') + amid(value());
        for (const char* const codec : {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2", "zip"})
            QTest::newRow(codec) << in(codec, plain);
        QTest::newRow("inside") << in("gzip", amid(in("zstd", plain)));
    }
    void looksBehindLongRuns()
    {
        QFETCH(const QByteArray, bytes);
        const auto seen = seenIn(bytes);
        QVERIFY(seen.isStream && seen.left);
    }

    /// The zeros of a hole are empty blocks to zstd.
    void endsWhereNothingIsGiven()
    {
        InPieces pieces(QByteArray("\x28\xb5\x2f\xfd\0\x58", 6) + QByteArray(20 << 20, '\0'), 4096);
        const auto seen = UnpackedSearch(needles(), 0).look(pieces);
        QVERIFY(!seen->isStream);
        QVERIFY(seen->cost > 8 << 20);
        QVERIFY(seen->cost < 9 << 20);
    }

    void takesSoMuchOfOneStream()
    {
        constexpr qsizetype most = 64 << 20;
        const auto withValueAt = [](qsizetype at, qsizetype size) {
            QByteArray text(size, '.');
            text.replace(at, value().size(), value());
            return seenIn(in("zstd", text));
        };
        const auto less = withValueAt(most - 100, most - 1);
        QVERIFY(less.left && less.all);
        const auto more = withValueAt(most, most + 5000);
        QVERIFY(!more.left && !more.all && more.cut);
        QCOMPARE(more.cost, std::uint64_t(most));
        QVERIFY(!withValueAt(most - 20, most).all);
    }

    void takesSoMuchOfAllStreamsInside()
    {
        const auto behind = [](const QByteArray& streams) {
            return seenIn(stored(streams + in("gzip", value())));
        };
        const QByteArray half = in("zstd", QByteArray(32 << 20, '.'));
        QVERIFY(behind(half).left);
        const auto both = behind(half + half);
        QVERIFY(!both.left && !both.all);
        QVERIFY(!seenIn(stored(half + half)).all);
        QVERIFY(seenIn(stored(half)).all);
        // One at the edge of a window is looked into once.
        const QByteArray before((1 << 18) - (1 << 16) - 1, '.');
        QVERIFY(seenIn(stored(before + half + QByteArray(1 << 18, '.'))).all);
        // However little one gives, it counts for four kilobytes.
        const QByteArray small = in("zlib", "a");
        QVERIFY(behind(small.repeated(16383)).left);
        const auto many = behind(small.repeated(16384));
        QVERIFY(!many.left && !many.all);
    }

    void looksThreeReadingsDeep()
    {
        const QByteArray two = in("gzip", amid(in("zlib", amid(value()))));
        QVERIFY(seenIn(two, 1).left.has_value());
        QVERIFY(seenIn(in("gzip", amid(two))).left.has_value());
        QVERIFY(!seenIn(two, 2).left.has_value());
        QVERIFY(!seenIn(in("gzip", amid(in("gzip", amid(two))))).left.has_value());
        const QByteArray inText = in("gzip", amid(in("zlib", amid(value())).toBase64()));
        QVERIFY(seenIn(inText, 0).left.has_value());
        QVERIFY(!seenIn(inText, 1).left.has_value());
    }

    void leavesAtTheFirstOneThatGoesOnBehindTheWindow()
    {
        // The second one lies in the window of the first, whose end does not.
        const QByteArray second = in("zlib", amid(value()));
        const QByteArray first = in("gzip", randomKey(42, 300'000));
        const auto seen = seenIn(in("zstd", second + first));
        QVERIFY(seen.left.has_value());
        const auto later = seenIn(in("zstd", first + second));
        QVERIFY(!later.left.has_value());
        QVERIFY(!later.all);
    }

    void tellsThatNothingIsLeft()
    {
        const auto seen = seenIn(in("gzip", amid(in("zlib", amid("none")))));
        QVERIFY(seen.isStream && seen.all && !seen.cut && !seen.left);
        QCOMPARE(seen.cost, std::uint64_t(amid(in("zlib", amid("none"))).size()));
        QVERIFY(seenIn(in("gzip", randomText(45, 3000)).chopped(9)).cut);
        QVERIFY(!seenIn("no stream at all").isStream);
        QVERIFY(!seenIn(in("gzip", "short")).isStream);
    }

    void takesAPlaceForBase64OnlyWhereItBegins()
    {
        const auto begins = [](const QByteArray& bytes, std::size_t at) {
            return mayBeginPackedText(view(bytes), at);
        };
        for (const char* const text : {"\"H4sIAAAA", ":KLUv/QAA", "=eJwAAAAA", ",eNoAAAAA"})
            QVERIFY2(begins(text, 1), text);
        QVERIFY(begins(QByteArray("\0eNoAAAAA", 9), 1));
        for (const char* const text :
             {"xH4sIAAAA", "\nH4sIAAAA", " H4sIAAAA", "\tH4sIAAAA", "\rH4sIAAAA", "\"H4sJAAAA",
              "\"KLUwAAAA", "\"eKwAAAAA", "\"H4"})
            QVERIFY2(!begins(text, 1), text);
        QVERIFY(!begins("H4sIAAAA", 0));
    }

    void readsBase64ToItsEnd()
    {
        for (const int size : {300, 301, 302}) {
            const QByteArray bytes = randomKey(43, size);
            const QByteArray text = bytes.toBase64(QByteArray::OmitTrailingEquals);
            for (const qsizetype pieces : {1, 7, 76, 1000}) {
                QCOMPARE(decoded(text, pieces), bytes);
                QCOMPARE(decoded(bytes.toBase64(QByteArray::Base64UrlEncoding), pieces), bytes);
                QCOMPARE(decoded(text + "\"and more", pieces), bytes);
                QCOMPARE(decoded(inLines(text, 40, "\n"), pieces), bytes);
                QCOMPARE(decoded(inLines(text, 64, "\r\n"), pieces), bytes);
                // Short lines are words, and an empty one ends the text.
                QCOMPARE(decoded(inLines(text, 36, "\n"), pieces), bytes.left(27));
                QCOMPARE(decoded(inLines(text, 40, "\n\n"), pieces), bytes.left(30));
                QCOMPARE(decoded(inLines(text, 40, "\r"), pieces), bytes.left(30));
                QCOMPARE(decoded(inLines(text, 40, "\r\r\n"), pieces), bytes.left(30));
            }
        }
        QCOMPARE(decoded("", 5), QByteArray());
    }

    void saysThatBytesCannotBeRead()
    {
        const QByteArray bytes = in("gzip", randomText(44, 9000)).left(3000);
        InPieces none({}, 512, true);
        QVERIFY(!UnpackedSearch(needles(), 0).look(none).ok());
        InPieces part(bytes, 512, true);
        QVERIFY(!UnpackedSearch(needles(), 0).look(part).ok());
        InPieces text(bytes.toBase64(), 512, true);
        Base64Bytes inText(text);
        QVERIFY(!UnpackedSearch(needles(), 1).look(inText).ok());
    }

    /// What the scan fills, the verification must accept, however streams stand in one another.
    void agreesWithTheScan()
    {
        static const auto rules = RuleSet::load({}, {});
        const std::array codecs {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2", "zip"};
        int inside = 0;
        for (unsigned seed = 1; seed <= 60; ++seed) {
            std::mt19937 random(seed);
            QByteArray layer = value();
            for (unsigned depth = 0; depth < 1 + seed % 4; ++depth) {
                if (random() % 3 == 0)
                    layer = inLines(layer.toBase64(), 20 + int(random() % 80),
                                    random() % 2 ? "\n" : "\r\n");
                layer = randomText(seed, int(random() % 900))
                    + QByteArray("\"\n \0x", 5).mid(int(random() % 5), 1) + layer
                    + randomText(seed + 1, int(random() % 900));
                if (random() % 4 == 0)
                    layer.prepend(QByteArray(1 << 20, '\0'));
                layer = in(codecs[random() % codecs.size()], layer);
            }
            if (random() % 2 == 0)
                layer = "data:" + layer.toBase64();
            PlantedFile file(randomText(seed, 3000) + '"' + layer + '"'
                             + randomText(seed + 2, 3000));
            inside += seenIn(layer).left ? 1 : 0;
            ScanOptions options;
            options.threads = 1;
            options.given = {secretBytes(value())};
            const auto scanned = scan(file.source(), file.dump(), *rules, options, JobControl());
            const auto plan = RedactionPlan::make(file.dump(), scanned->findings, {}, {});
            for (const Edit& edit : plan.edits())
                file.plant(qsizetype(edit.range.first()),
                           QByteArray(qsizetype(edit.range.size()), 'X'));
            const Source copy = file.source();
            const std::vector values {secret(value())};
            const auto report
                = verifyCopy({copy, nullptr, plan, *rules, values, {}, 1}, JobControl());
            for (const Violation& violation : report->violations)
                if (violation.check == "values")
                    qFatal("seed %u: %s", seed, violation.message.c_str());
        }
        QVERIFY(inside > 10);
    }
};

QTEST_GUILESS_MAIN(TestUnpackedSearch)
#include "tst_unpackedsearch.moc"
