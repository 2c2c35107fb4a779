// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/signingchoice.h"

#include "models/keyfile.h"
#include "models/texts.h"
#include "widgets/export/checklist.h"
#include "widgets/jobs/filechoice.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace coredact {

SigningChoice::SigningChoice(QWidget* parent)
    : QWidget(parent)
    , m_wanted(new QCheckBox(tr("&Sign the certificate with the key"), this))
    , m_path(new QLineEdit(this))
    , m_browse(new QPushButton(tr("Browse…"), this))
    , m_words(newPlainLabel(this))
{
    m_wanted->setToolTip(tr("An Ed25519 key as coredact-cli keygen makes it, without a passphrase. "
                            "Only this window reads it, and it remembers nothing of it."));
    m_path->setAccessibleName(tr("Path of the signing key"));
    m_path->setPlaceholderText(tr("private key file"));
    m_words->setProperty("rank", QStringLiteral("dim"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(m_wanted, 0, 0);
    grid->addWidget(m_path, 0, 1);
    grid->addWidget(m_browse, 0, 2);
    grid->addWidget(m_words, 1, 1, 1, 2);
    connect(m_wanted, &QCheckBox::toggled, this, &SigningChoice::look);
    connect(m_path, &QLineEdit::textChanged, this, &SigningChoice::look);
    connect(m_browse, &QPushButton::clicked, this, &SigningChoice::browse);
    look();
}

bool SigningChoice::wanted() const { return m_wanted->isChecked(); }

Result<std::shared_ptr<const SigningKey>> SigningChoice::key() const
{
    if (!wanted())
        return std::shared_ptr<const SigningKey>();
    auto key = readSigningKey(m_path->text().trimmed());
    if (!key)
        return key.error();
    return std::make_shared<const SigningKey>(std::move(*key));
}

void SigningChoice::look()
{
    for (QWidget* part : {static_cast<QWidget*>(m_path), static_cast<QWidget*>(m_browse)})
        part->setEnabled(wanted());
    const bool named = !m_path->text().trimmed().isEmpty();
    const auto found = named ? key() : Result<std::shared_ptr<const SigningKey>>(nullptr);
    m_usable = !wanted() || (found && *found);
    if (!wanted())
        m_words->clear();
    else if (!named)
        m_words->setText(tr("Say which key signs."));
    else if (!found)
        m_words->setText(Texts::error(found.error()));
    else
        m_words->setText(tr("Public key: %1", "fingerprint")
                             .arg(Texts::fromUtf8((*found)->publicKey().fingerprint())));
    m_words->setVisible(wanted());
    emit changed();
}

void SigningChoice::browse()
{
    const QString path = chooseFileToOpen(this, tr("Key that signs the certificate"));
    if (!path.isEmpty())
        m_path->setText(path);
}

} // namespace coredact
