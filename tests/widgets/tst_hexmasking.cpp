// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dumps.h"
#include "widgets/hexview/hexview.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace coredact;
using namespace coredact::testing;

/// A masked byte reaches neither the screen nor the clipboard.
class TestHexMasking : public QObject {
    Q_OBJECT

private slots:
    void paintsTheSamePictureForEverySecret();
    void showsOnlyTheRevealedFinding();
    void keepsThePublicPrefix();
    void masksTheWholeSecretUntilItsFirstBytesAreHere();
    void masksWhatAnyFindingHolds();
    void copiesDots();
    void speaksNoMaskedByte();
};

namespace {

constexpr std::uint64_t secretOffset = 0x47;
constexpr std::uint64_t secretSize = 0x39;

std::vector<std::uint8_t> bytesWith(std::uint32_t seed, const QByteArray& prefix = {})
{
    std::vector<std::uint8_t> bytes(0x400);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7);
    QRandomGenerator random(seed);
    for (std::uint64_t i = 0; i < secretSize; ++i)
        bytes[secretOffset + i] = static_cast<std::uint8_t>('a' + random.bounded(26));
    std::copy(prefix.begin(), prefix.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(secretOffset));
    return bytes;
}

HexMark secretMark(std::uint32_t finding = 1)
{
    return {*FileRange::make(secretOffset, secretSize),
            finding,
            Severity::Critical,
            Verdict::Pending,
            true,
            true};
}

/// A view over one secret, painted with all bytes there.
struct Shown {
    explicit Shown(std::vector<std::uint8_t> bytes, std::vector<HexMark> marks = {secretMark()})
        : served(std::move(bytes))
    {
        view.setLayoutOfBytes(std::make_shared<const ByteLayout>(ByteLayout::memoryOrder(
            dumpOf(0x400, {segment(0x7f28c4a1e200, 0x40, 0x3c0, RegionKind::Heap, "[heap]")}))));
        view.setBytes(&served.cache());
        view.setMarks(std::move(marks));
        view.resize(1100, 500);
        view.goToOffset(0x200);
        view.goToOffset(0x41);
    }

    QImage picture()
    {
        view.grab();
        served.answer();
        return view.grab().toImage();
    }

    ServedBytes served;
    HexView view;
};

QString clipboardText() { return QGuiApplication::clipboard()->text(QClipboard::Clipboard); }

} // namespace

void TestHexMasking::paintsTheSamePictureForEverySecret()
{
    for (const Verdict verdict : {Verdict::Pending, Verdict::Redact, Verdict::Keep}) {
        HexMark mark = secretMark();
        mark.verdict = verdict;
        const QImage one = Shown(bytesWith(1), {mark}).picture();
        const QImage other = Shown(bytesWith(2), {mark}).picture();
        QVERIFY(one == other);
    }
    // The picture does depend on the bytes where nothing masks them.
    QVERIFY(Shown(bytesWith(1), {}).picture() != Shown(bytesWith(2), {}).picture());
}

void TestHexMasking::showsOnlyTheRevealedFinding()
{
    Shown one(bytesWith(1));
    Shown other(bytesWith(2));
    const QImage masked = one.picture();
    one.view.setRevealed(2);
    QVERIFY(one.picture() == masked);
    one.view.setRevealed(1);
    other.view.setRevealed(1);
    const QImage revealed = one.picture();
    QVERIFY(revealed != masked);
    QVERIFY(revealed != other.picture());
    one.view.setRevealed(std::nullopt);
    QVERIFY(one.picture() == masked);
}

void TestHexMasking::keepsThePublicPrefix()
{
    const QByteArray prefix("gh"
                            "p_");
    ServedBytes served(bytesWith(1, prefix));
    const ByteLayout layout = ByteLayout::fileOrder(dumpOf(0x400, {}));
    const HexMarks marks({secretMark()});
    served.cache().at(0);
    served.answer();
    const HexCells cells
        = cellsOf(layout.row(secretOffset / bytesPerRow), {marks, &served.cache(), std::nullopt});
    const auto first = static_cast<unsigned>(secretOffset % bytesPerRow);
    for (unsigned column = 0; column < bytesPerRow; ++column)
        QCOMPARE(cells[column].masked, column >= first + 4);
    for (unsigned column = first; column < first + 4; ++column)
        QCOMPARE(cells[column].byte, static_cast<std::uint8_t>(prefix[column - first]));
}

