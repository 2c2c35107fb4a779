// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/actions.h"

#include <QCoreApplication>

namespace coredact {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Actions)
};

QAction* make(QObject* parent, const QString& text, const QKeySequence& key = {})
{
    auto* action = new QAction(text, parent);
    if (!key.isEmpty())
        action->setShortcut(key);
    return action;
}

QKeySequence key(const char* keys) { return QKeySequence(QLatin1String(keys)); }

} // namespace

Actions::Actions(QObject* parent)
    : open(make(parent, Words::tr("&Open…"), QKeySequence::Open))
    , openSample(make(parent, Words::tr("Open the &sample")))
    , takeSession(make(parent, Words::tr("&Take over decisions…")))
    , saveSession(make(parent, Words::tr("Save session &as…"), QKeySequence::SaveAs))
    , saveReport(make(parent, Words::tr("Save &report…")))
    , exportCopy(make(parent, Words::tr("&Export redacted copy…"), key("Ctrl+Shift+E")))
    , close(make(parent, Words::tr("&Close the dump"), QKeySequence::Close))
    , quit(make(parent, Words::tr("&Quit"), QKeySequence::Quit))
    , undo(make(parent, Words::tr("&Undo"), QKeySequence::Undo))
    , redo(make(parent, Words::tr("&Redo")))
    , copyHex(make(parent, Words::tr("Copy as &hex")))
    , copyText(make(parent, Words::tr("Copy as &text")))
    , copyAddress(make(parent, Words::tr("Copy the &address")))
    , find(make(parent, Words::tr("&Search"), QKeySequence::Find))
    , findNext(make(parent, Words::tr("Search &next"), key("F3")))
    , findPrevious(make(parent, Words::tr("Search &previous"), key("Shift+F3")))
    , goTo(make(parent, Words::tr("&Go to…"), key("Ctrl+G")))
    , back(make(parent, Words::tr("&Back"), key("Alt+Left")))
    , forward(make(parent, Words::tr("&Forward"), key("Alt+Right")))
    , nextFinding(make(parent, Words::tr("&Next finding"), key("N")))
    , previousFinding(make(parent, Words::tr("&Previous finding"), key("P")))
    , nextUndecided(make(parent, Words::tr("Next &undecided finding"), key("Shift+N")))
    , nextPlace(make(parent, Words::tr("Next p&lace of the secret"), key("F4")))
    , previousPlace(make(parent, Words::tr("Pre&vious place of the secret"), key("Shift+F4")))
    , goToCrash(make(parent, Words::tr("To the &crash")))
    , nextRegion(make(parent, Words::tr("Next re&gion"), key("Alt+Down")))
    , previousRegion(make(parent, Words::tr("Previous reg&ion"), key("Alt+Up")))
    , bookmark(make(parent, Words::tr("Set or remove a book&mark"), key("Ctrl+B")))
    , nextBookmark(make(parent, Words::tr("Next b&ookmark"), key("F6")))
    , previousBookmark(make(parent, Words::tr("Previous boo&kmark"), key("Shift+F6")))
    , redact(make(parent, Words::tr("&Redact"), key("R")))
    , keep(make(parent, Words::tr("&Keep…"), key("K")))
    , keepFalsePositive(make(parent, Words::tr("Keep: &false positive")))
    , keepTestData(make(parent, Words::tr("Keep: &test data")))
    , keepAcceptedRisk(make(parent, Words::tr("Keep: &accepted risk")))
    , keepRevoked(make(parent, Words::tr("Keep: re&voked")))
    , undecide(make(parent, Words::tr("&Undecided"), key("U")))
    , note(make(parent, Words::tr("&Note"), key("Ctrl+Return")))
    , reveal(make(parent, Words::tr("Re&veal for 10 seconds"), key("V")))
    , scanAgain(make(parent, Words::tr("&Scan again"), key("F5")))
    , packs(make(parent, Words::tr("Rule &packs…")))
    , cancel(make(parent, Words::tr("&Cancel the job")))
    , restart(make(parent, Words::tr("&Restart the engine")))
    , checkSandbox(make(parent, Words::tr("Check the san&dbox")))
    , compareWith(make(parent, Words::tr("Co&mpare with a copy…"), key("Ctrl+D")))
    , nextChange(make(parent, Words::tr("Next c&hange of the copy"), key("F7")))
    , previousChange(make(parent, Words::tr("Previous chan&ge of the copy"), key("Shift+F7")))
    , zoomIn(make(parent, Words::tr("&Larger bytes"), QKeySequence::ZoomIn))
    , zoomOut(make(parent, Words::tr("&Smaller bytes"), QKeySequence::ZoomOut))
    , zoomReset(make(parent, Words::tr("&Usual size"), key("Ctrl+0")))
    , filter(make(parent, Words::tr("&Filter findings"), key("Ctrl+L")))
    , help(make(parent, Words::tr("&Keys"), key("?")))
    , about(make(parent, Words::tr("&About Coredact")))
{
    // Their text in menus names the act; elsewhere the plain word is enough.
    undo->setIconText(Words::tr("Undo"));
    redo->setIconText(Words::tr("Redo"));
    redo->setShortcuts({key("Ctrl+Y"), key("Ctrl+Shift+Z")});
    help->setShortcuts({key("?"), key("F1")});
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);
}

QList<QAction*> Actions::verdicts() const
{
    return {
        redact,      keep,    undecide, nullptr, keepFalsePositive, keepTestData, keepAcceptedRisk,
        keepRevoked, nullptr, note,     reveal};
}

QList<QAction*> Actions::keys() const
{
    return {redact,
            keep,
            undecide,
            reveal,
            note,
            nextFinding,
            previousFinding,
            nextUndecided,
            nextPlace,
            previousPlace,
            goTo,
            back,
            forward,
            nextRegion,
            previousRegion,
            bookmark,
            nextBookmark,
            previousBookmark,
            compareWith,
            nextChange,
            previousChange,
            find,
            findNext,
            findPrevious,
            filter,
            undo,
            redo,
            open,
            exportCopy,
            scanAgain,
            zoomIn,
            zoomOut,
            help};
}

} // namespace coredact
