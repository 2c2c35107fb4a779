// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QObject>

class QMenuBar;
class QToolBar;

namespace coredact {

/// Everything that a person can do in the window, with its words and keys. Owned by the parent.
struct Actions {
    explicit Actions(QObject* parent);

    QAction* open;
    QAction* openSample;
    QAction* takeSession;
    QAction* saveSession;
    QAction* saveReport;
    QAction* exportCopy;
    QAction* close;
    QAction* quit;

    QAction* undo; ///< texts and state follow the undo stack
    QAction* redo;
    QAction* copyHex;
    QAction* copyText;
    QAction* copyAddress;
    QAction* find;
    QAction* findNext;
    QAction* findPrevious;

    QAction* goTo;
    QAction* back;
    QAction* forward;
    QAction* nextFinding;
    QAction* previousFinding;
    QAction* nextUndecided;
    QAction* nextPlace;
    QAction* previousPlace;
    QAction* goToCrash;
    QAction* nextRegion;
    QAction* previousRegion;
    QAction* bookmark; ///< sets or removes one
    QAction* nextBookmark;
    QAction* previousBookmark;

    QAction* redact;
    QAction* keep;
    QAction* keepFalsePositive;
    QAction* keepTestData;
    QAction* keepAcceptedRisk;
    QAction* keepRevoked;
    QAction* undecide;
    QAction* note;
    QAction* reveal;

    QAction* scanAgain;
    QAction* packs;
    QAction* cancel;
    QAction* restart;
    QAction* checkSandbox;
    QAction* compareWith;
    QAction* nextChange; ///< of a comparison
    QAction* previousChange;

    QAction* zoomIn;
    QAction* zoomOut;
    QAction* zoomReset;
    QAction* filter;

    QAction* help;
    QAction* about;

    /// Those of the context menu over findings; null is a separator.
    QList<QAction*> verdicts() const;
    /// Those that the help overlay lists.
    QList<QAction*> keys() const;
};

} // namespace coredact
