// SPDX-License-Identifier: GPL-3.0-or-later
#include "exportpages.h"

#include "app/desktop/packsdialog.h"
#include "scanner/redact/signingkey.h"
#include "widgets/export/outcomepage.h"
#include "widgets/export/workpage.h"

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
    void fillsValuesOfArgumentsUnlessToldOtherwise();
    void leavesWhatAShownPackFindsAndSaysSo();
    void signsAndSaysWhoSigned();
    void saysWhatIsWrongWithTheKeyAtOnce();
    void showsEachCheckAsItEnds();
    void showsRegionsUnderPlaces();
    void refusesTheOriginalAndLeavesNothing();
    void leavesNothingWhenItIsCancelled();
    void saysWhatIsWrongWithTheTargetAtOnce();
    void goesBackAfterAFailure();
    void saysThatTheEngineDiedAndWritesNothing();
    void goesOnWithAFreshEngine_data();
    void goesOnWithAFreshEngine();
    void namesTheCopyAfterNothing();
};

void TestExportDialog::endsWithAVerifiedCopy()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    dialog.show();
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
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
    open.document().verdicts().decide({open.findings().findingAt(open.tokenRows().front())->id},
                                      Verdict::Keep, Reason::AcceptedRisk);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
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

void TestExportDialog::fillsValuesOfArgumentsUnlessToldOtherwise()
{
    const PlantedCore core;
    QVERIFY(contentOf(core.path).contains("./app --fast=1"));
    OPEN(open, core);
    for (const bool filled : {true, false}) {
        ExportDialog dialog(open.document());
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
        QCheckBox* values = nullptr;
        for (QCheckBox* box : dialog.findChildren<QCheckBox*>())
            values = box->text().contains(QStringLiteral("arguments")) ? box : values;
        QVERIFY(values && values->isChecked());
        values->setChecked(filled);
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
        auto* tree = dialog.findChild<PlanPage*>()->findChild<QTreeWidget*>();
        QCOMPARE(rowsOf(*tree).filter(QStringLiteral("with their values")).isEmpty(), filled);
        const QString target = core.folder.filePath(QString::number(filled));
        targetOf(dialog).setText(target);
        exportButton(dialog).click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
        QVERIFY(contentOf(target).contains(filled ? "./app --fast=X" : "./app --fast=1"));
    }
}

void TestExportDialog::leavesWhatAShownPackFindsAndSaysSo()
{
    const PlantedCore core;
    OPEN(open, core);
    PackPolicy packs = open.document().packs();
    packs.uses["secrets"] = PackUse::Show;
    packs.uses["wallets"] = PackUse::Off;
    PacksDialog choice(packs);
    QVERIFY(choice.packs().uses == packs.uses); // as a person confirms it
    open.document().setPacks(choice.packs());
    QCOMPARE(open.document().state(), Document::State::Scanning); // with other rules
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    auto* tree = dialog.findChild<PlanPage*>()->findChild<QTreeWidget*>();
    QCOMPARE(rowsOf(*tree).filter(QStringLiteral("the rules for secrets find")).size(), 1);
    QCOMPARE(rowsOf(*tree).filter(QStringLiteral("the rules for wallets would")).size(), 1);
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(dialog.findChild<OutcomePage*>()->published());
    QVERIFY(contentOf(target).contains(core.first));
    const QByteArray certificate = contentOf(target + QStringLiteral(".coredact.json"));
    QVERIFY(certificate.contains("the rules of the pack secrets find was left in place"));
    QVERIFY(certificate.contains("the rules of the pack wallets were not used"));
}

