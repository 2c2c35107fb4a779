// SPDX-License-Identifier: GPL-3.0-or-later
#include "realprocess.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSet>
#include <QThread>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

RealProcess::RealProcess(const QString& program, const QStringList& arguments,
                         const std::map<QString, QString>& environment)
{
    QProcessEnvironment variables;
    variables.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin:/usr/sbin"));
    const QString readyFile = m_folder.filePath(QStringLiteral("ready"));
    variables.insert(QStringLiteral("COREDACT_READY"), readyFile);
    for (const auto& [name, value] : environment)
        variables.insert(name, value);
    m_process.setProcessEnvironment(variables);
    m_process.setWorkingDirectory(m_folder.path());
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QStringList given = arguments;
    given.replaceInStrings(QRegularExpression(QStringLiteral("^READY$")), readyFile);
    m_process.start(program, given);
    QElapsedTimer timer;
    timer.start();
    while (!m_ready && timer.elapsed() < 60'000) {
        m_ready = QFile::exists(readyFile);
        if (m_process.waitForFinished(50))
            break;
    }
}

RealProcess::~RealProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5'000)) {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }
}

std::map<QString, QByteArray> RealProcess::secrets() const
{
    std::map<QString, QByteArray> secrets;
    QFile file(m_folder.filePath(QStringLiteral("ready")));
    if (!file.open(QIODevice::ReadOnly))
        return secrets;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const auto space = line.indexOf(' ');
        if (space > 0)
            secrets[QString::fromLatin1(line.first(space))]
                = QByteArray::fromHex(line.sliced(space + 1).trimmed());
    }
    return secrets;
}

QString RealProcess::dump(qint64 processId)
{
    if (processId == 0)
        processId = m_process.processId();
    const QString prefix = m_folder.filePath(QStringLiteral("core"));
    const Ran gcore = run(QStringLiteral("gcore"), {QStringLiteral("-o"), prefix, QString::number(processId)});
    const QString path = prefix + u'.' + QString::number(processId);
    return gcore.exitCode == 0 && QFile::exists(path) ? path : QString();
}

Ran run(const QString& program, const QStringList& arguments, int seconds, const QByteArray& input)
{
    QProcess process;
    process.start(program, arguments);
    if (!input.isEmpty())
        process.write(input);
    process.closeWriteChannel();
    Ran ran;
    if (!process.waitForFinished(seconds * 1000) || process.exitStatus() != QProcess::NormalExit) {
        process.kill();
        process.waitForFinished();
        ran.errors = process.readAllStandardError();
        return ran;
    }
    ran.exitCode = process.exitCode();
    ran.output = process.readAllStandardOutput();
    ran.errors = process.readAllStandardError();
    return ran;
}

QString coredactCli()
{
    return QStringLiteral(COREDACT_BINARY_DIR "/bin/coredact-cli");
}

QString testProgram(const char* name)
{
    return QStringLiteral(COREDACT_BINARY_DIR "/bin/") + QString::fromLatin1(name);
}

QString testScript(const char* name)
{
    return QStringLiteral(COREDACT_SOURCE_DIR "/tests/acceptance/programs/")
        + QString::fromLatin1(name);
}

QJsonArray findingsIn(const QString& dump, int* exitCode, const QStringList& options)
{
    const Ran scan = run(coredactCli(), QStringList {QStringLiteral("scan"), QStringLiteral("--format"), QStringLiteral("json"), dump} + options);
    if (exitCode)
        *exitCode = scan.exitCode;
    const QJsonObject report = QJsonDocument::fromJson(scan.output).object();
    return report[u"dumps"][0][u"findings"].toArray();
}

QList<QJsonObject> ofRule(const QJsonArray& findings, const QString& rule, const QString& confidence)
{
    QList<QJsonObject> chosen;
    for (const QJsonValue& value : findings) {
        const QJsonObject finding = value.toObject();
        if (finding[u"rule"].toString().startsWith(rule)
            && (confidence.isEmpty() || finding[u"confidence"] == confidence))
            chosen.append(finding);
    }
    return chosen;
}

QString summary(const QJsonArray& findings)
{
    QStringList lines;
    for (const QJsonValue& value : findings) {
        const QJsonObject finding = value.toObject();
        lines.append(finding[u"rule"].toString() + u'/' + finding[u"confidence"].toString() + u'/'
                     + finding[u"severity"].toString());
    }
    std::sort(lines.begin(), lines.end());
    return lines.join(u' ');
}