void TestHexMasking::masksTheWholeSecretUntilItsFirstBytesAreHere()
{
    // The secret begins in one window and goes on in the next, which arrives first.
    std::vector<std::uint8_t> bytes(2 * ByteCache::windowSize, 'x');
    ServedBytes served(bytes);
    const std::uint64_t offset = ByteCache::windowSize - 2;
    HexMark mark = secretMark();
    mark.file = *FileRange::make(offset, 64);
    const HexMarks marks({mark});
    const ByteLayout layout = ByteLayout::fileOrder(dumpOf(bytes.size(), {}));
    served.cache().at(ByteCache::windowSize);
    served.answer();
    const HexCells cells = cellsOf(layout.row(ByteCache::windowSize / bytesPerRow),
                                   {marks, &served.cache(), std::nullopt});
    for (const HexCell& cell : cells) {
        QVERIFY(cell.masked);
        QCOMPARE(cell.byte, std::uint8_t {0});
    }
}

void TestHexMasking::masksWhatAnyFindingHolds()
{
    // An unmasked finding around a masked one, and one that is revealed within it.
    HexMark around = secretMark(7);
    around.file = *FileRange::make(0x40, 0x80);
    around.masked = false;
    HexMark inside = secretMark(8);
    inside.file = *FileRange::make(secretOffset + 4, 4);
    ServedBytes served(bytesWith(3));
    const ByteLayout layout = ByteLayout::fileOrder(dumpOf(0x400, {}));
    const HexMarks marks({around, secretMark(1), inside});
    served.cache().at(0);
    served.answer();
    const auto masked = [&](std::optional<std::uint32_t> revealed) {
        const HexCells cells = cellsOf(layout.row(4), {marks, &served.cache(), revealed});
        std::string shown;
        for (const HexCell& cell : cells)
            shown += cell.masked ? 'x' : '.';
        return shown;
    };
    QCOMPARE(masked({}), std::string(".......xxxxxxxxx"));
    QCOMPARE(masked(7), std::string("................"));
    QCOMPARE(masked(8), std::string(".......xxxx....x"));
}

void TestHexMasking::copiesDots()
{
    Shown shown(bytesWith(1));
    QVERIFY(shown.view.select(*FileRange::make(secretOffset - 1, 3)));
    shown.picture();
    shown.view.copy(CopyAs::Hex);
    QCOMPARE(clipboardText(),
             QStringLiteral("%1 \u2022\u2022 \u2022\u2022")
                 .arg(uint(((secretOffset - 1) * 7) & 0xff), 2, 16, QChar(u'0')));
    QVERIFY(
        QGuiApplication::clipboard()->mimeData()->data(QStringLiteral("x-kde-passwordManagerHint"))
        == "secret");
    shown.view.copy(CopyAs::Text);
    QVERIFY(clipboardText().endsWith(QStringLiteral("\u2022\u2022")));
    shown.view.copy(CopyAs::Offset);
    QCOMPARE(clipboardText(), QStringLiteral("0x46"));
    shown.view.copy(CopyAs::Address);
    QCOMPARE(clipboardText(), QStringLiteral("0x7f28c4a1e206"));
    shown.view.setRevealed(1);
    shown.view.copy(CopyAs::Text);
    QVERIFY(!clipboardText().contains(QChar(0x2022)));
}

void TestHexMasking::speaksNoMaskedByte()
{
    Shown one(bytesWith(1));
    Shown other(bytesWith(2));
    for (Shown* shown : {&one, &other}) {
        shown->picture();
        shown->view.goToOffset(secretOffset + 0x10);
        shown->view.setRevealed(1);
    }
    QVERIFY(one.view.spokenRow().contains(QStringLiteral("masked")));
    QCOMPARE(one.view.spokenRow(), other.view.spokenRow());
}

QTEST_MAIN(TestHexMasking)
#include "tst_hexmasking.moc"
