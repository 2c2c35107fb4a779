// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dumps.h"
#include "widgets/hexview/hexoverview.h"
#include "widgets/hexview/hexview.h"
#include "widgets/hexview/secretclipboard.h"
#include "widgets/theme/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace coredact;
using namespace coredact::testing;

class TestHexView : public QObject {
    Q_OBJECT

private slots:
    void findsEachByteUnderThePointer();
    void hasAColumnOfAddressesOnlyWhereThereAreSome();
    void showsTheByteAtTheCursorWhereARowHasNoRoom();
    void selectsByDragging();
    void movesByKeyboardAndTellsWhere();
    void switchesColumnsByTab();
    void reachesTheEndOfHugeFiles();
    void asksOnlyForWhatIsOnScreen();
    void paintsBytesThatAreMissing();
    void keepsItsPlaceWhenTheOrderChanges();
    void neverSetsThePrimarySelection();
    void waitsForBytesToCopy();
    void refusesHugeCopies();
    void forgetsTheClipboard();
    void picksFindings();
    void scrollsByTheOverview();
    void hasNamesForScreenReaders();
    void zoomsWithinBounds();
};

namespace {

struct Shown {
    explicit Shown(std::uint64_t size = 0x4000, std::vector<Segment> segments = {})
        : served(std::vector<std::uint8_t>(std::min<std::uint64_t>(size, 0x20000), 0x41))
    {
        view.setLayoutOfBytes(std::make_shared<const ByteLayout>(
            segments.empty() ? ByteLayout::fileOrder(dumpOf(size, {}))
                             : ByteLayout::memoryOrder(dumpOf(size, std::move(segments)))));
        view.setBytes(&served.cache());
        view.resize(1100, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.activateWindow();
        view.setFocus();
        view.grab();
        served.answer();
    }

    QPoint pointOf(HexPane pane, std::uint64_t cell) const
    {
        const HexGeometry& geometry = view.geometryOfRows();
        const int y = static_cast<int>(cell / bytesPerRow - view.topRow()) * geometry.rowHeight();
        return geometry.cell(pane, static_cast<unsigned>(cell % bytesPerRow), y).center().toPoint();
    }
    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&view, code, modifiers);
    }
    std::uint64_t offset() const { return view.cursorPlace()->fileOffset; }

    ServedBytes served;
    HexView view;
};

} // namespace

void TestHexView::hasAColumnOfAddressesOnlyWhereThereAreSome()
{
    const Shown memory(0x4000, {segment(0x1000, 0, 160)});
    const Shown raw;
    const HexGeometry& with = memory.view.geometryOfRows();
    const HexGeometry& without = raw.view.geometryOfRows();
    QVERIFY(with.offsetX() > with.addressX() + 12 * with.characterWidth());
    QCOMPARE(without.offsetX(), without.addressX());
    QVERIFY(without.width() < with.width());
}

void TestHexView::findsEachByteUnderThePointer()
{
    const QFont font = QGuiApplication::font();
    for (const int percent : {50, 100, 130, 400}) {
        QFont used = font;
        used.setPointSizeF(10.0 * percent / 100);
        const HexGeometry geometry(used, 16, 12);
        for (const HexPane pane : {HexPane::Hex, HexPane::Text}) {
            for (unsigned column = 0; column < bytesPerRow; ++column) {
                const QRectF box = geometry.cell(pane, column, 0);
                for (int x = static_cast<int>(box.left()); x < box.right(); ++x) {
                    QVERIFY(geometry.at(x));
                    QVERIFY(geometry.at(x)->pane == pane);
                    QCOMPARE(geometry.at(x)->column, column);
                }
            }
        }
        QVERIFY(!geometry.at(0));
        QVERIFY(!geometry.at(geometry.offsetX()));
        QVERIFY(!geometry.at(geometry.width()));
    }
    Shown shown;
    for (const std::uint64_t cell : {0ULL, 15ULL, 16ULL, 77ULL, 159ULL}) {
        QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {},
                          shown.pointOf(HexPane::Hex, cell));
        QCOMPARE(shown.offset(), cell);
        QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {},
                          shown.pointOf(HexPane::Text, cell));
        QCOMPARE(shown.offset(), cell);
    }
}

void TestHexView::showsTheByteAtTheCursorWhereARowHasNoRoom()
{
    Shown shown;
    shown.view.resize(420, 500);
    const QScrollBar& bar = *shown.view.horizontalScrollBar();
    QTRY_VERIFY(bar.maximum() > 0);
    const auto inSight = [&](std::uint64_t cell) {
        const int x = shown.pointOf(HexPane::Hex, cell).x() - bar.value();
        return x > 0 && x < shown.view.viewport()->width();
    };
    QVERIFY(!inSight(15));
    QVERIFY(shown.view.goToOffset(15));
    QVERIFY(inSight(15));
    QVERIFY(shown.view.goToOffset(16));
    QVERIFY(inSight(16));
}

