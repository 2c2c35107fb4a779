// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/inspector.h"

#include "widgets/inspector/buttonrow.h"
#include "widgets/inspector/datapanel.h"
#include "widgets/inspector/keybutton.h"
#include "widgets/inspector/severityicon.h"
#include "widgets/preview/previewview.h"
#include "widgets/theme/fonts.h"

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace coredact {

namespace {

constexpr int mostPlacesShown = 7;
constexpr int widestPlaceColumn = 20; ///< in characters

/// For text of any origin: never rich text, so that a dump cannot draw or link.
QLabel* plainLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

QLabel* caption(const QString& text, QWidget* parent)
{
    auto* label = plainLabel(parent);
    label->setText(text);
    label->setProperty("rank", QStringLiteral("caption"));
    return label;
}

} // namespace

Inspector::Inspector(QWidget* parent)
    : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* inside = new QWidget(this);
    inside->setProperty("surface", QStringLiteral("panel"));
    inside->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);

    m_empty = plainLabel(inside);
    m_empty->setProperty("rank", QStringLiteral("dim"));
    m_empty->setText(tr("Select a finding to see what it is and what to do about it."));
    column->addWidget(m_empty);
    m_body = new QWidget(inside);
    column->addWidget(m_body);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(12);
    body->addWidget(makeHead());
    m_explanation = plainLabel(m_body);
    m_explanation->setProperty("rank", QStringLiteral("dim"));
    body->addWidget(m_explanation);
    body->addWidget(m_proofBox = makeBox("proof", tr("Proof"), m_proof));
    body->addWidget(m_evidenceBox = makeBox("true", tr("Evidence"), m_evidence));
    body->addWidget(m_adviceBox = makeBox("advice", tr("What to do"), m_advice));
    body->addWidget(makeButtons());
    m_places = new QTableView(m_body);
    m_places->setProperty("card", true);
    body->addWidget(m_places);
    m_preview = new PreviewView(m_body);
    body->addWidget(m_preview);
    m_note = new QLineEdit(m_body);
    m_note->setPlaceholderText(tr("Note"));
    m_note->setAccessibleName(tr("Note on this finding"));
    m_note->setMaxLength(2000);
    body->addWidget(m_note);

    column->addWidget(caption(tr("At the cursor"), inside));
    m_values = new DataPanel(inside);
    column->addWidget(m_values);
    column->addStretch(1);
    setWidget(inside);

    m_places->setModel(&m_occurrences);
    connect(m_places, &QTableView::clicked, this, &Inspector::occurrenceClicked);
    connect(m_places, &QTableView::activated, this, &Inspector::occurrenceClicked);
    connect(m_note, &QLineEdit::editingFinished, this, [this] { emit noteEdited(m_note->text()); });
    // After the field has told of what was typed.
    connect(m_note, &QLineEdit::returnPressed, this, &Inspector::noteLeft, Qt::QueuedConnection);
    auto* escape
        = new QShortcut(QKeySequence(Qt::Key_Escape), m_note, nullptr, nullptr, Qt::WidgetShortcut);
    connect(escape, &QShortcut::activated, this, [this] {
        m_note->setText(m_noted);
        emit noteLeft();
    });
    showFinding(nullptr, {});
}

QWidget* Inspector::makeHead()
{
    auto* head = new QWidget(m_body);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    m_icon = new SeverityIcon(head);
    m_title = plainLabel(head);
    m_title->setProperty("rank", QStringLiteral("title"));
    line->addWidget(m_icon);
    line->addWidget(m_title, 1);
    column->addLayout(line);
    m_kind = plainLabel(head);
    m_kind->setProperty("rank", QStringLiteral("dim"));
    column->addWidget(m_kind);

    // No form: with rows that are hidden it does not give texts of several lines their height.
    auto* facts = new QGridLayout;
    facts->setContentsMargins(0, 0, 0, 0);
    facts->setHorizontalSpacing(24);
    facts->setVerticalSpacing(5);
    facts->setColumnStretch(1, 1);
    QLabel* name = nullptr;
    addFact(facts, name, m_where, tr("Where"));
    addFact(facts, m_identityName, m_identity, tr("Identity"));
    addFact(facts, m_belongsName, m_belongs, tr("Belongs to"));
    addFact(facts, name, m_rule, tr("Rule"));
    addFact(facts, name, m_verdict, tr("Verdict"));
    column->addLayout(facts);
    return head;
}

