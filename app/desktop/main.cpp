// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/language.h"
#include "app/desktop/mainwindow.h"
#include "models/texts.h"
#include "scanner/sandbox/sandbox.h"
#include "scanner/triage/session.h"
#include "widgets/theme/icons.h"

#include <QApplication>
#include <QCommandLineParser>

using namespace coredact;

namespace {

/// A display on another machine is reached over TCP: then the network can be denied only once
/// the connection stands.
bool displayIsRemote()
{
    const QByteArray display = qgetenv("DISPLAY");
    return qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") && !display.isEmpty()
        && !display.startsWith(':') && !display.startsWith('/') && !display.startsWith("unix:");
}

void openWindow(const WindowOptions& options, Theme& theme, const QString& path)
{
    auto* window = new MainWindow(options, theme);
    window->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(window, &MainWindow::windowWanted, window,
                     [&options, &theme](const QString& other) { openWindow(options, theme, other); });
    window->show();
    window->open(path);
}

} // namespace

int main(int argc, char** argv)
{
    sandbox::openStandardFiles();
    const bool remote = displayIsRemote();
    WindowOptions options;
    options.gaps = sandbox::leaveNoCore();
    if (!remote)
        options.networkGaps = sandbox::denyNetwork();
    Settings::keepQtQuiet();
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication application(argc, argv);
    if (remote)
        options.networkGaps = sandbox::denyNetwork();
    QCoreApplication::setApplicationName(QStringLiteral("coredact"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COREDACT_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("coredact"));
    QGuiApplication::setWindowIcon(applicationIcon());
    installLanguage(QLocale());

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Shows the secrets in crash dumps and hands on "
                                            "redacted, verified copies."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("dump"), QCoreApplication::translate("main", "Dumps to open, each in a window."),
        QStringLiteral("[dump...]"));
    parser.process(application);

    options.engines = engineProcesses();
    options.sessionFolder = Texts::fromUtf8(defaultSessionFolder());
    Theme theme(application, Settings().appearance());
    const QStringList paths = parser.positionalArguments();
    openWindow(options, theme, paths.value(0));
    for (qsizetype at = 1; at < paths.size(); ++at)
        openWindow(options, theme, paths[at]);
    return QApplication::exec();
}