void TestExportDialog::signsAndSaysWhoSigned()
{
    const PlantedCore core;
    const auto key = SigningKey::make();
    QVERIFY(key.ok());
    const QString keyPath = core.folder.filePath(QStringLiteral("team.key"));
    QFile file(keyPath);
    QVERIFY(file.open(QFile::WriteOnly));
    const SecretBytes secret = key->fileText();
    const QByteArray text(reinterpret_cast<const char*>(secret.data()),
                          static_cast<qsizetype>(secret.size()));
    file.write(text);
    file.close();
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    signWith(dialog, keyPath);
    const QString signer = QString::fromStdString(key->publicKey().fingerprint());
    QVERIFY(textOf(*dialog.findChild<SigningChoice*>()).contains(signer));
    QVERIFY(exportButton(dialog).isEnabled());
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(textOf(*dialog.findChild<OutcomePage*>()).contains(signer));
    QVERIFY(contentOf(target + QStringLiteral(".coredact.json.sig")).contains("SSH SIGNATURE"));
    QVERIFY(contentOf(target + QStringLiteral(".coredact.json")).contains("signatures"));
    // Nothing of it is remembered.
    QVERIFY(filesHolding(privateHome(), {"team.key", text}).isEmpty());
}

void TestExportDialog::saysWhatIsWrongWithTheKeyAtOnce()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const auto* signing = dialog.findChild<SigningChoice*>();
    QStringList said;
    for (const QString& path : {QString(), core.path, core.folder.path(),
                                core.folder.filePath(QStringLiteral("missing"))}) {
        signWith(dialog, path);
        QVERIFY(!exportButton(dialog).isEnabled());
        const QString words = textOf(*const_cast<SigningChoice*>(signing));
        QVERIFY2(!words.isEmpty() && !said.contains(words), qPrintable(path));
        said << words;
    }
    signing->findChild<QCheckBox*>()->setChecked(false);
    QVERIFY(exportButton(dialog).isEnabled());
}

void TestExportDialog::showsEachCheckAsItEnds()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    targetOf(dialog).setText(core.folder.filePath(QStringLiteral("copy.core")));
    exportButton(dialog).click();
    auto* checks = dialog.findChild<WorkPage*>()->findChild<QTreeWidget*>();
    const int waiting = checks->topLevelItemCount();
    QCOMPARE(std::size_t(waiting), checksAgainstOriginal().size());
    for (int row = 0; row < waiting; ++row)
        QCOMPARE(checks->topLevelItem(row)->text(1), QStringLiteral("waits"));
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    for (int row = 0; row < waiting; ++row)
        QCOMPARE(checks->topLevelItem(row)->text(1), QStringLiteral("passed"));
}

void TestExportDialog::showsRegionsUnderPlaces()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    auto* tree = dialog.findChild<PlanPage*>()->findChild<QTreeWidget*>();
    const auto pages
        = tree->findItems(QStringLiteral("700000"), Qt::MatchExactly | Qt::MatchRecursive);
    QCOMPARE(pages.size(), 1); // the page with the tokens has no name, so its address is told
    QVERIFY(pages.front()->parent() && pages.front()->parent()->parent());
    QVERIFY(rowsOf(*tree).filter(QStringLiteral("policy:")).isEmpty());
}

void TestExportDialog::refusesTheOriginalAndLeavesNothing()
{
    const PlantedCore core;
    const QByteArray before = contentOf(core.path);
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    targetOf(dialog).setText(core.path);
    QVERIFY2(!exportButton(dialog).isEnabled(), "one need not try to be refused");
    dialog.start();
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
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
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

void TestExportDialog::saysWhatIsWrongWithTheTargetAtOnce()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const auto* plan = dialog.findChild<PlanPage*>();
    QVERIFY(plan->targetProblem().isEmpty());
    const QStringList wrong {QString(), core.path, core.folder.path(),
                             core.folder.filePath(QStringLiteral("missing/copy.core"))};
    QStringList said;
    for (const QString& path : wrong) {
        targetOf(dialog).setText(path);
        QVERIFY2(!plan->targetProblem().isEmpty(), qPrintable(path));
        QVERIFY(!said.contains(plan->targetProblem()));
        said << plan->targetProblem();
        QVERIFY(!exportButton(dialog).isEnabled());
    }
    targetOf(dialog).setText(core.folder.filePath(QStringLiteral("copy.core")));
    QVERIFY(exportButton(dialog).isEnabled());
}

