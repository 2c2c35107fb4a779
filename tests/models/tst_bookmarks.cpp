// SPDX-License-Identifier: GPL-3.0-or-later
#include "made.h"
#include "models/bookmarks.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <QUndoStack>

using namespace coredact;

class TestBookmarks : public QObject {
    Q_OBJECT

private slots:
    void setsAndRemovesInTheOrderOfTheFile();
    void undoesEveryAct();
    void editsOnlyTheLabel();
    void goesRoundFromBookmarkToBookmark();
    void keepsThoseSetBeforeTheSessionCame();
    void saysWhereTheyLie();
};

namespace {

std::vector<std::uint64_t> offsets(const Bookmarks& bookmarks)
{
    std::vector<std::uint64_t> all;
    for (const Bookmark& bookmark : bookmarks.all())
        all.push_back(bookmark.place.first());
    return all;
}

using Offsets = std::vector<std::uint64_t>;

} // namespace

void TestBookmarks::setsAndRemovesInTheOrderOfTheFile()
{
    QUndoStack undo;
    Bookmarks bookmarks(undo);
    QAbstractItemModelTester tester(&bookmarks);
    bookmarks.toggle(made::file(0x3000, 1));
    bookmarks.toggle(made::file(0x1000, 16));
    bookmarks.toggle(made::file(0x1000, 1));
    QCOMPARE(offsets(bookmarks), Offsets({0x1000, 0x1000, 0x3000}));
    bookmarks.toggle(made::file(0x1000, 16));
    QCOMPARE(offsets(bookmarks), Offsets({0x1000, 0x3000}));
    bookmarks.remove(1);
    bookmarks.remove(7);
    QCOMPARE(offsets(bookmarks), Offsets({0x1000}));
}

void TestBookmarks::undoesEveryAct()
{
    QUndoStack undo;
    Bookmarks bookmarks(undo);
    bookmarks.toggle(made::file(0x1000, 1));
    QVERIFY(bookmarks.setData(bookmarks.index(0, Bookmarks::LabelColumn), QStringLiteral("odd"),
                              Qt::EditRole));
    bookmarks.remove(0);
    QVERIFY(bookmarks.all().empty());
    undo.undo();
    QCOMPARE(bookmarks.all().front().label, std::string("odd"));
    undo.undo();
    QCOMPARE(bookmarks.all().front().label, std::string());
    undo.undo();
    QVERIFY(bookmarks.all().empty());
    undo.redo();
    QCOMPARE(offsets(bookmarks), Offsets({0x1000}));
}

void TestBookmarks::editsOnlyTheLabel()
{
    QUndoStack undo;
    Bookmarks bookmarks(undo);
    bookmarks.toggle(made::file(0x1000, 1));
    const QModelIndex place = bookmarks.index(0, Bookmarks::PlaceColumn);
    const QModelIndex label = bookmarks.index(0, Bookmarks::LabelColumn);
    QVERIFY(!(bookmarks.flags(place) & Qt::ItemIsEditable));
    QVERIFY(bookmarks.flags(label) & Qt::ItemIsEditable);
    QVERIFY(!bookmarks.setData(place, QStringLiteral("x"), Qt::EditRole));
    QVERIFY(bookmarks.setData(label, QString(1000, QLatin1Char('x')), Qt::EditRole));
    QCOMPARE(bookmarks.all().front().label.size(), std::size_t(200));
    const int acts = undo.count();
    QVERIFY(bookmarks.setData(label, label.data(), Qt::EditRole));
    QCOMPARE(undo.count(), acts);
}

void TestBookmarks::goesRoundFromBookmarkToBookmark()
{
    QUndoStack undo;
    Bookmarks bookmarks(undo);
    QVERIFY(!bookmarks.after(0));
    QVERIFY(!bookmarks.before(0));
    for (const std::uint64_t offset : {0x1000ULL, 0x2000ULL, 0x3000ULL})
        bookmarks.toggle(made::file(offset, 4));
    QCOMPARE(bookmarks.after(0x1000)->first(), std::uint64_t(0x2000));
    QCOMPARE(bookmarks.after(0x3000)->first(), std::uint64_t(0x1000));
    QCOMPARE(bookmarks.before(0x2001)->first(), std::uint64_t(0x2000));
    QCOMPARE(bookmarks.before(0x1000)->first(), std::uint64_t(0x3000));
}

void TestBookmarks::keepsThoseSetBeforeTheSessionCame()
{
    QUndoStack undo;
    Bookmarks bookmarks(undo);
    bookmarks.toggle(made::file(0x1000, 1));
    bookmarks.restore({{made::file(0x1000, 1), "of the session"}, {made::file(0x2000, 1), "two"}});
    QCOMPARE(offsets(bookmarks), Offsets({0x1000, 0x2000}));
    QCOMPARE(bookmarks.all().front().label, std::string());
    QCOMPARE(undo.count(), 1);
}

void TestBookmarks::saysWhereTheyLie()
{
    const Dump dump = made::dump();
    QUndoStack undo;
    Bookmarks bookmarks(undo);
    bookmarks.reset(std::make_shared<const PlaceMap>(std::make_shared<const Dump>(dump)));
    bookmarks.toggle(made::file(0x9010, 1));
    bookmarks.toggle(made::file(0x810, 1));
    QCOMPARE(bookmarks.index(0, Bookmarks::PlaceColumn).data().toString(),
             QStringLiteral("@00000810"));
    QCOMPARE(bookmarks.index(1, Bookmarks::PlaceColumn).data().toString(),
             QStringLiteral("7f0000009010"));
    QCOMPARE(bookmarks.index(1, Bookmarks::RegionColumn).data().toString(),
             QStringLiteral("libsample.so.1+10"));
    bookmarks.reset(nullptr);
    QCOMPARE(bookmarks.rowCount(), 0);
}

QTEST_GUILESS_MAIN(TestBookmarks)
#include "tst_bookmarks.moc"
