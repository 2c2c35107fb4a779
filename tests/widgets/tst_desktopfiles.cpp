// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

/// What the desktop is told agrees with itself.
class TestDesktopFiles : public QObject {
    Q_OBJECT

private slots:
    void parseAsXml();
    void nameTheSameTypesEverywhere();
    void nameAnIconThatIsThere();
    void listEveryIconInTheResources();
};

namespace {

const QString folder = QStringLiteral(COREDACT_SOURCE_DIR "/resources/");

QByteArray read(const QString& path)
{
    QFile file(folder + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString desktopValue(const QByteArray& key)
{
    const QByteArray text = read(QStringLiteral("desktop/org.coredact.Coredact.desktop"));
    for (const QByteArray& line : text.split('\n')) {
        if (line.startsWith(key + '='))
            return QString::fromUtf8(line.mid(key.size() + 1));
    }
    return {};
}

QSet<QString> textsOf(const QString& path, const QString& element)
{
    QXmlStreamReader xml(read(path));
    QSet<QString> texts;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == element)
            texts << xml.readElementText();
    }
    return texts;
}

} // namespace

void TestDesktopFiles::parseAsXml()
{
    QStringList files {QStringLiteral("coredact.qrc"),
                       QStringLiteral("desktop/org.coredact.Coredact.metainfo.xml"),
                       QStringLiteral("desktop/org.coredact.Coredact.mime.xml")};
    for (const QString& icon : QDir(folder + QStringLiteral("icons")).entryList(QDir::Files))
        files << QStringLiteral("icons/") + icon;
    for (const QString& file : files) {
        QXmlStreamReader xml(read(file));
        while (!xml.atEnd())
            xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(file + QLatin1Char(' ') + xml.errorString()));
    }
}

void TestDesktopFiles::nameTheSameTypesEverywhere()
{
    const QStringList types = desktopValue("MimeType").split(QLatin1Char(';'), Qt::SkipEmptyParts);
    QVERIFY(types.size() >= 2);
    QCOMPARE(QSet<QString>(types.begin(), types.end()),
             textsOf(QStringLiteral("desktop/org.coredact.Coredact.metainfo.xml"),
                     QStringLiteral("mediatype")));
}

void TestDesktopFiles::nameAnIconThatIsThere()
{
    QVERIFY(QFile::exists(folder + QStringLiteral("icons/%1.svg").arg(desktopValue("Icon"))));
}

void TestDesktopFiles::listEveryIconInTheResources()
{
    QSet<QString> there;
    for (const QString& icon : QDir(folder + QStringLiteral("icons")).entryList(QDir::Files))
        there << QStringLiteral("icons/") + icon;
    there << QStringLiteral("themes/window.qss");
    QCOMPARE(textsOf(QStringLiteral("coredact.qrc"), QStringLiteral("file")), there);
}

QTEST_APPLESS_MAIN(TestDesktopFiles)
#include "tst_desktopfiles.moc"
