// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/mainwindow.h"

#include "app/desktop/dockbuttons.h"
#include "app/desktop/dumppage.h"
#include "app/desktop/firstpage.h"
#include "app/desktop/panelheader.h"
#include "app/desktop/summarypage.h"
#include "widgets/compare/compareview.h"
#include "widgets/findings/findingspanel.h"
#include "widgets/inspector/inspector.h"
#include "widgets/jobs/messagebar.h"
#include "widgets/jobs/searchfield.h"
#include "widgets/jobs/statusline.h"
#include "widgets/memorymap/regiontable.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenuBar>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace coredact {

namespace {

constexpr int leastDock = 255;
constexpr int narrowestDock = 220; ///< of the findings, whatever layout is remembered

QTableView* newTable(QAbstractItemModel* model, const QString& name, QWidget* parent)
{
    auto* table = new QTableView(parent);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->setVisible(false);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 7);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setAccessibleName(name);
    return table;
}

QAction* newSeparator(QObject* parent)
{
    auto* separator = new QAction(parent);
    separator->setSeparator(true);
    return separator;
}

} // namespace

void MainWindow::makePages()
{
    m_firstPage = new FirstPage(this);
    m_dumpPage = new DumpPage(m_document, this);
    m_summary = new SummaryPage(m_document, this);
    m_summary->setAccessibleName(tr("Summary"));
    m_regions = new RegionTable(this);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_dumpPage, tr("Bytes"));
    m_tabs->addTab(m_summary, tr("Summary"));
    m_tabs->addTab(m_regions, tr("Regions"));
    m_compare = new CompareView(m_document, m_comparison, this);
    m_tabs->addTab(m_compare, tr("Comparison"));
    m_tabs->setTabVisible(m_tabs->indexOf(m_compare), false);
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_firstPage);
    m_pages->addWidget(m_tabs);
    m_messages = new MessageBar(this);
    auto* middle = new QWidget(this);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_pages, 1);
    setCentralWidget(middle);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* widget,
                                 Qt::DockWidgetArea area, PanelHeader* header)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(widget);
    if (header)
        dock->setTitleBarWidget(header);
    addDockWidget(area, dock);
    m_docks << dock;
    return dock;
}

void MainWindow::makeDocks()
{
    setDockNestingEnabled(true);
    m_findings = new FindingsPanel(m_document.findingsModel(), m_filter, this);
    m_findings->setContextActions(m_actions.verdicts());
    m_findingsHeader = new PanelHeader(tr("Findings"), this);
    addDock(QStringLiteral("findings"), tr("Findings"), m_findings, Qt::LeftDockWidgetArea,
            m_findingsHeader);
    m_findings->setMinimumWidth(narrowestDock);
    m_inspector = new Inspector(this);
    m_inspector->setAccessibleName(tr("Inspector"));
    m_inspectorHeader = new PanelHeader(tr("Inspector"), this);
    addDock(QStringLiteral("inspector"), tr("Inspector"), m_inspector, Qt::RightDockWidgetArea,
            m_inspectorHeader);
    m_threadTable = newTable(&m_threads, tr("Threads"), this);
    m_moduleTable = newTable(&m_modules, tr("Modules"), this);
    m_bookmarkTable = newTable(&m_document.bookmarks(), tr("Bookmarks"), this);
    m_bookmarkTable->setEditTriggers(QAbstractItemView::EditKeyPressed
                                     | QAbstractItemView::SelectedClicked);
    QDockWidget* threads = addDock(QStringLiteral("threads"), tr("Threads"), m_threadTable,
                                   Qt::BottomDockWidgetArea, nullptr);
    QDockWidget* modules = addDock(QStringLiteral("modules"), tr("Modules"), m_moduleTable,
                                   Qt::BottomDockWidgetArea, nullptr);
    QDockWidget* bookmarks = addDock(QStringLiteral("bookmarks"), tr("Bookmarks"), m_bookmarkTable,
                                     Qt::BottomDockWidgetArea, nullptr);
    tabifyDockWidget(threads, modules);
    tabifyDockWidget(modules, bookmarks);
    threads->raise();
    for (QDockWidget* dock : {threads, modules, bookmarks})
        dock->setVisible(false);
    m_dockButtons = new DockButtons({threads, modules, bookmarks}, m_tabs);
    m_tabs->setCornerWidget(m_dockButtons);
    m_tabs->installEventFilter(this);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    resizeDocks({m_docks[0], m_docks[1]}, {396, 372}, Qt::Horizontal);
}

void MainWindow::fitDockButtons()
{
    // What the tabs leave over; the corner is taken from them.
    const QTabBar* bar = m_tabs->tabBar();
    int tabs = 0;
    for (int tab = 0; tab < bar->count(); ++tab)
        tabs += bar->isTabVisible(tab) ? bar->tabRect(tab).width() : 0;
    m_dockButtons->fit(m_tabs->width() - tabs - 24);
}

