// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagate.h"

#include "tests/redact/planting.h"
#include "tests/scan/writings.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

struct Secret {
    const char* name;
    SecretValue value;
    QList<NamedWriting> writings;

    QByteArray bytes() const
    {
        return {reinterpret_cast<const char*>(value.value.data()),
                static_cast<qsizetype>(value.value.size())};
    }
};

QByteArray pemBlock(unsigned seed)
{
    const QByteArray digits = randomKey(seed, 240).toBase64();
    QByteArray lines;
    for (qsizetype at = 0; at < digits.size(); at += 64)
        lines += digits.mid(at, 64) + "\n";
    return "-----BEGIN PRIV"
           "ATE KEY-----\n"
        + lines
        + "-----END PRIV"
          "ATE KEY-----\n";
}

const std::vector<Secret>& secrets()
{
    static const std::vector<Secret> all {
        {"token", secret(randomText(1, 40)), widened(longTextWritings())},
        {"text with signs", secret(randomText(2, 9) + "/+=&%<>\"'\\:@ " + randomText(3, 9)),
         widened(longTextWritings())},
        {"text of another alphabet",
         secret("p\u00e4ssw\u00f6rt-\u20ac\u4e2d\u6587-" + randomText(4, 12)),
         widened(longTextWritings())},
        {"URL", secret("postgresql://app:" + randomText(5, 16) + "@db.internal:5432/orders"),
         widened(longTextWritings())},
        {"PEM block", secret(pemBlock(6)), widened(longTextWritings())},
        {"short password", secret("h7n/er2"), textWritings()},
        {"AES key", secret(randomKey(7, 16), ValueForm::Binary), widened(keyWritings())},
        {"DER",
         secret(QByteArray::fromHex("30770201010420") + randomKey(8, 32)
                    + QByteArray::fromHex("a00a06082a8648ce3d030107a14403420004")
                    + randomKey(9, 64),
                ValueForm::Binary),
         widened(keyWritings())},
        {"scalar", secret(randomKey(10, 32), ValueForm::Number), widened(numberWritings())},
        {"prime", secret("\xd1" + randomKey(11, 127), ValueForm::Number),
         widened(numberWritings())},
        {"number of odd length", secret("\x05" + randomKey(12, 66), ValueForm::Number),
         widened(numberWritings())},
    };
    return all;
}

/// A file with one writing at many places.
class Planted {
public:
    static constexpr qsizetype page = 4096;
    static constexpr qsizetype window = 1 << 20;
    static constexpr int windows = 2;

    Planted(const QByteArray& written, char filler)
        : m_written(written)
        , m_room((written.size() + 64 + page - 1) / page * page)
        , m_filler(filler)
        , m_file(QByteArray((windows + 1) * window, filler))
    {
        plantInPages();
        plantAtWindows();
        plantAcrossSegments();
    }

    Source source() const { return m_file.source(); }
    const QByteArray& bytes() const { return m_file.bytes(); }
    Dump dump() const
    {
        Dump dump = m_file.dump();
        dump.segments = m_segments;
        return dump;
    }
    /// Where each byte of each copy lies; those of one copy one after the other.
    const std::vector<std::vector<FileRange>>& places() const { return m_places; }

private:
    void plant(qsizetype at)
    {
        m_file.plant(at, m_written);
        m_places.push_back({rangeOf(at, m_written.size())});
    }
    static FileRange rangeOf(qsizetype at, qsizetype size)
    {
        return range(static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(size));
    }
    /// At each alignment, inside pages and across their edges; at the file's begin.
    void plantInPages()
    {
        plant(0);
        qsizetype at = m_room + page;
        for (int alignment = 0; alignment < 8; ++alignment, at += 2 * m_room + 2 * page) {
            plant(at + 8 + alignment);
            const qsizetype edge = at + m_room + page;
            plant(edge - m_written.size() / 2 + alignment - 4);
        }
        Q_ASSERT(at < window - m_room);
    }
    /// Across the windows of the search, cut at other places for each filler.
    void plantAtWindows()
    {
        for (int cut = 1; cut <= windows; ++cut)
            plant(cut * window - m_written.size() * (3 * cut - (m_filler == 0 ? 1 : 0)) / 9);
    }
    /// Cut by segments that touch in memory and lie the other way round in the file; cut by
    /// segments that touch in the file only; and at the end of the file.
    void plantAcrossSegments()
    {
        QByteArray more;
        const qsizetype base = m_file.bytes().size();
        const auto segmentHere = [&](quint64 address, qsizetype offset, qsizetype size) {
            m_segments.push_back(segment(address, static_cast<std::uint64_t>(offset),
                                         static_cast<std::uint64_t>(size)));
        };
        for (int cut = 1; cut <= 8; ++cut) {
            const qsizetype head = std::max<qsizetype>(1, m_written.size() * cut / 9);
            const quint64 address = 0x100000000U * quint64(cut) + quint64(cut);
            const qsizetype second = base + more.size();
            more += m_written.mid(head)
                + QByteArray(m_room - (m_written.size() - head) + cut, m_filler);
            const qsizetype first = base + more.size();
            more += QByteArray(m_room - head, m_filler) + m_written.left(head);
            segmentHere(address + quint64(m_room), second, m_room);
            segmentHere(address, first, m_room);
            m_places.push_back(
                {rangeOf(first + m_room - head, head), rangeOf(second, m_written.size() - head)});
        }
        more += QByteArray(100, m_filler);
        const qsizetype third = std::max<qsizetype>(1, m_written.size() / 3);
        for (int part = 0; part < 3; ++part)
            segmentHere(0x7000000000U - 0x10000000U * quint64(part),
                        base + more.size() + part * third, third);
        m_places.push_back({rangeOf(base + more.size(), m_written.size())});
        more += m_written + QByteArray(100, m_filler);
        m_places.push_back({rangeOf(base + more.size(), m_written.size())});
        more += m_written;
        m_file = PlantedFile(m_file.bytes() + more);
    }

