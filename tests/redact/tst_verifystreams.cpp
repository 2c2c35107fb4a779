// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifystreams.h"

#include "tests/redact/planting.h"
#include "tests/scan/packed.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

const QByteArray& value()
{
    static const QByteArray made = randomText(71, 40);
    return made;
}

/// A stream of text with `bytes` in its middle.
QByteArray packedWith(const QByteArray& bytes, const char* codec = "gzip")
{
    return QByteArray::fromStdString(packed(
        codec, (randomText(72, 900) + ' ' + bytes + ' ' + randomText(73, 900)).toStdString()));
}

/// A file and which of its bytes belong together.
struct File {
    QByteArray bytes;
    std::vector<FileRange> pieces; ///< all of the bytes where there are none
    std::vector<FileRange> kept {};
    std::uint64_t most = StreamSearch::mostOfAll;
};

FileRange all(const QByteArray& bytes) { return range(0, std::uint64_t(bytes.size())); }

struct Seen {
    bool read = false;
    std::vector<std::uint64_t> places; ///< of streams with the value
    std::vector<std::string> codecs;
    std::size_t streams = 0;
    bool all = false;
};

Coverage coverageOf(std::vector<FileRange> pieces) { return {{{std::move(pieces), {}}}, {}}; }

/// What the file's streams from `begin` on hold.
Seen seenIn(const File& file, std::size_t begin = 0)
{
    const std::vector values {secret(value())};
    const Needles needles(values);
    const Source copy = *Source::fromBytes(view(file.bytes));
    StreamSearch search(copy, needles, file.kept, file.most);
    search.setPieces(coverageOf(file.pieces.empty() ? std::vector {all(file.bytes)} : file.pieces));
    const QByteArray readable = file.bytes + QByteArray(17, '\0');
    std::vector<LeftInStream> left;
    const Status looked = search.look(view(readable).data() + begin, 0,
                                      std::size_t(file.bytes.size()) - begin, begin, left);
    Seen seen {looked.ok(), {}, {}, search.streams(), search.all()};
    for (const LeftInStream& one : left) {
        seen.places.push_back(one.offset);
        seen.codecs.push_back(one.codec);
    }
    return seen;
}

using Places = std::vector<std::uint64_t>;

} // namespace

class TestVerifyStreams : public QObject {
    Q_OBJECT

private slots:
    void tellsWhereAStreamBeginsThatHoldsAValue()
    {
        const QByteArray first = QByteArray(100, '.') + packedWith(value());
        const QByteArray second = first + QByteArray(50, '.') + packedWith("none", "zstd") + ".\"";
        const QByteArray third = second + packedWith(value(), "zlib").toBase64() + "\"....";
        const Seen seen = seenIn({third, {}});
        QVERIFY(seen.read && seen.all);
        QVERIFY(seen.places == (Places {100, std::uint64_t(second.size())}));
        QVERIFY(seen.codecs == (std::vector<std::string> {"gzip", "base64+zlib"}));
        QCOMPARE(seen.streams, std::size_t(3));
        QVERIFY(seenIn({third, {}}, 101).places == Places {std::uint64_t(second.size())});
    }

    void takesBase64OnlyBehindWhatIsNone()
    {
        const QByteArray text = packedWith(value()).toBase64();
        QVERIFY(seenIn({'"' + text, {}}).places == Places {1});
        QVERIFY(seenIn({'x' + text, {}}).places.empty());
        // What stands before tells that it begins there, and lies in the same piece.
        QVERIFY(seenIn({text, {}}).places.empty());
        QVERIFY(seenIn({'"' + text, {range(0, 1), range(1, std::uint64_t(text.size()))}})
                    .places.empty());
    }

