// SPDX-License-Identifier: GPL-3.0-or-later
#include "exportpages.h"

#include "models/texts.h"
#include "widgets/export/classtable.h"
#include "widgets/export/outcomepage.h"

#include <QAccessible>
#include <QComboBox>

using namespace coredact;
using namespace coredact::test;

class TestExportModes : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void saysThePromiseOfEachMode();
    void minimisesWhereThatIsWanted();
    void keepsInTheMinimisedCopyWhatWasDecided();
    void saysWhyADumpCannotBeMinimised();
    void fillsAndKeepsByKindOfBytes();
    void cutsNothingOffOnASmallScreen();
    void namesEverythingForScreenReaders();
};

void TestExportModes::saysThePromiseOfEachMode()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    const QString said = textOf(*dialog.findChild<PlanPage*>());
    QVERIFY(said.contains(QStringLiteral("secrets remains; unknown secrets may remain")));
    QVERIFY(said.contains(
        QStringLiteral("only stacks, selected registers, modules and loader data were kept")));
    QVERIFY(!minimise(dialog).isChecked());
}

void TestExportModes::minimisesWhereThatIsWanted()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    minimise(dialog).click();
    QVERIFY2(!exportButton(dialog).isEnabled(), "the plan of the other mode is no plan");
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 30000);
    auto* tree = dialog.findChild<PlanPage*>()->findChild<QTreeWidget*>();
    for (const char* what : {"stacks", "modules", "headers and notes, with selected registers"})
        QVERIFY2(rowsOf(*tree).contains(QLatin1String(what)), what);
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(dialog.findChild<OutcomePage*>()->published());
    QVERIFY(contentOf(core.path).contains("needle in hay"));
    const QByteArray copy = contentOf(target);
    QCOMPARE(copy.size(), contentOf(core.path).size());
    QVERIFY(!copy.contains(core.first) && !copy.contains("needle in hay"));
    const QString promise
        = QStringLiteral("only stacks, selected registers, modules and loader data were kept");
    QVERIFY(textOf(*dialog.findChild<OutcomePage*>()).contains(promise));
    QVERIFY(contentOf(target + QStringLiteral(".coredact.json")).contains(promise.toUtf8()));
    // And back again, without a stale plan.
    QVERIFY(open.document().form() == Form::Whole);
}

void TestExportModes::keepsInTheMinimisedCopyWhatWasDecided()
{
    // The first token lies in the heap, which goes, and on the stack, which stays.
    const PlantedCore core(PlantedCore::OnTheStackToo);
    for (const bool kept : {true, false}) {
        OPEN(open, core);
        if (kept)
            open.document().verdicts().decide(open.idsOf("github-token"), Verdict::Keep,
                                              Reason::AcceptedRisk);
        ExportDialog dialog(open.document());
        minimise(dialog).click();
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 30000);
        const QString target = core.folder.filePath(QString::number(kept));
        targetOf(dialog).setText(target);
        exportButton(dialog).click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
        QVERIFY(dialog.findChild<OutcomePage*>()->published());
        QCOMPARE(contentOf(target).count(core.first), kept ? 1 : 0);
        open.document().verdicts().decide(open.idsOf("github-token"), Verdict::Pending);
    }
}

void TestExportModes::fillsAndKeepsByKindOfBytes()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    dialog.show();
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    auto* table = dialog.findChild<ClassTable*>();
    QVERIFY(!table->isVisible());
    modeOf(dialog, QStringLiteral("C&ustom")).click();
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->rowCount() > 5, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const auto choose = [&](DumpClass kind, ClassUse use) {
        for (int row = 0; row < table->rowCount(); ++row) {
            auto* choice = qobject_cast<QComboBox*>(table->cellWidget(row, 2));
            if (table->item(row, 0)->text() == Texts::dumpClass(kind))
                choice->setCurrentIndex(choice->findData(static_cast<int>(use)));
        }
    };
    choose(DumpClass::Anonymous, ClassUse::Keep);
    choose(DumpClass::Heap, ClassUse::Fill);
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    auto* page = dialog.findChild<PlanPage*>();
    QVERIFY(!textOf(*page).contains(QStringLiteral("backtraces end")));
    choose(DumpClass::Stack, ClassUse::Fill);
    QVERIFY(textOf(*page).contains(QStringLiteral("backtraces end")));
    choose(DumpClass::Stack, ClassUse::Scan);
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const QString promise = QStringLiteral("filled whole: heap; kept as they were, secrets "
                                           "included: other private memory; scanned: stacks");
    QVERIFY2(textOf(*page).contains(promise), qPrintable(textOf(*page)));
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(dialog.findChild<OutcomePage*>()->published());
    QVERIFY(textOf(*dialog.findChild<OutcomePage*>()).contains(promise));
    const QByteArray copy = contentOf(target);
    QVERIFY(copy.contains(core.first) && copy.contains("needle in hay"));
    QVERIFY(contentOf(core.path).contains("heap") && !copy.contains("heap"));
}

void TestExportModes::saysWhyADumpCannotBeMinimised()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("memory.raw"));
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(QByteArray(8192, 'r') + githubToken());
    file.close();
    OpenWindow open;
    open.window.open(path);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    minimise(dialog).click();
    const auto* page = dialog.findChild<PlanPage*>();
    QTRY_VERIFY_WITH_TIMEOUT(
        textOf(*const_cast<PlanPage*>(page)).contains(QStringLiteral("can be minimised")), 30000);
    QVERIFY(!exportButton(dialog).isEnabled());
    modeOf(dialog, QStringLiteral("&Redact")).click();
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
}

void TestExportModes::cutsNothingOffOnASmallScreen()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    dialog.show();
    for (const QSize& size : {QSize(984, 540), QSize(700, 420)}) {
        for (const char* mode : {"&Redact", "&Minimise", "C&ustom"}) {
            modeOf(dialog, QLatin1String(mode)).setChecked(true);
            QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
            dialog.resize(size);
            QTRY_COMPARE_WITH_TIMEOUT(dialog.size(), size, 60000);
            QVERIFY(dialog.rect().contains(exportButton(dialog).geometry()));
            for (const QLabel* label : dialog.findChild<PlanPage*>()->findChildren<QLabel*>()) {
                if (label->isVisible() && label->wordWrap())
                    QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()),
                                 qPrintable(label->text()));
            }
        }
    }
}

void TestExportModes::namesEverythingForScreenReaders()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    dialog.show();
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    modeOf(dialog, QStringLiteral("C&ustom")).setChecked(true);
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const auto unnamed = [&dialog] {
        QStringList types;
        for (QWidget* widget : dialog.findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || widget->focusProxy()
                || !widget->isVisible())
                continue;
            const QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
            if (!spoken || spoken->text(QAccessible::Name).isEmpty())
                types << QLatin1String(widget->metaObject()->className());
        }
        return types;
    };
    QCOMPARE(unnamed(), QStringList());
    targetOf(dialog).setText(core.folder.filePath(QStringLiteral("copy.core")));
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QCOMPARE(unnamed(), QStringList());
}

QTEST_MAIN(TestExportModes)
#include "tst_exportmodes.moc"
