// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison.h"
#include "models/document.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace coredact {

class HexView;

/// The open dump and a copy of it, byte under byte: both move together, what differs is marked,
/// and each change says why it is there. Side by side where there is room. Secrets stay masked,
/// in the copy those that it kept: compare only once the dump is scanned. The document and the
/// comparison must outlive it.
class CompareView : public QWidget {
    Q_OBJECT

public:
    CompareView(Document& document, Comparison& comparison, QWidget* parent = nullptr);

    void stepChange(int by); ///< to the next change or the one before, and round at the ends
    int currentChange() const { return m_current; } ///< -1: none
    /// What is said of the current change, or of the comparison as a whole.
    QString said() const;
    HexView& original() { return *m_original; }
    HexView& copy() { return *m_copy; }

signals:
    void closeWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeSide(const QString& title, QLabel*& caption, HexView* hex);
    void join(HexView* moved, HexView* other);
    void showState();
    void showMarks();
    void showProgress();
    void showChange(int change);
    void say();
    QString wordsOf(const Change& change) const;

    Document& m_document;
    Comparison& m_comparison;
    QLabel* m_words = nullptr;
    QLabel* m_count = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton* m_previous = nullptr;
    QPushButton* m_next = nullptr;
    QPushButton* m_close = nullptr;
    QLabel* m_originalCaption = nullptr;
    QLabel* m_copyCaption = nullptr;
    QSplitter* m_sides = nullptr;
    HexView* m_original;
    HexView* m_copy;
    QTimer m_marksSoon; ///< one rebuild for a burst of findings
    int m_current = -1;
    bool m_joining = false; ///< one view follows the other
};

} // namespace coredact
