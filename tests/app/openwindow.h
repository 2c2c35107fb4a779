// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/mainwindow.h"
#include "widgets/findings/findingspanel.h"

#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QListView>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

namespace coredact::test {

/// A home of the test's own, so that nothing of the person who runs it is touched.
inline const QString& privateHome()
{
    static const QTemporaryDir home;
    static const QString path = home.path();
    return path;
}

/// Before the application exists.
inline void usePrivateHome()
{
    const QByteArray home = QFile::encodeName(privateHome());
    qputenv("HOME", home);
    for (const char* variable :
         {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        qputenv(variable, home + '/' + QByteArray(variable).toLower());
    Settings::keepQtQuiet();
}

/// A window over real engines.
class OpenWindow {
public:
    OpenWindow()
        : theme(*qobject_cast<QApplication*>(QCoreApplication::instance()), Appearance::Light)
        , window({engineProcesses(), privateHome() + QStringLiteral("/sessions"), {}, {}}, theme)
    {
        window.show();
        window.activateWindow();
    }

    Document& document() { return window.document(); }
    FindingsModel& findings() { return window.document().findingsModel(); }
    template <typename Widget> Widget& part() { return *window.findChild<Widget*>(); }
    QListView& list() { return *part<FindingsPanel>().findChild<QListView*>(); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(&list(), key, modifiers);
    }
    /// The rows of the tokens that were planted; other rules may find something in the rest.
    std::vector<int> tokenRows()
    {
        std::vector<int> rows;
        for (int row = 0; row < findings().rowCount(); ++row) {
            if (findings().findingAt(row)->rule == "github-token")
                rows.push_back(row);
        }
        return rows;
    }
    std::vector<std::string> idsOf(std::string_view rule)
    {
        std::vector<std::string> ids;
        for (const Finding& finding : *document().findings()) {
            if (finding.rule == rule)
                ids.push_back(finding.id);
        }
        return ids;
    }
    Verdict verdictOf(int row)
    {
        return document().verdicts().decisionFor(findings().findingAt(row)->id).verdict;
    }

    Theme theme;
    MainWindow window;
};

/// Kills the engines that this test has started.
inline void killEngines()
{
    QDirIterator tasks(QStringLiteral("/proc/self/task"), QDir::Dirs | QDir::NoDotAndDotDot);
    while (tasks.hasNext()) {
        QFile file(tasks.next() + QStringLiteral("/children"));
        if (!file.open(QFile::ReadOnly))
            continue;
        for (const QByteArray& pid : file.readAll().split(' ')) {
            if (pid.toInt() > 1)
                kill(pid.toInt(), SIGKILL);
        }
    }
}

/// The files below a folder that hold one of the words; the words themselves are not told.
inline QStringList filesHolding(const QString& folder, const QList<QByteArray>& words)
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QFile::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        for (const QByteArray& word : words) {
            if (bytes.contains(word))
                found << file.fileName();
        }
    }
    return found;
}

} // namespace coredact::test

/// A window of that name, with the dump of a planted core scanned in it.
#define OPEN(name, core)                                                                           \
    OpenWindow name;                                                                               \
    name.window.open((core).path);                                                                 \
    QTRY_COMPARE_WITH_TIMEOUT(name.document().state(), Document::State::Scanned, 30000)
