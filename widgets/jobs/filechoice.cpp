// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/jobs/filechoice.h"

#include <QFileDialog>
#include <QFileInfo>

namespace coredact {

namespace {

QString choose(QFileDialog& dialog)
{
    dialog.setOption(QFileDialog::DontUseNativeDialog);
    dialog.setOption(QFileDialog::DontUseCustomDirectoryIcons);
    dialog.setFilter(QDir::AllDirs | QDir::Files | QDir::NoDotAndDotDot | QDir::Hidden);
    dialog.resize(820, 520);
    if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty())
        return {};
    return dialog.selectedFiles().constFirst();
}

} // namespace

QString chooseFileToOpen(QWidget* parent, const QString& title, const QString& filter)
{
    QFileDialog dialog(parent, title);
    dialog.setFileMode(QFileDialog::ExistingFile);
    if (!filter.isEmpty())
        dialog.setNameFilter(filter);
    return choose(dialog);
}

QString chooseFileToSave(QWidget* parent, const QString& title, const QString& suggestion,
                         const QString& filter)
{
    QFileDialog dialog(parent, title, QFileInfo(suggestion).path());
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setFileMode(QFileDialog::AnyFile);
    // Nothing is ever replaced: who saves refuses an existing name with a message.
    dialog.setOption(QFileDialog::DontConfirmOverwrite);
    if (!filter.isEmpty())
        dialog.setNameFilter(filter);
    dialog.selectFile(QFileInfo(suggestion).fileName());
    return choose(dialog);
}

} // namespace coredact