void TestHexView::selectsByDragging()
{
    Shown shown;
    QTest::mousePress(shown.view.viewport(), Qt::LeftButton, {}, shown.pointOf(HexPane::Hex, 0x23));
    QMouseEvent move(QEvent::MouseMove, shown.pointOf(HexPane::Hex, 0x15),
                     shown.view.viewport()->mapToGlobal(shown.pointOf(HexPane::Hex, 0x15)),
                     Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(shown.view.viewport(), &move);
    QTest::mouseRelease(shown.view.viewport(), Qt::LeftButton, {},
                        shown.pointOf(HexPane::Hex, 0x15));
    QCOMPARE(shown.view.selectedRange(), FileRange::between(0x15, 0x23));
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, Qt::ShiftModifier,
                      shown.pointOf(HexPane::Hex, 0x30));
    QCOMPARE(shown.view.selectedRange(), FileRange::between(0x23, 0x30));
}

void TestHexView::movesByKeyboardAndTellsWhere()
{
    Shown shown;
    QSignalSpy moves(&shown.view, &HexView::cursorMoved);
    shown.key(Qt::Key_Right);
    shown.key(Qt::Key_Down);
    QCOMPARE(shown.offset(), std::uint64_t {0x11});
    QCOMPARE(moves.count(), 2);
    shown.key(Qt::Key_End);
    QCOMPARE(shown.offset(), std::uint64_t {0x1f});
    shown.key(Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(shown.offset(), std::uint64_t {0x3fff});
    QVERIFY(shown.view.topRow() > 0);
    shown.key(Qt::Key_Home, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(shown.view.selectedRange(), FileRange::between(0, 0x3fff));
    QCOMPARE(shown.view.topRow(), std::uint64_t {0});
    shown.key(Qt::Key_PageDown);
    QVERIFY(shown.offset() > 0x100);
    QVERIFY(!shown.view.selectedRange());
}

void TestHexView::switchesColumnsByTab()
{
    Shown shown;
    const QImage hex = shown.view.grab().toImage();
    shown.key(Qt::Key_Tab);
    QVERIFY(shown.view.hasFocus());
    QVERIFY(shown.view.grab().toImage() != hex);
    shown.key(Qt::Key_Backtab, Qt::ShiftModifier);
    QVERIFY(shown.view.grab().toImage() == hex);
}

void TestHexView::reachesTheEndOfHugeFiles()
{
    for (const std::uint64_t size : {std::uint64_t {100} << 30, std::uint64_t {1} << 63}) {
        Shown shown(size);
        shown.key(Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(shown.offset(), size - 1);
        QCOMPARE(shown.view.visible()->last.fileOffset, size - 1);
        QCOMPARE(shown.view.verticalScrollBar()->value(),
                 shown.view.verticalScrollBar()->maximum());
        shown.key(Qt::Key_Up);
        QCOMPARE(shown.offset(), size - 17);
        QVERIFY(shown.view.goToOffset(size / 2 + 5));
        QCOMPARE(shown.offset(), size / 2 + 5);
        const std::uint64_t top = shown.view.topRow();
        shown.view.verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        QCOMPARE(shown.view.topRow(), top + 1);
        shown.view.verticalScrollBar()->setValue(0);
        QCOMPARE(shown.view.topRow(), std::uint64_t {0});
        QVERIFY(!shown.view.goToOffset(size));
    }
}

void TestHexView::asksOnlyForWhatIsOnScreen()
{
    Shown shown(0x20000);
    QCOMPARE(shown.served.waiting(), std::size_t {0});
    shown.view.goToOffset(0x1ffff);
    shown.view.grab();
    QCOMPARE(shown.served.waiting(), std::size_t {1});
}

void TestHexView::paintsBytesThatAreMissing()
{
    Shown shown(0x20000);
    const QImage here = shown.view.grab().toImage();
    shown.view.goToOffset(0x1ffff);
    const QImage awaited = shown.view.grab().toImage();
    shown.served.refuse();
    const QImage unreadable = shown.view.grab().toImage();
    QVERIFY(here != awaited);
    QVERIFY(awaited != unreadable);
}

void TestHexView::keepsItsPlaceWhenTheOrderChanges()
{
    Shown shown(0x4000, {segment(0x7000, 0x1000, 0x1000)});
    QVERIFY(shown.view.goToAddress(0x7123));
    QCOMPARE(shown.offset(), std::uint64_t {0x1123});
    QVERIFY(!shown.view.goToAddress(0x9000));
    shown.view.setLayoutOfBytes(
        std::make_shared<const ByteLayout>(ByteLayout::fileOrder(dumpOf(0x4000, {}))));
    QCOMPARE(shown.offset(), std::uint64_t {0x1123});
    shown.view.setLayoutOfBytes(nullptr);
    QVERIFY(!shown.view.cursorPlace());
    shown.view.grab();
}

void TestHexView::neverSetsThePrimarySelection()
{
    Shown shown;
    QClipboard* clipboard = QGuiApplication::clipboard();
    QSignalSpy selections(clipboard, &QClipboard::selectionChanged);
    QTest::mouseDClick(shown.view.viewport(), Qt::LeftButton, {},
                       shown.pointOf(HexPane::Text, 0x20));
    QTest::mousePress(shown.view.viewport(), Qt::LeftButton, {}, shown.pointOf(HexPane::Hex, 1));
    QTest::mouseRelease(shown.view.viewport(), Qt::LeftButton, {},
                        shown.pointOf(HexPane::Hex, 0x43));
    shown.key(Qt::Key_A, Qt::ControlModifier);
    shown.view.copy(CopyAs::Hex);
    QCOMPARE(selections.count(), 0);
    if (clipboard->supportsSelection())
        QVERIFY(clipboard->text(QClipboard::Selection).isEmpty());
}

void TestHexView::waitsForBytesToCopy()
{
    Shown shown(0x20000);
    QGuiApplication::clipboard()->clear();
    QVERIFY(shown.view.select(*FileRange::make(0x10010, 3)));
    shown.view.copy(CopyAs::Text);
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
    shown.served.answer();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("AAA"));
}

void TestHexView::refusesHugeCopies()
{
    Shown shown(std::uint64_t {1} << 40);
    QSignalSpy refusals(&shown.view, &HexView::copyRefused);
    shown.key(Qt::Key_A, Qt::ControlModifier);
    shown.key(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(refusals.count(), 1);
}

void TestHexView::forgetsTheClipboard()
{
    QClipboard* clipboard = QGuiApplication::clipboard();
    {
        SecretClipboard ours;
        ours.put(QStringLiteral("abc"));
        QCOMPARE(clipboard->text(), QStringLiteral("abc"));
    }
    QVERIFY(clipboard->text().isEmpty());
    SecretClipboard ours;
    ours.put(QStringLiteral("abc"));
    clipboard->setText(QStringLiteral("somebody else's"));
    ours.clear();
    QCOMPARE(clipboard->text(), QStringLiteral("somebody else's"));
}

void TestHexView::picksFindings()
{
    Shown shown;
    shown.view.setMarks({{*FileRange::make(0x20, 0x40), 5, Severity::Low},
                         {*FileRange::make(0x28, 4), 9, Severity::Critical}});
    QSignalSpy picks(&shown.view, &HexView::findingPicked);
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, shown.pointOf(HexPane::Hex, 0x29));
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, shown.pointOf(HexPane::Hex, 0x2c));
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, shown.pointOf(HexPane::Hex, 0x60));
    QCOMPARE(picks.count(), 2);
    QCOMPARE(picks[0][0].toUInt(), 9U);
    QCOMPARE(picks[1][0].toUInt(), 5U);
    QTest::mouseDClick(shown.view.viewport(), Qt::LeftButton, {},
                       shown.pointOf(HexPane::Text, 0x2a));
    QCOMPARE(shown.view.selectedRange(), FileRange::make(0x28, 4));
}

