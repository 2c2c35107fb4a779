// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector foreignnamesDetector;
}

namespace {

const QString password = QString("Green") + "castle1712!";

std::vector<std::uint8_t> bytesOf(const QByteArray& text) { return {text.begin(), text.end()}; }

QByteArray inUtf16(const QString& text)
{
    return {reinterpret_cast<const char*>(text.utf16()), 2 * text.size()};
}

/// "#" in the line stands for the value.
QString filled(QString line, const QString& value) { return line.replace('#', value); }

std::vector<Match> toldIn(const QByteArray& text)
{
    return matchesIn(foreignnamesDetector, buried(bytesOf(text), 700, 700), 4096);
}

} // namespace

/// Passwords behind names that are not written in Latin letters.
class ForeignNamesTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheValueBehindAName_data();
    void findsTheValueBehindAName();
    void findsValuesWithOtherLetters();
    void wordsInQuotesArePossible();
    void leavesWhatIsNoPassword_data();
    void leavesWhatIsNoPassword();
};

void ForeignNamesTest::findsTheValueBehindAName_data()
{
    QTest::addColumn<QString>("line");
    for (const char* line : {"Пароль: #\n", "пароль=# ", "\"пароль\": \"#\",", "{'密码': '#'}",
                             "密码：#\n", "密码＝#。", "密码是#，", "パスワード: #\r\n",
                             "пароль => '#'", "\\\"пароль\\\":\\\"#\\\"}"})
        QTest::newRow(line) << QString::fromUtf8(line);
}

void ForeignNamesTest::findsTheValueBehindAName()
{
    QFETCH(QString, line);
    const QString text = filled(line, password);
    for (const bool wide : {false, true})
        for (const std::size_t fresh : {std::size_t {709}, std::size_t {4096}}) {
            const QByteArray written = wide ? inUtf16(text) + QByteArray(2, '\0') : text.toUtf8();
            const auto bytes = buried(bytesOf(written), 700, 700);
            const auto matches = matchesIn(foreignnamesDetector, bytes, fresh);
            QCOMPARE(matches.size(), std::size_t {1});
            QCOMPARE(matches[0].confidence, Confidence::Likely);
            const SecretBytes found = spanned(bytes, matches[0]);
            const QByteArray wanted = wide ? inUtf16(password) : password.toUtf8();
            QCOMPARE(QByteArray(asText(found).data(), static_cast<qsizetype>(found.size())),
                     wanted);
            if (wide)
                QCOMPARE(std::string(asText(matches[0].value)), password.toStdString());
        }
}

void ForeignNamesTest::findsValuesWithOtherLetters()
{
    const QString value = QString::fromUtf8("Зелёный") + "1712";
    const auto matches = toldIn(filled(QString::fromUtf8("Пароль: #\n"), value).toUtf8());
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].confidence, Confidence::Possible);
}

void ForeignNamesTest::wordsInQuotesArePossible()
{
    const auto matches = toldIn(filled(QString::fromUtf8("\"пароль\": \"#\""), "walrus").toUtf8());
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].confidence, Confidence::Possible);
    QCOMPARE(toldIn(filled(QString::fromUtf8("пароль: #\n"), "walrus").toUtf8()).size(),
             std::size_t {0});
}

void ForeignNamesTest::leavesWhatIsNoPassword_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"Пароль: введите новый пароль\n", "Забыли пароль?\n", "пароль Green1712castle\n",
          "密码：请输入密码\n", "пароль: ${PASSWORD}\n", "пароль: ab1\n", "пароль: \"Green1712",
          "パスワード: /etc/app/secret1\n", "Неправильный пароль: 12345\n"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void ForeignNamesTest::leavesWhatIsNoPassword()
{
    QFETCH(QString, text);
    QCOMPARE(toldIn(text.toUtf8() + QByteArray(2, '\0')).size(), std::size_t {0});
    QCOMPARE(toldIn(inUtf16(text) + QByteArray(4, '\0')).size(), std::size_t {0});
}

QTEST_APPLESS_MAIN(ForeignNamesTest)
#include "tst_foreignnames.moc"
