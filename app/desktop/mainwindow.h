// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/actions.h"
#include "app/desktop/settings.h"
#include "models/comparison.h"
#include "models/document.h"
#include "models/findingsfilter.h"
#include "models/modulesmodel.h"
#include "models/sessionkeeper.h"
#include "models/threadsmodel.h"

#include <QMainWindow>

class QDockWidget;
class QLineEdit;
class QStackedWidget;
class QTabWidget;
class QTableView;

namespace coredact {

class CompareView;
class DockButtons;
class DumpPage;
class FindingsPanel;
class FirstPage;
class Inspector;
class MessageBar;
class Navigator;
class PanelHeader;
class RegionTable;
class StatusLine;
class SummaryPage;
class TriageControl;

/// What the window is started with.
struct WindowOptions {
    EngineStarter engines;
    QString sessionFolder; ///< "" keeps no sessions
    std::vector<std::string> networkGaps; ///< what the window could not deny itself
    std::vector<std::string> gaps; ///< what else it could not do for its own safety
};

/// One window for one dump: findings left, bytes in the middle, the inspector right.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(WindowOptions options, Theme& theme, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// A folder is refused with a message, and what is open stays.
    void open(const QString& path);
    /// Shows a copy beside the scanned dump; where `edits` is null its certificate says why.
    void compare(const QString& copy, std::optional<std::vector<Edit>> edits);
    Document& document() { return m_document; }
    Actions& actions() { return m_actions; }

signals:
    /// A further file, for a window of its own.
    void windowWanted(const QString& path);

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    // mainwindowlayout.cpp
    void makePages();
    void makeDocks();
    void fitDockButtons();
    void fitDocks();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* widget,
                         Qt::DockWidgetArea area, PanelHeader* header);
    void makeMenus();
    void makeToolBar();
    void makeStatusBar();
    void addAppearanceMenu(QMenu* menu);
    void restoreLayout();
    void showDocks(bool shown);
    // mainwindowwiring.cpp
    void connectFile();
    void connectTriage();
    void connectPlaces();
    void connectSearch();
    void connectBytes();
    void connectTables();
    void connectDocument();
    void connectSession();
    void connectComparison();
    // mainwindow.cpp
    void chooseFile();
    void exportCopy();
    void compareWith();
    void showComparison();
    void saveReport();
    void takeSession();
    void saveSession();
    void askWhereTo();
    void choosePacks();
    void checkSandbox();
    void showAbout();
    void search(bool backwards);
    void cancelJob();
    void stepPlace(int by);
    void toggleBookmark();
    void goToAddress(quint64 address);
    void sayHowComplete();
    void stateChanged();
    void showDump();
    void showProgress();
    void showFigures();
    void showFinding();
    void showPreview();
    void showCursor();
    void updateActions();
    void goToOccurrence(int row);

    WindowOptions m_options;
    Theme& m_theme;
    Settings m_settings;
    Document m_document;
    Comparison m_comparison;
    SessionKeeper m_sessions;
    FindingsFilter m_filter;
    ThreadsModel m_threads;
    ModulesModel m_modules;
    Actions m_actions;

    FirstPage* m_firstPage = nullptr;
    QStackedWidget* m_pages = nullptr;
    QTabWidget* m_tabs = nullptr;
    MessageBar* m_messages = nullptr;
    DumpPage* m_dumpPage = nullptr;
    CompareView* m_compare = nullptr;
    SummaryPage* m_summary = nullptr;
    RegionTable* m_regions = nullptr;
    FindingsPanel* m_findings = nullptr;
    Inspector* m_inspector = nullptr;
    PanelHeader* m_findingsHeader = nullptr;
    PanelHeader* m_inspectorHeader = nullptr;
    QTableView* m_threadTable = nullptr;
    QTableView* m_moduleTable = nullptr;
    QTableView* m_bookmarkTable = nullptr;
    QList<QDockWidget*> m_docks;
    DockButtons* m_dockButtons = nullptr;
    QByteArray m_layout; ///< of the docks while they are hidden
    StatusLine* m_status = nullptr;
    QLineEdit* m_search = nullptr;
    Navigator* m_navigator = nullptr;
    TriageControl* m_triage = nullptr;
    QTimer m_figuresSoon;
};

} // namespace coredact
