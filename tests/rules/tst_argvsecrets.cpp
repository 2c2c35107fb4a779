// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector argvsecretsDetector;
}

namespace {

const std::string password = std::string("Green") + "castle1712!";

/// Strings with a NUL behind each; "#" stands for the password.
std::vector<std::uint8_t> arguments(const QString& line, const std::string& value = password)
{
    std::vector<std::uint8_t> bytes {0};
    for (const QString& argument : line.split(' ')) {
        QString text = argument;
        const std::string string = text.replace('#', QString::fromStdString(value)).toStdString();
        bytes.insert(bytes.end(), string.begin(), string.end());
        bytes.push_back(0);
    }
    return bytes;
}

std::vector<Match> toldIn(const std::vector<std::uint8_t>& line, std::size_t fresh = 4096)
{
    return matchesIn(argvsecretsDetector, buried(line, 700, 300), fresh);
}

} // namespace

/// Passwords among the arguments of programs.
class ArgvSecretsTest : public QObject {
    Q_OBJECT

private slots:
    void findsThePasswordOfAnOption_data();
    void findsThePasswordOfAnOption();
    void findsItBehindVeryManyArguments();
    void leavesOtherArguments_data();
    void leavesOtherArguments();
    void leavesWhatStandsForAPassword();
};

void ArgvSecretsTest::findsThePasswordOfAnOption_data()
{
    QTest::addColumn<QString>("line");
    for (const char* line :
         {"sshpass -p # ssh jane@host", "/usr/bin/sshpass -p# ssh jane@host",
          "mysql -u root -p# app", "mariadb-dump --all -h db -p#", "7z a -p# x.7z file",
          "docker --debug login -u jane -p # registry", "zip -r -P # a.zip b",
          "redis-cli -a # ping", "ldapsearch -x -D cn=admin -w # -b dc=x",
          "curl -s -u jane:# https://host/", "lftp -e ls -u jane,# ftp://host",
          "smbclient //host/share -U DOM\\jane%#", "mosquitto_pub -h x -u jane -P # -t t"})
        QTest::newRow(line) << line;
}

void ArgvSecretsTest::findsThePasswordOfAnOption()
{
    QFETCH(QString, line);
    for (const std::size_t fresh : {std::size_t {16}, std::size_t {4096}}) {
        const auto bytes = buried(arguments(line), 700, 300);
        const auto matches = matchesIn(argvsecretsDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {1});
        const SecretBytes found = spanned(bytes, matches[0]);
        QCOMPARE(std::string(asText(found)), password);
        QCOMPARE(matches[0].confidence, Confidence::Likely);
    }
}

/// As far as windows reach before what is fresh.
void ArgvSecretsTest::findsItBehindVeryManyArguments()
{
    const auto told = [](const QString& others) {
        const auto line = arguments("mongodump" + others + " -p # --out x");
        return matchesIn(argvsecretsDetector, buried(line, 3000, 300), 16).size();
    };
    QCOMPARE(told(QString(" -v").repeated(100)), std::size_t {1});
    QCOMPARE(told(" --query=" + QString("a").repeated(1900)), std::size_t {1});
    QCOMPARE(told(" --query=" + QString("a").repeated(2000)), std::size_t {0});
}

void ArgvSecretsTest::leavesOtherArguments_data()
{
    QTest::addColumn<QString>("line");
    for (const char* line :
         {"ssh -p # host", "mysql -p app#", "mysql -P #", "docker run -p # image", "curl -u #",
          "curl -u :#", "sshpass -p --help", "sshpass -p #\x01 ssh", "sshpasses -p # ssh",
          "sshpass\x01 -p # ssh", "-p # ssh", "redis-cli -a", "zip -p #"})
        QTest::newRow(line) << line;
}

void ArgvSecretsTest::leavesOtherArguments()
{
    QFETCH(QString, line);
    QCOMPARE(toldIn(arguments(line)).size(), std::size_t {0});
}

void ArgvSecretsTest::leavesWhatStandsForAPassword()
{
    QCOMPARE(toldIn(arguments("sshpass -p # ssh", "${PASSWORD}")).size(), std::size_t {0});
    QCOMPARE(toldIn(arguments("sshpass -p # ssh", "x1")).size(), std::size_t {0});
    QCOMPARE(toldIn(arguments("sshpass -p # ssh", std::string(201, 'q') + "1")).size(),
             std::size_t {0});
}

QTEST_APPLESS_MAIN(ArgvSecretsTest)
#include "tst_argvsecrets.moc"