    QByteArray m_written;
    qsizetype m_room;
    char m_filler;
    PlantedFile m_file;
    std::vector<Segment> m_segments;
    std::vector<std::vector<FileRange>> m_places;
};

/// How many pieces of `written` as long as eight of the value's bytes are left, by comparing.
int piecesLeft(const QByteArray& bytes, const std::vector<FileRange>& place,
               const QByteArray& written, qsizetype piece)
{
    QByteArray here;
    for (const FileRange& range : place)
        here += bytes.mid(static_cast<qsizetype>(range.first()),
                          static_cast<qsizetype>(range.size()));
    int left = 0;
    for (qsizetype at = 0; at + piece <= written.size(); ++at)
        left += here.mid(at, piece) == written.mid(at, piece) ? 1 : 0;
    return left;
}

} // namespace

class TestCopyMatrix : public QObject {
    Q_OBJECT

private slots:
    /// G9: every kind of secret in every writing, at every alignment, in pages, across pages,
    /// windows of the search, segments in memory order and in file order, at both ends of the
    /// file; among zeros and among printable text. Nothing of eight bytes of it stays.
    void leavesNothingOfAnyWritingAnywhere_data()
    {
        QTest::addColumn<int>("secret");
        QTest::addColumn<Writing>("write");
        QTest::addColumn<char>("filler");
        for (std::size_t i = 0; i < secrets().size(); ++i) {
            const auto& writings = secrets()[i].writings;
            for (qsizetype k = 0; k < writings.size(); ++k)
                QTest::addRow("%s, %s", secrets()[i].name, writings[k].first.constData())
                    << int(i) << writings[k].second << ((qsizetype(i) + k) % 2 == 0 ? '\0' : '~');
        }
    }
    void leavesNothingOfAnyWritingAnywhere()
    {
        QFETCH(const int, secret);
        QFETCH(const Writing, write);
        QFETCH(const char, filler);
        const Secret& here = secrets()[static_cast<std::size_t>(secret)];
        const QByteArray written = write(here.bytes());
        const qsizetype piece
            = std::min(written.size(), 8 * written.size() / here.bytes().size() + 1);
        const Planted planted(written, filler);
        const auto copies = findCopies(planted.source(), planted.dump(), std::vector {here.value},
                                       {1}, JobControl());
        QVERIFY(copies);
        QByteArray redacted = planted.bytes();
        for (const Copy& copy : *copies)
            for (const FileRange& range : copy.pieces)
                redacted.replace(static_cast<qsizetype>(range.first()),
                                 static_cast<qsizetype>(range.size()),
                                 QByteArray(static_cast<qsizetype>(range.size()), '\xa5'));
        for (const auto& place : planted.places())
            QVERIFY2(piecesLeft(redacted, place, written, piece) == 0,
                     std::to_string(place.front().first()).c_str());
    }

    /// What has nothing of a secret must stay: the same file with other values.
    void touchesNothingOfOtherSecrets()
    {
        for (const Secret& here : secrets()) {
            QByteArray bytes;
            for (const auto& [name, write] : here.writings)
                bytes += write(here.bytes()) + "\n";
            const PlantedFile file(bytes);
            std::vector<SecretValue> others;
            for (unsigned seed = 100; seed < 120; ++seed) {
                others.push_back(test::secret(randomText(seed, 20)));
                others.push_back(test::secret(randomKey(seed, 32), ValueForm::Number));
                others.push_back(test::secret(randomText(seed, 6)));
            }
            const auto copies = findCopies(file.source(), file.dump(), others, {1}, JobControl());
            QVERIFY(copies);
            QCOMPARE(copies->size(), std::size_t(0));
        }
    }
};

QTEST_GUILESS_MAIN(TestCopyMatrix)
#include "tst_copymatrix.moc"