void TestHexView::scrollsByTheOverview()
{
    Shown shown(std::uint64_t {1} << 36);
    auto* overview = shown.view.findChild<HexOverview*>();
    QVERIFY(overview);
    const int middle = overview->height() / 2;
    QTest::mouseClick(overview, Qt::LeftButton, {}, QPoint(overview->width() / 2, middle));
    const double share = static_cast<double>(shown.view.topRow())
        / static_cast<double>(shown.view.layoutOfBytes().rowCount());
    QVERIFY(share > 0.4 && share < 0.6);
    QVERIFY(std::abs(overview->yOf(overview->rowAt(middle)) - middle) <= 1);
}

void TestHexView::hasNamesForScreenReaders()
{
    Shown shown;
    for (const QWidget* widget : shown.view.findChildren<QWidget*>()) {
        if (qobject_cast<const HexOverview*>(widget))
            QVERIFY(!widget->accessibleName().isEmpty());
    }
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(&shown.view);
    QVERIFY(access);
    QVERIFY(!access->text(QAccessible::Name).isEmpty());
    QVERIFY(!access->text(QAccessible::Description).isEmpty());
    QVERIFY(access->text(QAccessible::Value).contains(QStringLiteral("41")));
}

void TestHexView::zoomsWithinBounds()
{
    Shown shown;
    const int before = shown.view.geometryOfRows().rowHeight();
    shown.view.setZoom(200);
    QVERIFY(shown.view.geometryOfRows().rowHeight() > before);
    shown.view.setZoom(100'000);
    QCOMPARE(shown.view.zoom(), 400);
    shown.view.setZoom(-1);
    QCOMPARE(shown.view.zoom(), 50);
    shown.view.grab();
    shown.key(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(shown.view.geometryOfRows().rowHeight(), before);
}

QTEST_MAIN(TestHexView)
#include "tst_hexview.moc"
