// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/packsdialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <array>

namespace coredact {

namespace {

constexpr std::array<const char*, 3> packNames {"secrets", "wallets", "personal-data"};

QString titleOf(std::string_view pack)
{
    if (pack == "secrets")
        return PacksDialog::tr("&Secrets: keys, tokens, passwords");
    if (pack == "wallets")
        return PacksDialog::tr("&Wallets: their keys and recovery phrases");
    return PacksDialog::tr("&Personal data: cards, bank accounts, people");
}

QString useText(PackUse use)
{
    switch (use) {
    case PackUse::Redact:
        return PacksDialog::tr("redact");
    case PackUse::Show:
        return PacksDialog::tr("show, and leave in the copy");
    case PackUse::Off:
        return PacksDialog::tr("off: do not look for them");
    }
    return {};
}

} // namespace

PacksDialog::PacksDialog(const PackPolicy& before, QWidget* parent)
    : QDialog(parent)
    , m_before(before)
{
    setWindowTitle(tr("Rule packs"));
    auto* words = new QLabel(tr("What becomes of what a pack of rules finds. A finding that you "
                                "decided on yourself stays as you decided. Certificates say which "
                                "packs were left in place or off."),
                             this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    auto* form = new QFormLayout;
    for (const char* pack : packNames) {
        auto* uses = new QComboBox(this);
        uses->setObjectName(QLatin1String(pack));
        for (const PackUse use : {PackUse::Redact, PackUse::Show, PackUse::Off})
            uses->addItem(useText(use), static_cast<int>(use));
        uses->setCurrentIndex(uses->findData(static_cast<int>(before.useOf(pack))));
        form->addRow(titleOf(pack), uses);
        m_uses.emplace_back(pack, uses);
    }
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    auto* apply = new QPushButton(tr("Apply"), this);
    apply->setProperty("primary", true); // before the box gives it its looks
    buttons->addButton(apply, QDialogButtonBox::AcceptRole);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(16);
    column->addWidget(words);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    setMinimumWidth(560);
}

PackPolicy PacksDialog::packs() const
{
    PackPolicy packs = m_before;
    for (const auto& [pack, uses] : m_uses)
        packs.uses[pack] = static_cast<PackUse>(uses->currentData().toInt());
    return packs;
}

} // namespace coredact
