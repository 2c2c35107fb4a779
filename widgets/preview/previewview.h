// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/textpreview.h"

#include <KSyntaxHighlighting/Repository>

#include <QWidget>

#include <vector>

namespace coredact {

/// Shows the masked text around a secret in the colours of its language. Paints itself run by
/// run, so that no text widget keeps a copy that outlives it.
class PreviewView : public QWidget {
    Q_OBJECT

public:
    explicit PreviewView(QWidget* parent = nullptr);

    void showText(TextPreview preview); ///< an empty text shows nothing
    bool isEmpty() const { return m_preview.text.isEmpty(); }
    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Run { ///< characters of one look, inside one line
        int begin = 0;
        int length = 0;
        QColor ink; ///< invalid: the normal text colour
        bool bold = false;
        bool masked = false;
        Severity severity = Severity::Info;
    };
    void highlight();
    std::vector<Run> cut(const std::vector<Run>& runs) const;
    int columns(int width) const;
    template <typename Place>
    int layOut(int width, Place place) const;

    KSyntaxHighlighting::Repository m_repository;
    TextPreview m_preview;
    std::vector<std::vector<Run>> m_lines;
    QFont m_font;
};

} // namespace coredact
