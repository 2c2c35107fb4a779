// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "widgets/export/exportdialog.h"
#include "widgets/export/outcomepage.h"
#include "widgets/export/planpage.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

using namespace coredact;
using namespace coredact::test;

class TestExportDialog : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void endsWithAVerifiedCopy();
    void saysWhatStaysAndKeepsIt();
    void refusesTheOriginalAndLeavesNothing();
    void leavesNothingWhenItIsCancelled();
    void namesTheCopyAfterNothing();

private:
    static QByteArray contentOf(const QString& path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QLineEdit& targetOf(ExportDialog& dialog)
    {
        return *dialog.findChild<PlanPage*>()->findChild<QLineEdit*>();
    }
    static QPushButton& exportButton(ExportDialog& dialog)
    {
        for (QPushButton* button : dialog.findChildren<QPushButton*>()) {
            if (button->isDefault())
                return *button;
        }
        qFatal("the dialog has no default button");
    }
    static QStringList rowsOf(QTreeWidget& tree)
    {
        QStringList rows;
        for (int top = 0; top < tree.topLevelItemCount(); ++top) {
            for (int row = 0; row < tree.topLevelItem(top)->childCount(); ++row)
                rows << tree.topLevelItem(top)->child(row)->text(0);
        }
        return rows;
    }
};

#define OPEN(name, core) \
    OpenWindow name; \
    name.window.open((core).path); \
    QTRY_COMPARE_WITH_TIMEOUT(name.document().state(), Document::State::Scanned, 30000)

void TestExportDialog::endsWithAVerifiedCopy()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    dialog.show();
    QTRY_VERIFY(exportButton(dialog).isEnabled());
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY2(dialog.findChild<OutcomePage*>()->headline().startsWith(QStringLiteral("Verified")),
             qPrintable(dialog.findChild<OutcomePage*>()->headline()));
    const QByteArray copy = contentOf(target);
    QCOMPARE(copy.size(), contentOf(core.path).size());
    QVERIFY(!copy.contains(core.first) && !copy.contains(core.second));
    QVERIFY(QFile::exists(target + QStringLiteral(".coredact.json")));
}

void TestExportDialog::saysWhatStaysAndKeepsIt()
{
    const PlantedCore core;
    OPEN(open, core);
    open.document().verdicts().decide({open.findings().findingAt(open.tokenRows().front())->id}, Verdict::Keep,
                                      Reason::AcceptedRisk);
    ExportDialog dialog(open.document());
    QTRY_VERIFY(exportButton(dialog).isEnabled());
    auto* tree = dialog.findChild<PlanPage*>()->findChild<QTreeWidget*>();
    QVERIFY(!rowsOf(*tree).filter(QStringLiteral("accepted risk")).isEmpty());
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    const QByteArray copy = contentOf(target);
    QVERIFY(!copy.isEmpty());
    QCOMPARE(int(copy.contains(core.first)) + int(copy.contains(core.second)), 1);
}

void TestExportDialog::refusesTheOriginalAndLeavesNothing()
{
    const PlantedCore core;
    const QByteArray before = contentOf(core.path);
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY(exportButton(dialog).isEnabled());
    targetOf(dialog).setText(core.path);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(!dialog.findChild<OutcomePage*>()->headline().startsWith(QStringLiteral("Verified")));
    QCOMPARE(contentOf(core.path), before);
    QCOMPARE(QDir(core.folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestExportDialog::leavesNothingWhenItIsCancelled()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY(exportButton(dialog).isEnabled());
    targetOf(dialog).setText(core.folder.filePath(QStringLiteral("copy.core")));
    dialog.start();
    dialog.reject();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    // A tiny dump may be done before the wish to cancel arrives; then it is whole.
    const bool published
        = dialog.findChild<OutcomePage*>()->headline().startsWith(QStringLiteral("Verified"));
    QCOMPARE(QDir(core.folder.path()).entryList(QDir::Files | QDir::Hidden).size(),
             published ? 3 : 1);
}

void TestExportDialog::namesTheCopyAfterNothing()
{
    const QString name = QFileInfo(ExportDialog::suggestedTarget(
                                       QStringLiteral("/var/crash/core.payroll.host7.4711.zst")))
                             .fileName();
    QVERIFY(name.startsWith(QStringLiteral("redacted-")));
    QVERIFY(name.endsWith(QStringLiteral(".zst")));
    QVERIFY(!name.contains(QStringLiteral("payroll")) && !name.contains(QStringLiteral("4711")));
}

QTEST_MAIN(TestExportDialog)
#include "tst_exportdialog.moc"
