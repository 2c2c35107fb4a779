// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/client/smallcore.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

/// The real program, as a person or a script runs it.
namespace coredact::test {

struct Answer {
    int code = -1; ///< -1: it did not end by itself
    QByteArray output;
    QByteArray errors;
};

inline QString programPath()
{
    return QStringLiteral(COREDACT_BINARY_DIR "/bin/coredact-cli");
}

inline Answer run(const QStringList& arguments, const QString& folder = {})
{
    QProcess program;
    program.setWorkingDirectory(folder.isEmpty() ? QDir::tempPath() : folder);
    // What a person exported before is none of the tests' business.
    static const QTemporaryDir state;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains(QStringLiteral("XDG_STATE_HOME")))
        environment.insert(QStringLiteral("XDG_STATE_HOME"), state.path());
    program.setProcessEnvironment(environment);
    program.start(programPath(), arguments);
    if (!program.waitForFinished(120000) || program.exitStatus() != QProcess::NormalExit)
        return {-1, program.readAllStandardOutput(), program.readAllStandardError()};
    return {program.exitCode(), program.readAllStandardOutput(), program.readAllStandardError()};
}

/// CRC-32 (ISO 3309), bit by bit.
inline quint32 crc32(const QByteArray& bytes)
{
    quint32 crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<quint8>(byte);
        for (int i = 0; i < 8; ++i)
            crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320U : 0U);
    }
    return ~crc;
}

/// A made-up token in GitHub's form: the last six characters are a CRC-32 in base 62.
inline QByteArray madeUpToken(const QByteArray& seed)
{
    static constexpr char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    QByteArray body;
    quint32 state = crc32(seed);
    while (body.size() < 30) {
        state = state * 1664525 + 1013904223;
        body += digits[(state >> 8) % 62];
    }
    QByteArray sum;
    for (quint32 crc = crc32(body); sum.size() < 6; crc /= 62)
        sum.prepend(digits[crc % 62]);
    return QByteArray("gh" "p_") + body + sum;
}

/// A core whose memory holds noise, and `secret` as text and as UTF-16.
inline QByteArray coreWith(const QByteArray& secret)
{
    QByteArray memory = noise(64 * 1024);
    const QByteArray text = " " + secret + " ";
    memory.replace(5000, text.size(), text);
    QByteArray wide;
    for (const char c : text)
        wide.append(c).append('\0');
    memory.replace(20000, wide.size(), wide);
    return smallCore(memory);
}

inline void writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a test file");
}

inline QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QStringList list(std::initializer_list<const char*> words)
{
    QStringList all;
    for (const char* word : words)
        all += QString::fromUtf8(word);
    return all;
}

/// A folder with a core in which a made-up token stands.
class Workplace {
public:
    Workplace() { writeFile(path("core"), coreWith(token)); }

    QString folder() const { return m_folder.path(); }
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    /// Runs the program in the folder.
    Answer cli(std::initializer_list<const char*> arguments) const
    {
        return run(list(arguments), folder());
    }
    QStringList files() const
    {
        return QDir(folder()).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    }

    const QByteArray token = madeUpToken("a seed");

private:
    QTemporaryDir m_folder;
};

} // namespace coredact::test