void Inspector::addFact(QGridLayout* facts, QLabel*& name, QLabel*& value, const QString& text)
{
    name = plainLabel(m_body);
    name->setText(text);
    name->setProperty("rank", QStringLiteral("dim"));
    name->setWordWrap(false);
    value = plainLabel(m_body);
    const int row = facts->rowCount();
    for (QLabel* label : {name, value})
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    facts->addWidget(name, row, 0);
    facts->addWidget(value, row, 1);
}

QFrame* Inspector::makeBox(const char* kind, const QString& title, QLabel*& text)
{
    auto* box = new QFrame(m_body);
    box->setProperty("card", QString::fromLatin1(kind));
    auto* inside = new QVBoxLayout(box);
    inside->setContentsMargins(12, 8, 12, 8);
    inside->setSpacing(3);
    auto* head = plainLabel(box);
    head->setText(title);
    QFont bold = head->font();
    bold.setBold(true);
    head->setFont(bold);
    inside->addWidget(head);
    text = plainLabel(box);
    inside->addWidget(text);
    return box;
}

QWidget* Inspector::makeButtons()
{
    auto* redact = new KeyButton(tr("Redact"), QStringLiteral("R"));
    redact->setProperty("primary", true);
    auto* keep = new KeyButton(tr("Keep…"), QStringLiteral("K"));
    m_reveal = new KeyButton(tr("Reveal"), QStringLiteral("V"));
    connect(redact, &QPushButton::clicked, this, &Inspector::redactWanted);
    connect(keep, &QPushButton::clicked, this, &Inspector::keepWanted);
    connect(m_reveal, &QPushButton::clicked, this, &Inspector::revealWanted);
    return new ButtonRow({redact, keep, m_reveal}, m_body);
}

void Inspector::dressPlaces()
{
    m_places->setFont(scaled(monospaceFont(font()), 92));
    m_places->horizontalHeader()->setVisible(false);
    m_places->verticalHeader()->setVisible(false);
    m_places->setShowGrid(false);
    m_places->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_places->setSelectionMode(QAbstractItemView::SingleSelection);
    m_places->setTabKeyNavigation(false);
    m_places->setWordWrap(false);
    m_places->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_places->setAccessibleName(tr("Places of this secret"));
    const int rowHeight = m_places->fontMetrics().height() + 5;
    m_places->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_places->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_places->horizontalHeader()->setStretchLastSection(false);
    m_places->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    // Where it lies takes what is left; a tool tip spells out what is cut off.
    m_places->horizontalHeader()->setSectionResizeMode(OccurrencesModel::RegionColumn,
                                                       QHeaderView::Stretch);
    m_places->horizontalHeader()->setMaximumSectionSize(m_places->fontMetrics().averageCharWidth()
                                                        * widestPlaceColumn);
    m_places->setColumnHidden(OccurrencesModel::SizeColumn, true);
    const int rows = std::clamp(m_occurrences.rowCount(), 1, mostPlacesShown);
    m_places->setFixedHeight(rows * rowHeight + 6);
}

QSize Inspector::minimumSizeHint() const
{
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    const QMargins margins = widget()->layout()->contentsMargins();
    const int body = m_body->minimumSizeHint().width() + margins.left() + margins.right();
    return {std::max(widget()->minimumSizeHint().width(), body) + bar, 200};
}

void Inspector::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange && m_places)
        dressPlaces();
    QScrollArea::changeEvent(event);
}

} // namespace coredact
