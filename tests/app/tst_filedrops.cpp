// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "widgets/jobs/messagebar.h"

#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QToolBar>

using namespace coredact;
using namespace coredact::test;

namespace {

/// Drags the files onto the middle of a part of the window; whether it would take them.
bool drag(QWidget& onto, const QMimeData& files)
{
    QDragEnterEvent enter(onto.rect().center(), Qt::CopyAction, &files, Qt::LeftButton,
                          Qt::NoModifier);
    QCoreApplication::sendEvent(&onto, &enter);
    return enter.isAccepted();
}

void drop(QWidget& onto, const QMimeData& files)
{
    QDropEvent event(onto.rect().center(), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&onto, &event);
}

} // namespace

class TestFileDrops : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void cleanup();
    void opensFilesThatAreDropped();
    void opensFilesThatAreDroppedOnTextFields();
    void leavesTheDumpOpenWhenAFolderIsDropped();

private:
    PlantedCore m_core;
};

void TestFileDrops::cleanup()
{
    QDir(privateHome() + QStringLiteral("/sessions")).removeRecursively();
}

void TestFileDrops::opensFilesThatAreDropped()
{
    const PlantedCore core;
    const PlantedCore other;
    OpenWindow open;
    QSignalSpy more(&open.window, &MainWindow::windowWanted);
    QMimeData text;
    text.setText(core.path);
    QVERIFY2(!drag(open.window, text), "a text is no file");
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(core.path), QUrl::fromLocalFile(other.path)});
    QVERIFY(drag(open.window, files));
    drop(open.window, files);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QCOMPARE(open.document().path(), core.path);
    QCOMPARE(more.count(), 1);
    QCOMPARE(more[0][0].toString(), other.path);
}

void TestFileDrops::opensFilesThatAreDroppedOnTextFields()
{
    OPEN(open, m_core);
    const PlantedCore other;
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(other.path)});
    for (QLineEdit* field : open.window.findChildren<QLineEdit*>())
        QVERIFY2(drag(*field, files), qPrintable(field->accessibleName()));
    QLineEdit* search = open.window.findChild<QToolBar*>()->findChild<QLineEdit*>();
    drop(*search, files);
    QCOMPARE(search->text(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(open.document().path(), other.path, 60000);
}

void TestFileDrops::leavesTheDumpOpenWhenAFolderIsDropped()
{
    OPEN(open, m_core);
    QMimeData folder;
    folder.setUrls({QUrl::fromLocalFile(privateHome())});
    QVERIFY(drag(open.window, folder));
    drop(open.window, folder);
    QVERIFY(open.part<MessageBar>().text().contains(QStringLiteral("folder")));
    QCOMPARE(open.document().state(), Document::State::Scanned);
    QCOMPARE(open.document().path(), m_core.path);
}

QTEST_MAIN(TestFileDrops)
#include "tst_filedrops.moc"