    void looksInPiecesOnlyWhicheverOrderTheyHave()
    {
        const QByteArray stream = packedWith(value());
        const auto size = std::uint64_t(stream.size());
        const QByteArray bytes = stream + stream + stream;
        const FileRange first = range(0, size);
        const FileRange third = range(2 * size, size);
        QVERIFY(seenIn({bytes, {third, first}}).places == (Places {0, 2 * size}));
        QVERIFY(seenIn({bytes, {third}}).places == Places {2 * size});
        QVERIFY(seenIn({bytes, {first}}).places == Places {0});
    }

    void forgetsFormerPieces()
    {
        const QByteArray stream = packedWith(value());
        const Source copy = *Source::fromBytes(view(stream));
        const std::vector values {secret(value())};
        const Needles needles(values);
        const std::vector<FileRange> kept;
        StreamSearch search(copy, needles, kept);
        search.setPieces(coverageOf({all(stream)}));
        search.setPieces(coverageOf({range(9, 9)}));
        const QByteArray readable = stream + QByteArray(17, '\0');
        std::vector<LeftInStream> left;
        QVERIFY(search.look(view(readable).data(), 0, std::size_t(stream.size()), 0, left).ok());
        QVERIFY(left.empty());
    }

    /// A stream may be larger than what is read at once, and none goes on in another piece.
    void readsToTheEndOfThePiece()
    {
        const QByteArray bytes = QByteArray::fromStdString(
            packed("gzip",
                   randomKey(74, 90'000).toStdString() + value().toStdString()
                       + randomText(75, 900).toStdString()));
        const auto size = std::uint64_t(bytes.size());
        QVERIFY(seenIn({bytes, {}}).places == Places {0});
        const Seen cut = seenIn({bytes, {range(0, size - 1000), range(size - 1000, 1000)}});
        QVERIFY(cut.read && cut.places.empty());
        QCOMPARE(cut.streams, std::size_t(1));
        // The file ends first.
        const Seen ended = seenIn({bytes.chopped(1000), {}});
        QVERIFY(ended.read && ended.places.empty());
    }

    void looksIntoNoneThatBeginsInAKeptPlace()
    {
        const QByteArray bytes = ".." + packedWith(value());
        QVERIFY(seenIn({bytes, {}, {range(2, 1)}}).places.empty());
        QVERIFY(seenIn({bytes, {}, {range(0, 2), range(3, 900)}}).places == Places {2});
    }

    void saysThatBytesCannotBeRead()
    {
        const QByteArray bytes = packedWith(value());
        const auto size = std::uint64_t(bytes.size());
        QVERIFY(!seenIn({bytes.left(300), {range(0, size)}}).read);
        QVERIFY(!seenIn({bytes, {range(0, size + 40'000)}}).read);
    }

    void tellsOfWhatIsBeyondItsLimit()
    {
        // Stored, so that nothing in it looks like another stream.
        const QByteArray stream = QByteArray::fromStdString(
            deflated((QByteArray(2000, '.') + value()).toStdString(), 31, 0));
        const auto size = std::uint64_t(stream.size());
        const Seen seen = seenIn({stream + stream, {}, {}, size});
        QVERIFY(seen.read && seen.all);
        QVERIFY(seen.places == (Places {0, size}));
        const Seen less = seenIn({stream + stream, {}, {}, size - 1});
        QVERIFY(less.read && !less.all);
        QVERIFY(less.places == Places {0});
        QVERIFY(seenIn({stream, {}, {}, size - 1}).all);
    }

    void tellsOfOneThatIsNotLookedIntoToItsEnd()
    {
        // What is inside does not end in the window.
        const QByteArray inside = packedWith(randomKey(77, 300'000));
        const QByteArray first
            = QByteArray::fromStdString(packed("zstd", (inside + inside).toStdString()));
        const Seen seen = seenIn({first + packedWith(value()), {}});
        QVERIFY(seen.read && seen.places == Places {std::uint64_t(first.size())});
        QVERIFY(!seen.all);
    }
};

QTEST_GUILESS_MAIN(TestVerifyStreams)
#include "tst_verifystreams.moc"
