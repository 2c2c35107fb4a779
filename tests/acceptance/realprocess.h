// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <map>
#include <memory>

/// A real program that the test starts, dumps with gcore and ends. Works in a folder of its own.
class RealProcess {
public:
    /// Starts the program and waits until the ready file appears. Its path is in the environment
    /// as COREDACT_READY and replaces the argument "READY". `environment` is all that the program
    /// gets besides.
    RealProcess(const QString& program, const QStringList& arguments,
                const std::map<QString, QString>& environment = {});
    ~RealProcess();

    bool ready() const { return m_ready; }
    qint64 processId() const { return m_process.processId(); }
    /// The lines of the ready file: the program tells its secrets there, "name hex".
    std::map<QString, QByteArray> secrets() const;
    /// Dumps the process, or the one with the id given, with gcore; the path, "" on failure.
    QString dump(qint64 processId = 0);
    QString folder() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    bool m_ready = false;
};

struct Ran {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

/// Runs a program to its end; exit code -1 when it crashed or took longer than `seconds`.
Ran run(const QString& program, const QStringList& arguments, int seconds = 120,
        const QByteArray& input = {});

QString coredactCli();
QString testProgram(const char* name); ///< built beside the tests
QString testScript(const char* name); ///< in tests/acceptance/programs

/// The findings that `coredact-cli scan` tells of a dump; the exit code goes to `exitCode`.
QJsonArray findingsIn(const QString& dump, int* exitCode = nullptr,
                      const QStringList& options = {});
/// Those of one rule (or with a prefix of a rule's id) and one confidence ("" for any).
QList<QJsonObject> ofRule(const QJsonArray& findings, const QString& rule,
                          const QString& confidence = {});
/// Those with an occurrence over one of the places where `secret` stands in the dump; for a secret
/// whose harmless prefix stays, its last bytes are what counts.
QList<QJsonObject> covering(const QJsonArray& findings, const QString& dump,
                            const QByteArray& secret);
/// "rule/confidence" of all, sorted; for messages of failed checks.
QString summary(const QJsonArray& findings);

/// Number of places where `bytes` stand in the file, by a search that is not the scanner's.
qsizetype countIn(const QString& path, const QByteArray& bytes);
/// Number of different 8-byte windows of `secret` that stand anywhere in the file.
qsizetype windowsLeft(const QString& path, const QByteArray& secret);

/// A token that no scanner of sources takes for one, with a checksum that holds for none.
QByteArray madeToken();

/// What gdb says of a dump when told `commands`; empty when it fails. Without lines that name the
/// file.
QByteArray toldByGdb(const QString& program, const QString& dump, const QStringList& commands);
/// The same of a gdb that knows other processors.
QByteArray toldByDebugger(const QString& debugger, const QString& program, const QString& dump,
                          const QStringList& commands);
/// The same of backtraces, threads, libraries.
QByteArray gdbView(const QString& program, const QString& dump);
/// gdb's text without the contents of strings: quoted parts and repeated characters.
QByteArray withoutStrings(const QByteArray& text);
/// The first line that differs, in both; empty when all are equal.
QByteArray difference(const QByteArray& copy, const QByteArray& original);
