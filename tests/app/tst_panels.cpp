// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/made.h"

#include "widgets/export/checklist.h"
#include "widgets/findings/facetbar.h"
#include "widgets/findings/findingspanel.h"
#include "widgets/inspector/datapanel.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/keybutton.h"
#include "widgets/jobs/messagebar.h"
#include "widgets/preview/previewview.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace coredact;

class TestPanels : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void narrowsByChipAndShowsAllForASelection();
    void showsWhichFindingIsCurrentWhenTheFilterHidesTheLast();
    void goesFromTheFilterToTheListByKeys();
    void stepsThroughUndecidedFindings();
    void keepsTheCurrentFindingWhenTheListIsReplaced();
    void speaksEachFinding();
    void showsDumpTextAsPlainText();
    void cutsNothingOffInTheInspector();
    void doesNotTakeANoteForAnotherFinding();
    void goesToTheChosenPlace();
    void growsWithThePreview();
    void readsWellInEveryLook();
    void saysProblemsAndIsDismissed();

private:
    struct Panel {
        Panel()
            : panel(model, filter)
        {
            model.add({made::shared(made::finding("a", Severity::Critical, 0x1000)),
                       made::shared(made::finding("b", Severity::High, 0x2000)),
                       made::shared(made::finding("c", Severity::High, 0x3000))});
            panel.resize(360, 500);
            panel.show();
        }
        FacetChip* chip(Facet facet, int value)
        {
            for (FacetChip* chip : panel.findChildren<FacetChip*>()) {
                if (chip->choice().facet == facet && chip->choice().value == value)
                    return chip;
            }
            return nullptr;
        }
        Verdicts verdicts;
        FindingsModel model {verdicts};
        FindingsFilter filter {model};
        FindingsPanel panel;
    };

    std::unique_ptr<Theme> m_theme;
};

void TestPanels::initTestCase() { m_theme = std::make_unique<Theme>(*qApp, Appearance::Light); }

void TestPanels::narrowsByChipAndShowsAllForASelection()
{
    Panel open;
    const int critical = static_cast<int>(Severity::Critical);
    QTRY_VERIFY_WITH_TIMEOUT(open.chip(Facet::Severity, critical), 60000);
    QTest::mouseClick(open.chip(Facet::Severity, critical), Qt::LeftButton);
    QCOMPARE(open.filter.rowCount(), 1);
    QVERIFY(open.panel.summary().startsWith(QStringLiteral("1 of 3")));
    open.panel.select(QStringLiteral("b"));
    QCOMPARE(open.filter.rowCount(), 3);
    QCOMPARE(open.panel.current()->id, std::string("b"));
}

void TestPanels::showsWhichFindingIsCurrentWhenTheFilterHidesTheLast()
{
    Panel open;
    const int high = static_cast<int>(Severity::High);
    QTRY_VERIFY_WITH_TIMEOUT(open.chip(Facet::Severity, high), 60000);
    open.panel.select(QStringLiteral("a"));
    QTest::mouseClick(open.chip(Facet::Severity, high), Qt::LeftButton);
    QVERIFY(open.panel.current());
    QVERIFY(open.panel.current()->id != "a");
    QCOMPARE(open.panel.selectedIds(), std::vector<std::string>({open.panel.current()->id}));
}

void TestPanels::goesFromTheFilterToTheListByKeys()
{
    Panel open;
    open.panel.activateWindow();
    auto* filter = open.panel.findChild<QLineEdit*>();
    auto* list = open.panel.findChild<QListView*>();
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Down, Qt::Key_Escape}) {
        open.panel.focusSearch();
        QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), filter, 60000);
        filter->setText(QStringLiteral("secret"));
        QTest::keyClick(filter, key);
        QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), list, 60000);
        QCOMPARE(filter->text().isEmpty(), key == Qt::Key_Escape);
    }
}

void TestPanels::stepsThroughUndecidedFindings()
{
    Panel open;
    using Step = FindingsPanel::Step;
    using Among = FindingsPanel::Among;
    open.verdicts.decide({"b"}, Verdict::Redact);
    QVERIFY(open.panel.step(Step::Next, Among::Undecided));
    QCOMPARE(open.panel.current()->id, std::string("a"));
    QVERIFY(open.panel.step(Step::Next, Among::Undecided));
    QCOMPARE(open.panel.current()->id, std::string("c"));
    QVERIFY(!open.panel.step(Step::Next, Among::Undecided));
    QVERIFY(open.panel.step(Step::Previous, Among::All));
    QCOMPARE(open.panel.current()->id, std::string("b"));
    QCOMPARE(open.panel.selectedIds(), std::vector<std::string>({"b"}));
}

void TestPanels::keepsTheCurrentFindingWhenTheListIsReplaced()
{
    Panel open;
    open.panel.select(QStringLiteral("c"));
    open.model.assign({made::shared(made::finding("c", Severity::Low, 0x3000)),
                       made::shared(made::finding("d", Severity::High, 0x4000))});
    QVERIFY(open.panel.current());
    QCOMPARE(open.panel.current()->id, std::string("c"));
}

void TestPanels::speaksEachFinding()
{
    Panel open;
    open.verdicts.decide({"a"}, Verdict::Keep, Reason::TestData);
    const QString spoken = open.model.index(0).data(Qt::AccessibleTextRole).toString();
    for (const char* word : {"Secret of 0", "critical", "likely", "keep"})
        QVERIFY2(spoken.contains(QLatin1String(word)), qPrintable(spoken));
}