void TestExportDialog::goesBackAfterAFailure()
{
    const PlantedCore core;
    OPEN(open, core);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    targetOf(dialog).setText(core.path);
    dialog.start();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QPushButton* back = nullptr;
    for (QPushButton* button : dialog.findChildren<QPushButton*>())
        back = button->text() == QStringLiteral("Back") ? button : back;
    QVERIFY(back && !back->isHidden());
    back->click();
    QCOMPARE(dialog.stage(), ExportDialog::Stage::Plan);
    targetOf(dialog).setText(core.folder.filePath(QStringLiteral("copy.core")));
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(dialog.findChild<OutcomePage*>()->published());
    QVERIFY(back->isHidden());
}

void TestExportDialog::saysThatTheEngineDiedAndWritesNothing()
{
    const PlantedCore core;
    OPEN(open, core);
    open.key(Qt::Key_R);
    ExportDialog dialog(open.document());
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    targetOf(dialog).setText(core.folder.filePath(QStringLiteral("copy.core")));
    killEngines();
    dialog.start();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(!dialog.findChild<OutcomePage*>()->published());
    QCOMPARE(QDir(core.folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Failed, 60000);
    QVERIFY(open.window.actions().restart->isEnabled());
}

void TestExportDialog::goesOnWithAFreshEngine_data()
{
    QTest::addColumn<bool>("minimised");
    QTest::addColumn<bool>("exporting");
    QTest::newRow("while nothing is done") << false << false;
    QTest::newRow("while exporting") << false << true;
    QTest::newRow("while nothing is done, minimised") << true << false;
    QTest::newRow("while exporting, minimised") << true << true;
}

void TestExportDialog::goesOnWithAFreshEngine()
{
    QFETCH(const bool, minimised);
    QFETCH(const bool, exporting);
    const PlantedCore core;
    OPEN(open, core);
    open.key(Qt::Key_R);
    ExportDialog dialog(open.document());
    dialog.show();
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    minimise(dialog).setChecked(minimised);
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    const QString target = core.folder.filePath(QStringLiteral("copy.core"));
    targetOf(dialog).setText(target);
    killEngines();
    if (exporting) {
        dialog.start();
        QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    }
    QPushButton* restart = nullptr;
    const auto offered = [&] {
        for (QPushButton* button : dialog.findChildren<QPushButton*>())
            restart = button->text() == QStringLiteral("Restart the engine") ? button : restart;
        return restart && restart->isVisible();
    };
    QTRY_VERIFY_WITH_TIMEOUT(offered(), 60000);
    QVERIFY(!exportButton(dialog).isEnabled() || exporting);
    restart->click();
    QCOMPARE(dialog.stage(), ExportDialog::Stage::Plan);
    QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog).isEnabled(), 60000);
    QVERIFY(!restart->isVisible());
    QCOMPARE(open.verdictOf(0), Verdict::Redact);
    QCOMPARE(targetOf(dialog).text(), target);
    exportButton(dialog).click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.stage(), ExportDialog::Stage::Outcome, 60000);
    QVERIFY(dialog.findChild<OutcomePage*>()->published());
}

void TestExportDialog::namesTheCopyAfterNothing()
{
    const QString original = QStringLiteral("/var/crash/core.payroll.host7.4711.zst");
    const QString name
        = QFileInfo(ExportDialog::suggestedTarget(original, "raw", {"zstd"})).fileName();
    QVERIFY(name.startsWith(QStringLiteral("redacted-")));
    QVERIFY(name.endsWith(QStringLiteral(".bin.zst")));
    QVERIFY(!name.contains(QStringLiteral("payroll")) && !name.contains(QStringLiteral("4711")));
}

QTEST_MAIN(TestExportDialog)
#include "tst_exportdialog.moc"