void MainWindow::makeMenus()
{
    const auto add = [this](const QString& title, const QList<QAction*>& actions) {
        QMenu* menu = menuBar()->addMenu(title);
        for (QAction* action : actions)
            menu->addAction(action ? action : newSeparator(menu));
        return menu;
    };
    add(tr("&File"),
        {m_actions.open, m_actions.openSample, nullptr, m_actions.takeSession,
         m_actions.saveSession, m_actions.saveReport, nullptr, m_actions.exportCopy, nullptr,
         m_actions.close, m_actions.quit});
    add(tr("&Edit"),
        {m_actions.undo, m_actions.redo, nullptr, m_actions.copyHex, m_actions.copyText,
         m_actions.copyAddress, nullptr, m_actions.find, m_actions.findNext,
         m_actions.findPrevious});
    QMenu* view = add(tr("&View"),
                      {m_actions.filter, nullptr, m_actions.zoomIn, m_actions.zoomOut,
                       m_actions.zoomReset, nullptr});
    for (QDockWidget* dock : m_docks)
        view->addAction(dock->toggleViewAction());
    view->addSeparator();
    addAppearanceMenu(view->addMenu(tr("&Appearance")));
    add(tr("&Go"),
        {m_actions.goTo,
         m_actions.goToCrash,
         nullptr,
         m_actions.back,
         m_actions.forward,
         nullptr,
         m_actions.nextFinding,
         m_actions.previousFinding,
         m_actions.nextUndecided,
         m_actions.nextPlace,
         m_actions.previousPlace,
         nullptr,
         m_actions.nextRegion,
         m_actions.previousRegion,
         nullptr,
         m_actions.bookmark,
         m_actions.nextBookmark,
         m_actions.previousBookmark,
         nullptr,
         m_actions.nextChange,
         m_actions.previousChange});
    add(tr("&Triage"), m_actions.verdicts());
    add(tr("T&ools"),
        {m_actions.scanAgain, m_actions.packs, m_actions.cancel, m_actions.restart, nullptr,
         m_actions.compareWith, m_actions.checkSandbox});
    add(tr("&Help"), {m_actions.help, m_actions.about});
}

void MainWindow::addAppearanceMenu(QMenu* menu)
{
    auto* group = new QActionGroup(this);
    const std::pair<Appearance, QString> looks[] = {
        {Appearance::System, tr("As the system")},
        {Appearance::Light, tr("Light")},
        {Appearance::Dark, tr("Dark")},
        {Appearance::HighContrastLight, tr("High contrast, light")},
        {Appearance::HighContrastDark, tr("High contrast, dark")},
    };
    for (const auto& [appearance, name] : looks) {
        QAction* action = menu->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_theme.appearance() == appearance);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, appearance = appearance] {
            m_theme.setAppearance(appearance);
            m_settings.setAppearance(appearance);
        });
    }
}

void MainWindow::makeToolBar()
{
    QToolBar* bar = addToolBar(tr("Tool bar"));
    bar->setObjectName(QStringLiteral("toolbar"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    for (QAction* action : {m_actions.open, m_actions.scanAgain, m_actions.undo, m_actions.goTo})
        bar->addAction(action);
    auto* gap = new QWidget(bar);
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(gap);
    m_search = new SearchField(bar);
    m_search->setPlaceholderText(
        tr("Search text, hex, regex, number  %1", "key")
            .arg(m_actions.find->shortcut().toString(QKeySequence::NativeText)));
    m_search->setAccessibleName(tr("Search the dump"));
    m_search->setToolTip(tr("Text; bytes as de ad be ef or hex:deadbeef; a pointer as 0x7f…; a "
                            "number as u16:, u32: or u64:; a regular expression as re:…; text: "
                            "for everything else"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(120);
    m_search->setMaximumWidth(420);
    m_search->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bar->addWidget(m_search);
    bar->addAction(m_actions.exportCopy);
    if (QWidget* button = bar->widgetForAction(m_actions.exportCopy))
        button->setProperty("primary", true);
}

void MainWindow::makeStatusBar()
{
    m_status = new StatusLine(this);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_status, 1);
}

void MainWindow::restoreLayout()
{
    if (!restoreGeometry(m_settings.geometry())) {
        // No larger than the screen with room for the frame that the desktop puts around.
        const QSize room = screen()->availableSize() - QSize(40, 60);
        resize(QSize(1600, 1000).boundedTo(room));
    }
    m_layout = m_settings.layout();
    if (m_layout.isEmpty())
        m_layout = saveState();
}

void MainWindow::fitDocks()
{
    // In a narrow window the text beside the bytes comes before the full width of the panels.
    const int separator = style()->pixelMetric(QStyle::PM_DockWidgetSeparatorExtent, nullptr, this);
    const int each = (width() - m_dumpPage->hex().sizeHint().width()) / 2 - separator;
    resizeDocks({m_docks[0], m_docks[1]},
                {std::clamp(each, leastDock, 396), std::clamp(each, leastDock, 372)},
                Qt::Horizontal);
}

void MainWindow::showDocks(bool shown)
{
    const bool areShown = m_pages->currentWidget() == m_tabs;
    if (shown == areShown)
        return;
    if (!shown)
        m_layout = saveState();
    m_pages->setCurrentWidget(shown ? static_cast<QWidget*>(m_tabs) : m_firstPage);
    if (shown) {
        restoreState(m_layout);
        // When the bytes have their columns. Else the search field has the keys, which decide on
        // findings. Not the list, which would make the first finding that arrives the current one.
        const auto settle = [this] {
            if (m_settings.layout().isEmpty())
                fitDocks();
            m_dumpPage->hex().setFocus();
        };
        QMetaObject::invokeMethod(this, settle, Qt::QueuedConnection);
        return;
    }
    for (QDockWidget* dock : m_docks)
        dock->setVisible(false);
}

} // namespace coredact