void TestPanels::showsDumpTextAsPlainText()
{
    Inspector inspector;
    Finding finding = made::finding("a", Severity::High, 0x1000);
    finding.identity = Identity {"url", "<img src=x><b>bold</b>"};
    finding.occurrences[0].region = "/tmp/<a href=y>z";
    inspector.showFinding(made::shared(finding), {});
    bool shown = false;
    for (const QLabel* label : inspector.findChildren<QLabel*>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(!label->openExternalLinks());
        shown = shown || label->text().contains(QStringLiteral("<b>bold</b>"));
    }
    QVERIFY(shown);
}

void TestPanels::cutsNothingOffInTheInspector()
{
    Inspector inspector;
    Finding finding = made::finding("a", Severity::High, 0x1000, 3);
    finding.occurrences[0].region = "NT_X86_XSTATE, thread 747";
    finding.occurrences[1].region = "[stack:747]";
    const int least = inspector.minimumSizeHint().width();
    inspector.resize(least, 900);
    inspector.show();
    inspector.showFinding(made::shared(finding), {});
    QCOMPARE(inspector.minimumSizeHint().width(), least);
    for (int width = least; width < least + 200; width += 7) {
        inspector.resize(width, 900);
        QTRY_VERIFY(inspector.widget()->width() <= inspector.viewport()->width());
        for (const QLabel* label : inspector.findChildren<QLabel*>())
            if (label->isVisible() && label->wordWrap())
                QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()),
                             qUtf8Printable(label->text()));
        for (const KeyButton* button : inspector.findChildren<KeyButton*>())
            QTRY_VERIFY2(button->width() >= button->sizeHint().width(),
                         qUtf8Printable(button->text())); // with its key
    }
}

void TestPanels::doesNotTakeANoteForAnotherFinding()
{
    Inspector inspector;
    inspector.show();
    QSignalSpy edited(&inspector, &Inspector::noteEdited);
    Decision noted;
    noted.note = "first";
    inspector.showFinding(made::shared(made::finding("a", Severity::High, 0x1000)), noted);
    auto* note = inspector.findChild<QLineEdit*>();
    QCOMPARE(note->text(), QStringLiteral("first"));
    note->setFocus();
    note->setText(QStringLiteral("changed"));
    QTest::keyClick(note, Qt::Key_Return);
    QCOMPARE(edited.last().first().toString(), QStringLiteral("changed"));
    note->setText(QStringLiteral("unfinished"));
    inspector.showFinding(made::shared(made::finding("b", Severity::High, 0x2000)), {});
    QCOMPARE(note->text(), QString());
}

void TestPanels::goesToTheChosenPlace()
{
    Inspector inspector;
    QSignalSpy chosen(&inspector, &Inspector::occurrenceChosen);
    inspector.showFinding(made::shared(made::finding("a", Severity::High, 0x1000, 3)), {});
    inspector.selectOccurrence(2);
    QCOMPARE(inspector.occurrenceRow(), 2);
    QCOMPARE(chosen.count(), 0);
}

void TestPanels::growsWithThePreview()
{
    PreviewView view;
    QCOMPARE(view.heightForWidth(300), 0);
    TextPreview preview;
    preview.text = QStringLiteral("{\"a\": 1,\n\"b\": 2}");
    preview.syntax = QStringLiteral("JSON");
    view.showText(preview);
    const int two = view.heightForWidth(300);
    preview.text += QString(400, QLatin1Char('x'));
    view.showText(preview);
    QVERIFY(view.heightForWidth(300) > two);
    QVERIFY(view.heightForWidth(300) > view.heightForWidth(900));
    view.resize(300, view.heightForWidth(300));
    QVERIFY(!view.grab().isNull());
}

void TestPanels::readsWellInEveryLook()
{
    for (const Appearance appearance :
         {Appearance::Light, Appearance::Dark, Appearance::HighContrastLight,
          Appearance::HighContrastDark}) {
        m_theme->setAppearance(appearance);
        const Tokens& tokens = currentTokens();
        CheckList checks;
        checks.tell(Check {"size", true, {}});
        checks.tell(Check {"fills", false, {}});
        for (int row = 0; row < 2; ++row)
            QVERIFY(contrast(checks.topLevelItem(row)->foreground(1).color(), tokens.panel) >= 4.5);
        // Letters so large that some of their pixels are nothing but ink.
        PreviewView view;
        QFont large = view.font();
        large.setPixelSize(60);
        view.setFont(large);
        TextPreview preview;
        preview.text = QStringLiteral("{\"mmmm\": 1}");
        preview.syntax = QStringLiteral("JSON");
        view.showText(preview);
        view.resize(1200, view.heightForWidth(1200));
        const QImage picture = view.grab().toImage();
        double most = 0;
        for (int x = 120; x < 200; ++x) // in the name
            for (int y = 20; y < picture.height() - 20; ++y)
                most = std::max(most, contrast(picture.pixelColor(x, y), tokens.hexBackground));
        QVERIFY2(most >= 4.5, qPrintable(QString::number(most)));
    }
    m_theme->setAppearance(Appearance::Light);
}

void TestPanels::saysProblemsAndIsDismissed()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    QSignalSpy wanted(&bar, &MessageBar::actionWanted);
    bar.say(MessageBar::Kind::Problem, QStringLiteral("<b>stopped</b>"), QStringLiteral("Restart"));
    QCOMPARE(bar.text(), QStringLiteral("<b>stopped</b>"));
    bar.dismiss();
    QVERIFY(bar.text().isEmpty());
}

QTEST_MAIN(TestPanels)
#include "tst_panels.moc"