namespace {

QByteArray utf16(const QByteArray& text)
{
    QByteArray wide;
    for (const char c : text)
        wide += QByteArray(1, c) + '\0';
    return wide;
}

bool coversAny(const QJsonObject& finding, const QList<std::pair<qsizetype, qsizetype>>& places)
{
    for (const QJsonValue& occurrence : finding[u"occurrences"].toArray())
        for (const QJsonValue& piece : occurrence[u"pieces"].toArray()) {
            const auto offset = static_cast<qsizetype>(piece[u"offset"].toDouble());
            const auto end = offset + static_cast<qsizetype>(piece[u"length"].toDouble());
            if (std::any_of(places.begin(), places.end(), [&](const auto& place) {
                    return offset <= place.first && place.second <= end;
                }))
                return true;
        }
    return false;
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QList<QJsonObject> covering(const QJsonArray& findings, const QString& dump,
                            const QByteArray& secret)
{
    const QByteArray tail = secret.last(std::min<qsizetype>(secret.size(), 24));
    const QByteArray bytes = contents(dump);
    QList<std::pair<qsizetype, qsizetype>> places;
    // Base64 of text in the middle of something: the aligned inner part, at each of three shifts.
    QList<QByteArray> shapes {tail, utf16(tail)};
    for (int shift = 0; shift < 3; ++shift)
        shapes.append((QByteArray(shift, 'x') + tail).toBase64().sliced(4, 24));
    for (const QByteArray& shape : shapes)
        for (qsizetype at = bytes.indexOf(shape); at >= 0; at = bytes.indexOf(shape, at + 1))
            places.append({at, at + shape.size()});
    QList<QJsonObject> chosen;
    for (const QJsonValue& finding : findings)
        if (coversAny(finding.toObject(), places))
            chosen.append(finding.toObject());
    return chosen;
}

qsizetype countIn(const QString& path, const QByteArray& bytes)
{
    return contents(path).count(bytes);
}

qsizetype windowsLeft(const QString& path, const QByteArray& secret)
{
    const QByteArray file = contents(path);
    QSet<QByteArray> windows;
    std::array<bool, 65536> begins {}; // the first two bytes of some window: spares most look-ups
    const auto firstTwo = [](const QByteArray& bytes, qsizetype at) {
        return std::size_t(quint8(bytes[at])) << 8U | quint8(bytes[at + 1]);
    };
    for (qsizetype i = 0; i + 8 <= secret.size(); ++i) {
        windows.insert(secret.sliced(i, 8));
        begins[firstTwo(secret, i)] = true;
    }
    QSet<QByteArray> found;
    for (qsizetype i = 0; i + 8 <= file.size(); ++i) {
        if (!begins[firstTwo(file, i)])
            continue;
        const QByteArray window = QByteArray::fromRawData(file.constData() + i, 8);
        if (windows.contains(window))
            found.insert(window);
    }
    return found.size();
}

QByteArray madeToken()
{
    constexpr std::string_view digits
        = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    QByteArray token("gh"
                     "p_");
    for (int i = 0; i < 36; ++i)
        token += digits[QRandomGenerator::global()->bounded(quint32(digits.size()))];
    return token;
}

QByteArray toldByGdb(const QString& program, const QString& dump, const QStringList& commands)
{
    return toldByDebugger(QStringLiteral("gdb"), program, dump, commands);
}

QByteArray toldByDebugger(const QString& debugger, const QString& program, const QString& dump,
                          const QStringList& commands)
{
    QStringList arguments {QStringLiteral("-nx"), QStringLiteral("-batch"), QStringLiteral("-ex"),
                           QStringLiteral("set pagination off")};
    for (const QString& command : commands)
        arguments << QStringLiteral("-ex") << command;
    const Ran gdb = run(debugger, arguments << program << dump);
    QByteArray text;
    // psargs, which the policy may redact, is told in the line that is left out.
    for (const QByteArray& line : gdb.output.split('\n'))
        if (!line.startsWith("Core was generated by"))
            text += line + '\n';
    return gdb.exitCode == 0 ? text : QByteArray();
}

QByteArray gdbView(const QString& program, const QString& dump)
{
    return toldByGdb(program, dump,
                     {QStringLiteral("info threads"), QStringLiteral("thread apply all bt"),
                      QStringLiteral("info sharedlibrary")});
}

QByteArray withoutStrings(const QByteArray& text)
{
    const QString part = QStringLiteral("(\"(\\\\.|[^\"\\\\])*\"(\\.\\.\\.)?|'[^']*' <repeats \\d+ times>(\\.\\.\\.)?)");
    QString shown = QString::fromLatin1(text);
    shown.replace(QRegularExpression(part + QStringLiteral("(, ") + part + QStringLiteral(")*")),
                  QStringLiteral("\"\""));
    return shown.toLatin1();
}

QByteArray difference(const QByteArray& copy, const QByteArray& original)
{
    const QList<QByteArray> lines = copy.split('\n');
    const QList<QByteArray> expected = original.split('\n');
    for (qsizetype i = 0; i < std::max(lines.size(), expected.size()); ++i)
        if (lines.value(i) != expected.value(i))
            return lines.value(i) + "\ninstead of\n" + expected.value(i);
    return {};
}
