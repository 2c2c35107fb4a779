// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/icons.h"
#include "widgets/theme/looks.h"
#include "widgets/theme/pills.h"
#include "widgets/theme/stylesheet.h"
#include "widgets/theme/theme.h"

#include <array>
#include <memory>

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QPalette>
#include <QRegularExpression>
#include <QTest>

using namespace coredact;

class TestTheme : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void readsWell();
    void makesColoursReadableAndNoMore();
    void dressesTheApplication();
    void remembersTheChoiceByName();
    void knowsForeignPalettesByLuminance();
    void namesNoColourThatIsNotThere();
    void drawsADifferentShapeForEachSeverity();
    void tellsVerdictsApart();
    void drawsEveryIconInTheColoursOfTheLook();

private:
    std::unique_ptr<Theme> m_theme;
};

namespace {

constexpr std::array looks {Look::Light, Look::Dark, Look::HighContrastLight,
                            Look::HighContrastDark};
constexpr std::array severities {Severity::Critical, Severity::High, Severity::Medium,
                                 Severity::Low, Severity::Info};

} // namespace

void TestTheme::initTestCase() { m_theme = std::make_unique<Theme>(*qApp, Appearance::Light); }

void TestTheme::readsWell()
{
    for (const Look look : looks) {
        const Tokens& tokens = tokensFor(look);
        const double least = tokens.highContrast() ? 7 : 4.5;
        for (const QColor& under : {tokens.window, tokens.panel, tokens.raised,
                                    tokens.hexBackground, tokens.hexAlternate}) {
            QVERIFY(contrast(tokens.text, under) >= least);
            QVERIFY(contrast(tokens.dim, under) >= 4.5);
        }
        QVERIFY(contrast(tokens.onAccent, tokens.accent) >= 4.5);
        QVERIFY(contrast(tokens.text, tokens.selection) >= 4.5);
        for (const Severity severity : severities) {
            const BytesLook pending
                = bytesLook(severity, Verdict::Pending, tokens, tokens.hexBackground);
            QVERIFY(contrast(pending.text, pending.fill) >= 4.5);
            const BytesLook redact
                = bytesLook(severity, Verdict::Redact, tokens, tokens.hexBackground);
            QVERIFY(contrast(redact.text, redact.fill) >= 4.5);
        }
        for (const Verdict verdict : {Verdict::Pending, Verdict::Redact, Verdict::Keep}) {
            for (const QColor& under : {tokens.panel, tokens.selection}) {
                const Pill pill = verdictPill(QStringLiteral("x"), verdict, tokens, under);
                QVERIFY(contrast(pill.ink, pill.fill.isValid() ? pill.fill : under) >= 4.5);
            }
        }
        for (const bool chosen : {true, false}) {
            const Pill pill = filterPill(QStringLiteral("x"), chosen, tokens);
            QVERIFY(contrast(pill.ink, pill.fill) >= 4.5);
            QCOMPARE(pill.bold, chosen);
        }
    }
}

void TestTheme::makesColoursReadableAndNoMore()
{
    for (const Look look : looks) {
        const Tokens& tokens = tokensFor(look);
        for (const QColor& under :
             {tokens.window, tokens.panel, tokens.hexBackground, tokens.selection}) {
            for (const QColor& ink : {keptColour(), severityColour(Severity::Critical),
                                      severityColour(Severity::High), tokens.dim, tokens.faint}) {
                const QColor readable = legible(ink, under);
                QVERIFY(contrast(readable, under) >= 4.5);
                QVERIFY2(contrast(readable, under) < 5.3 || readable == ink,
                         qPrintable(ink.name() + readable.name()));
            }
        }
    }
}

void TestTheme::dressesTheApplication()
{
    for (const auto& [appearance, look] :
         {std::pair(Appearance::Dark, Look::Dark), std::pair(Appearance::Light, Look::Light),
          std::pair(Appearance::HighContrastDark, Look::HighContrastDark),
          std::pair(Appearance::HighContrastLight, Look::HighContrastLight)}) {
        m_theme->setAppearance(appearance);
        QVERIFY(currentTokens().look == look);
        QVERIFY(m_theme->tokens().look == look);
    }
    m_theme->setAppearance(Appearance::System);
    const Look system = currentTokens().look;
    QVERIFY(system == Look::Light || system == Look::Dark);
}

void TestTheme::remembersTheChoiceByName()
{
    for (const Appearance appearance :
         {Appearance::System, Appearance::Light, Appearance::Dark, Appearance::HighContrastLight,
          Appearance::HighContrastDark})
        QVERIFY(appearanceFrom(toSetting(appearance)) == appearance);
    QVERIFY(appearanceFrom(QStringLiteral("plaid")) == Appearance::System);
}

void TestTheme::knowsForeignPalettesByLuminance()
{
    QVERIFY(tokensOf(QPalette(QColor(0x303030))).look == Look::Dark);
    QVERIFY(tokensOf(QPalette(QColor(0xf0f0f0))).look == Look::Light);
}

void TestTheme::namesNoColourThatIsNotThere()
{
    for (const Look look : looks) {
        const QString sheet = styleSheetFor(tokensFor(look));
        QVERIFY(!sheet.isEmpty());
        QVERIFY(!sheet.contains(QLatin1Char('@')));
        // A name of which only the beginning was replaced: "#1f6fd6Hover".
        QVERIFY(!sheet.contains(QRegularExpression(QStringLiteral("#[0-9a-f]{6}[A-Za-z0-9]"))));
    }
}

void TestTheme::drawsADifferentShapeForEachSeverity()
{
    std::vector<QImage> drawn;
    for (const Severity severity : severities) {
        QImage image(24, 24, QImage::Format_Grayscale8);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.fillPath(severityShape(severity, QRectF(2, 2, 20, 20)), Qt::black);
        painter.end();
        for (const QImage& other : drawn)
            QVERIFY(image != other);
        drawn.push_back(image);
    }
}

void TestTheme::tellsVerdictsApart()
{
    const Tokens& tokens = tokensFor(Look::Light);
    const auto look = [&](Verdict verdict) {
        return bytesLook(Severity::High, verdict, tokens, tokens.hexBackground);
    };
    QVERIFY(look(Verdict::Pending).underline.isValid() && look(Verdict::Pending).fill.isValid());
    QVERIFY(look(Verdict::Redact).strike.isValid() && isDark(look(Verdict::Redact).fill));
    QVERIFY(look(Verdict::Keep).outline.isValid() && !look(Verdict::Keep).fill.isValid());
}

void TestTheme::drawsEveryIconInTheColoursOfTheLook()
{
    const QStringList files
        = QDir(QStringLiteral(":/coredact/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() > 20);
    for (const QString& file : files) {
        const QString name = file.chopped(4);
        m_theme->setAppearance(Appearance::Light);
        const QImage light = lineIcon(name).pixmap(32).toImage();
        m_theme->setAppearance(Appearance::Dark);
        const QImage dark = lineIcon(name).pixmap(32).toImage();
        QVERIFY(!light.isNull());
        const bool ownColours = name == QLatin1String("org.coredact.Coredact")
            || name == QLatin1String("chevron-down") || name.startsWith(QLatin1String("checked-"));
        QCOMPARE(light == dark, ownColours);
    }
    QVERIFY(lineIcon(QStringLiteral("nosuch")).isNull());
    QVERIFY(!applicationIcon().isNull());
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
