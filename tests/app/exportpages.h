// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "openwindow.h"
#include "plantedcore.h"

#include "widgets/export/exportdialog.h"
#include "widgets/export/planpage.h"
#include "widgets/export/signingchoice.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>

namespace coredact::test {

inline QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

inline QLineEdit& targetOf(ExportDialog& dialog)
{
    return *dialog.findChild<PlanPage*>()->findChild<QLineEdit*>();
}

inline QPushButton& exportButton(ExportDialog& dialog)
{
    for (QPushButton* button : dialog.findChildren<QPushButton*>()) {
        if (button->isDefault())
            return *button;
    }
    qFatal("the dialog has no default button");
}

inline QRadioButton& modeOf(ExportDialog& dialog, const QString& name)
{
    for (QRadioButton* choice : dialog.findChildren<QRadioButton*>()) {
        if (choice->text() == name)
            return *choice;
    }
    qFatal("the dialog has no such mode");
}

inline QRadioButton& minimise(ExportDialog& dialog)
{
    return modeOf(dialog, QStringLiteral("&Minimise"));
}

/// Chooses the key file, as by a click and typing.
inline void signWith(ExportDialog& dialog, const QString& path)
{
    auto* signing = dialog.findChild<SigningChoice*>();
    signing->findChild<QCheckBox*>()->setChecked(true);
    signing->findChild<QLineEdit*>()->setText(path);
}

inline QString textOf(QWidget& page)
{
    QStringList texts;
    for (const QLabel* label : page.findChildren<QLabel*>())
        texts << label->text();
    return texts.join(QLatin1Char('\n'));
}

inline QStringList rowsOf(QTreeWidget& tree)
{
    QStringList rows;
    for (int top = 0; top < tree.topLevelItemCount(); ++top) {
        for (int row = 0; row < tree.topLevelItem(top)->childCount(); ++row)
            rows << tree.topLevelItem(top)->child(row)->text(0);
    }
    return rows;
}

} // namespace coredact::test

#define OPEN(name, core)                                                                           \
    OpenWindow name;                                                                               \
    name.window.open((core).path);                                                                 \
    QTRY_COMPARE_WITH_TIMEOUT(name.document().state(), Document::State::Scanned, 30000)
