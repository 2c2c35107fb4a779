// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/document.h"

#include <QScrollArea>
#include <QTimer>

class QFormLayout;
class QVBoxLayout;

namespace coredact {

/// The dump on one page: the file, the process, what was found, what was covered, and what is
/// worth knowing about the file. Rebuilt when the document moves on.
class SummaryPage : public QScrollArea {
    Q_OBJECT

public:
    explicit SummaryPage(Document& document, QWidget* parent = nullptr);

    /// All texts, line by line; what a test or a screen reader reads.
    QStringList lines() const { return m_lines; }

private:
    void rebuild();
    QFormLayout* addSection(const QString& title);
    void addLine(QFormLayout* section, const QString& name, const QString& text);
    void addFile();
    void addProcess();
    void addFindings();
    void addCoverage();
    void addThreads();
    void addProtection();

    Document& m_document;
    QTimer m_soon;
    QWidget* m_page = nullptr;
    QVBoxLayout* m_column = nullptr;
    QStringList m_lines;
};

} // namespace coredact
