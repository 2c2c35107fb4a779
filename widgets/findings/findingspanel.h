// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsfilter.h"

#include <QWidget>

class QLineEdit;
class QListView;
class QLabel;

namespace coredact {

/// The list of findings with its filter: chips with live counts, a search box, several rows can
/// be selected. Forwards; decides nothing.
class FindingsPanel : public QWidget {
    Q_OBJECT

public:
    FindingsPanel(FindingsModel& model, FindingsFilter& filter, QWidget* parent = nullptr);

    /// Shown by the context menu, in order; a null pointer makes a separator.
    void setContextActions(const QList<QAction*>& actions);
    FindingPtr current() const; ///< null for none
    int currentRow() const; ///< among the shown ones, -1 for none
    std::vector<std::string> selectedIds() const;
    bool shows(const QString& id) const; ///< false also where the filter hides it
    /// Makes a finding the only selected one; clears the filter when that hides it.
    void select(const QString& id);
    enum class Step { Next, Previous };
    enum class Among { All, Undecided };
    /// False when there is no further one.
    bool step(Step step, Among among);
    void focusSearch();
    void focusList();
    /// Instead of "No findings" while that is not known yet; "" for nothing.
    void setWaiting(const QString& words);
    /// "11 secrets · 167 places".
    QString summary() const;

signals:
    void currentChanged();
    void activated(); ///< Enter or double-click: go to its bytes
    void summaryChanged();

private:
    void connectKeys();
    void updateHint();
    void selectCurrent();
    void remember();
    void restore();

    FindingsModel& m_model;
    FindingsFilter& m_filter;
    QLineEdit* m_search;
    QListView* m_list;
    QLabel* m_hint;
    QString m_waiting;
    QString m_currentId; ///< survives rows that are replaced
};

} // namespace coredact
