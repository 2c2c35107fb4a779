// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/cli/program.h"
#include "tests/faults/control.h"
#include "tests/support/longrun.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QTest>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace coredact::test {

/// What must stay as it was, whatever happens to a copy: bytes, inode, size and all times of the
/// original. Looks without changing the time of the last reading.
struct OriginalLook {
    QByteArray digest;
    struct stat status = {};

    static OriginalLook at(const QString& path)
    {
        OriginalLook look;
        const int file = ::open(path.toUtf8().constData(), O_RDONLY | O_NOATIME | O_CLOEXEC);
        if (file < 0 || fstat(file, &look.status) != 0)
            qFatal("the original is gone");
        QFile bytes;
        if (!bytes.open(file, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
            qFatal("the original cannot be read");
        look.digest = QCryptographicHash::hash(bytes.readAll(), QCryptographicHash::Sha256);
        return look;
    }
    bool operator==(const OriginalLook& other) const
    {
        const auto same = [](const timespec& one, const timespec& two) {
            return one.tv_sec == two.tv_sec && one.tv_nsec == two.tv_nsec;
        };
        return digest == other.digest && status.st_ino == other.status.st_ino
            && status.st_size == other.status.st_size && status.st_mode == other.status.st_mode
            && status.st_nlink == other.status.st_nlink
            && same(status.st_mtim, other.status.st_mtim)
            && same(status.st_atim, other.status.st_atim);
    }
};

/// A folder with an original in it, programs that meet faults, and a place for copies.
class FaultyPlace {
public:
    FaultyPlace()
    {
        const QDir folder(m_folder.path());
        if (!folder.mkdir(QStringLiteral("bin")) || !folder.mkdir(QStringLiteral("out"))
            || !folder.mkdir(QStringLiteral("in")))
            qFatal("no folders");
        if (!QFile::copy(programPath(), path("bin/coredact-cli")))
            qFatal("no program");
        makeControl();
        // The front end keeps its environment from the engine: a script gives it what it needs.
        writeFile(path("bin/coredact-engine"),
                  QByteArray("#!/bin/sh\n") + faults::variable + "='" + path("control").toUtf8()
                      + "' LD_PRELOAD='" COREDACT_INTERPOSER "' exec '" COREDACT_BINARY_DIR
                        "/bin/coredact-engine' \"$@\"\n");
        QFile::setPermissions(path("bin/coredact-engine"),
                              QFileDevice::ReadOwner | QFileDevice::WriteOwner
                                  | QFileDevice::ExeOwner);
        writeFile(path("one.toml"),
                  "[[rules]]\nid = \"github-token\"\n"
                  "description = \"token\"\nkeywords = [\"ghp_\"]\n"
                  "regex = \"ghp_[0-9A-Za-z]{36}\"\n");
        makeOriginal();
    }
    ~FaultyPlace() { munmap(m_control, sizeof(faults::Control)); }
    FaultyPlace(const FaultyPlace&) = delete;
    FaultyPlace& operator=(const FaultyPlace&) = delete;

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    faults::Control& control() const { return *m_control; }
    QStringList copies() const
    {
        return QDir(path("out")).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    }
    void clear() const
    {
        for (const QString& name : copies())
            QFile::remove(path("out") + '/' + name);
    }

    /// A core with a made-up token, older than this test, last read longer ago still.
    void makeOriginal(int memory = 3 << 20)
    {
        QFile::remove(path("in/core"));
        QByteArray bytes = noise(memory);
        bytes.replace(5000, token.size(), token);
        bytes.replace(memory - 4000, token.size(), token);
        writeFile(path("in/core"), smallCore(bytes));
        const timespec times[] = {{1000000000, 123}, {1100000000, 456}};
        if (utimensat(AT_FDCWD, path("in/core").toUtf8().constData(), times, 0) != 0)
            qFatal("no times");
        m_before = OriginalLook::at(path("in/core"));
    }
    bool originalIsUntouched() const { return OriginalLook::at(path("in/core")) == m_before; }

    /// Starts `redact` under the fault that the control says.
    void start(QProcess& program, const QString& out = QStringLiteral("out/copy")) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(COREDACT_INTERPOSER));
        environment.insert(QLatin1String(faults::variable), path("control"));
        environment.insert(QStringLiteral("ASAN_OPTIONS"),
                           QStringLiteral("verify_asan_link_order=0"));
        program.setProcessEnvironment(environment);
        program.setWorkingDirectory(m_folder.path());
        program.start(path("bin/coredact-cli"),
                      QStringList {QStringLiteral("redact"), QStringLiteral("in/core"),
                                   QStringLiteral("-o"), out, QStringLiteral("--jobs"),
                                   QStringLiteral("1")}
                          + rules());
    }
    Answer redact() const
    {
        QProcess program;
        start(program);
        if (!program.waitForFinished(120000) || program.exitStatus() != QProcess::NormalExit)
            return {-1, program.readAllStandardOutput(), program.readAllStandardError()};
        return {program.exitCode(), program.readAllStandardOutput(),
                program.readAllStandardError()};
    }
    void plan(faults::Call call, faults::Program program, faults::Action action, int error,
              std::uint32_t at, bool onwards = false) const
    {
        m_control->call = call;
        m_control->program = program;
        m_control->action = action;
        m_control->error = error;
        m_control->at = at;
        m_control->onwards = onwards ? 1 : 0;
        m_control->counted = 0;
        m_control->reached = 0;
        m_control->waiting = 0;
        m_control->released = 0;
    }
    /// The copy as its recipient checks it, without faults.
    bool copyIsWhole() const
    {
        const QByteArray bytes = readFile(path("out/copy"));
        return !bytes.contains(token)
            && run(QStringList {QStringLiteral("verify"), path("out/copy")} + rules()).code == 0;
    }

    const QByteArray token = madeUpToken("a seed for faults");

private:
    /// The faults are of files and processes, whatever the rules: one stands for all, which three
    /// engines for each fault would have to load.
    QStringList rules() const { return {QStringLiteral("--only-rules"), path("one.toml")}; }
    void makeControl()
    {
        const QString name = path("control");
        writeFile(name, QByteArray(sizeof(faults::Control), '\0'));
        const int file = ::open(name.toUtf8().constData(), O_RDWR | O_CLOEXEC);
        void* memory
            = mmap(nullptr, sizeof(faults::Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (file < 0 || memory == MAP_FAILED)
            qFatal("no control");
        ::close(file);
        m_control = static_cast<faults::Control*>(memory);
    }

    QTemporaryDir m_folder;
    faults::Control* m_control = nullptr;
    OriginalLook m_before;
};

} // namespace coredact::test
