// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/keepdialog.h"
#include "app/desktop/language.h"
#include "models/texts.h"
#include "widgets/inspector/inspector.h"

#include <QApplication>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>

using namespace coredact;

class TestLanguages : public QObject {
    Q_OBJECT

private slots:
    void saysEverythingInGerman();
    void knowsEveryStringOfTheSources_data();
    void knowsEveryStringOfTheSources();
    void keepsPlaceholdersAndKeys();
    void speaksGermanInTheWindow();

private:
    struct Message {
        QString context;
        QString source;
        QString comment;
        QStringList translations;
        bool unfinished = false;
    };
    static QList<Message> messagesOf(const QString& path);
    static QString file(const char* name)
    {
        return QStringLiteral(COREDACT_SOURCE_DIR) + QStringLiteral("/translations/")
            + QLatin1String(name);
    }
};

QList<TestLanguages::Message> TestLanguages::messagesOf(const QString& path)
{
    QFile ts(path);
    if (!ts.open(QFile::ReadOnly))
        return {};
    QXmlStreamReader xml(&ts);
    QList<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name"))
            context = xml.readElementText();
        else if (xml.name() == QLatin1String("message"))
            messages << Message {context, {}, {}, {}, false};
        else if (xml.name() == QLatin1String("source"))
            messages.last().source = xml.readElementText();
        else if (xml.name() == QLatin1String("comment"))
            messages.last().comment = xml.readElementText();
        else if (xml.name() == QLatin1String("translation")) {
            messages.last().unfinished = xml.attributes().hasAttribute(QLatin1String("type"));
            while (xml.readNext() != QXmlStreamReader::EndElement) {
                if (xml.isCharacters() && !xml.isWhitespace())
                    messages.last().translations << xml.text().toString();
                else if (xml.isStartElement())
                    messages.last().translations << xml.readElementText();
            }
        }
    }
    return messages;
}

void TestLanguages::saysEverythingInGerman()
{
    const QList<Message> messages = messagesOf(file("coredact_de.ts"));
    QVERIFY(messages.size() > 300);
    for (const Message& message : messages) {
        QVERIFY2(!message.unfinished, qPrintable(message.source));
        QVERIFY2(!message.translations.isEmpty(), qPrintable(message.source));
        for (const QString& translation : message.translations)
            QVERIFY2(!translation.trimmed().isEmpty(), qPrintable(message.source));
    }
}

void TestLanguages::knowsEveryStringOfTheSources_data()
{
    QTest::addColumn<QString>("ts");
    QTest::addColumn<QStringList>("options");
    QTest::newRow("German") << file("coredact_de.ts") << QStringList();
    QTest::newRow("English plurals")
        << file("coredact_en.ts") << QStringList {QStringLiteral("-pluralonly")};
}

void TestLanguages::knowsEveryStringOfTheSources()
{
    QFETCH(QString, ts);
    QFETCH(QStringList, options);
    const QTemporaryDir folder;
    const QString fresh = folder.filePath(QFileInfo(ts).fileName());
    QVERIFY(QFile::copy(ts, fresh));
    QVERIFY(QFile::setPermissions(fresh, QFile::ReadOwner | QFile::WriteOwner));
    QProcess lupdate;
    lupdate.setWorkingDirectory(QStringLiteral(COREDACT_SOURCE_DIR));
    options << QStringLiteral("-silent") << QStringLiteral("-locations") << QStringLiteral("none")
            << QStringLiteral("-no-obsolete") << QStringLiteral("-I") << QStringLiteral(".")
            << QStringLiteral("models") << QStringLiteral("widgets")
            << QStringLiteral("app/desktop") << QStringLiteral("-ts") << fresh;
    lupdate.start(QStringLiteral(COREDACT_LUPDATE), options);
    QVERIFY2(lupdate.waitForFinished(120000), "lupdate did not end");
    QCOMPARE(lupdate.exitCode(), 0);
    const QList<Message> before = messagesOf(ts);
    const QList<Message> after = messagesOf(fresh);
    for (const Message& message : after)
        QVERIFY2(!message.unfinished,
                 qPrintable(message.context + QLatin1Char(' ') + message.source));
    QCOMPARE(after.size(), before.size());
}

void TestLanguages::keepsPlaceholdersAndKeys()
{
    for (const Message& message : messagesOf(file("coredact_de.ts"))) {
        for (const QString& translation : message.translations) {
            // Of one thing the number need not be said.
            const bool ofOne
                = message.translations.size() > 1 && translation == message.translations.first();
            for (const QLatin1String mark :
                 {QLatin1String("%1"), QLatin1String("%2"), QLatin1String("%3")})
                QVERIFY2(translation.count(mark) == message.source.count(mark),
                         qPrintable(message.source));
            // As the language writes numbers.
            const auto numbers = translation.count(QLatin1String("%Ln"));
            QVERIFY2(numbers == message.source.count(QLatin1String("%n"))
                         || (ofOne && numbers == 0),
                     qPrintable(message.source));
            QVERIFY2(!translation.contains(QLatin1String("%n")), qPrintable(message.source));
            const bool keyed = message.source.contains(QLatin1Char('&'));
            QVERIFY2(translation.contains(QLatin1Char('&')) == keyed, qPrintable(message.source));
        }
    }
}

void TestLanguages::speaksGermanInTheWindow()
{
    QLocale::setDefault(QLocale(QLocale::German));
    installLanguage(QLocale());
    QCOMPARE(Texts::severity(Severity::Critical), QStringLiteral("kritisch"));
    QCOMPARE(Texts::encoding("base64+utf-16le fragment"),
             QStringLiteral("Bruchstück, Base64 + UTF-16"));
    QCOMPARE(Texts::promise(Form::Whole, 1).contains(QStringLiteral("diesem Geheimnis")), true);
    QVERIFY(Texts::promise(Form::Whole, 40'000).contains(QStringLiteral("40.000")));
    QVERIFY(Texts::promise(Form::Whole, 0).contains(QStringLiteral("kein Geheimnis")));
    QVERIFY(Inspector::tr("Reveal") == QStringLiteral("Aufdecken"));
    // Also what Qt has words for, where its own German is not installed.
    const KeepDialog dialog(1, {});
    const auto buttons = dialog.findChildren<QPushButton*>();
    QVERIFY(std::any_of(buttons.begin(), buttons.end(), [](const QPushButton* button) {
        return button->text() == QStringLiteral("Abbrechen");
    }));
}

QTEST_MAIN(TestLanguages)
#include "tst_languages.moc"
