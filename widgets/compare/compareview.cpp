// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compareview.h"

#include "models/figures.h"
#include "models/texts.h"
#include "widgets/hexview/findingmarks.h"
#include "widgets/hexview/hexview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QVBoxLayout>

#include <chrono>

namespace coredact {

namespace {

QLabel* newLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

CompareView::CompareView(Document& document, Comparison& comparison, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_comparison(comparison)
    , m_original(new HexView(this))
    , m_copy(new HexView(this))
{
    m_original->setAccessibleName(tr("Bytes of the original"));
    m_copy->setAccessibleName(tr("Bytes of the copy"));
    m_original->setBytes(&document.bytes());
    m_copy->setBytes(&comparison.bytes());
    m_sides = new QSplitter(Qt::Vertical, this);
    m_sides->setChildrenCollapsible(false);
    m_sides->addWidget(makeSide(tr("Original"), m_originalCaption, m_original));
    m_sides->addWidget(makeSide(tr("Copy"), m_copyCaption, m_copy));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_sides, 1);
    m_marksSoon.setSingleShot(true);
    m_marksSoon.setInterval(std::chrono::milliseconds(60));
    connect(&m_marksSoon, &QTimer::timeout, this, &CompareView::showMarks);
    const auto soon = [this] {
        if (!m_marksSoon.isActive())
            m_marksSoon.start();
    };
    const FindingsModel& model = document.findingsModel();
    connect(&model, &QAbstractItemModel::dataChanged, this, soon);
    connect(&model, &QAbstractItemModel::rowsInserted, this, soon);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, soon);
    connect(&model, &QAbstractItemModel::modelReset, this, soon);
    join(m_original, m_copy);
    join(m_copy, m_original);
    connect(&comparison, &Comparison::stateChanged, this, &CompareView::showState);
    connect(&comparison, &Comparison::progressChanged, this, &CompareView::showProgress);
    showState();
}

QWidget* CompareView::makeBar()
{
    auto* bar = new QWidget(this);
    m_words = newLabel(bar);
    m_words->setWordWrap(true);
    m_count = newLabel(bar);
    m_count->setProperty("rank", QStringLiteral("dim"));
    m_bar = new QProgressBar(bar);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(120, 8);
    m_bar->setAccessibleName(tr("Progress of the comparison"));
    m_previous = new QPushButton(tr("Previous change"), bar);
    m_next = new QPushButton(tr("Next change"), bar);
    m_close = new QPushButton(tr("End the comparison"), bar);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(8);
    row->addWidget(m_bar);
    row->addWidget(m_words, 1);
    row->addWidget(m_count);
    for (QPushButton* button : {m_previous, m_next, m_close})
        row->addWidget(button);
    connect(m_previous, &QPushButton::clicked, this, [this] { stepChange(-1); });
    connect(m_next, &QPushButton::clicked, this, [this] { stepChange(1); });
    connect(m_close, &QPushButton::clicked, this, &CompareView::closeWanted);
    return bar;
}

QWidget* CompareView::makeSide(const QString& title, QLabel*& caption, HexView* hex)
{
    auto* side = new QWidget(this);
    caption = newLabel(side);
    caption->setText(title);
    caption->setProperty("rank", QStringLiteral("dim"));
    caption->setContentsMargins(12, 4, 12, 4);
    caption->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(caption);
    column->addWidget(hex, 1);
    return side;
}

void CompareView::join(HexView* moved, HexView* other)
{
    connect(moved, &HexView::viewMoved, this, [this, moved, other] {
        if (m_joining)
            return;
        const QScopedValueRollback joining(m_joining, true);
        other->setTopRow(moved->topRow());
    });
    connect(moved, &HexView::zoomChanged, other, &HexView::setZoom);
    connect(moved, &HexView::cursorMoved, this, [this, moved, other](const BytePlace& place) {
        if (m_joining)
            return;
        const QScopedValueRollback joining(m_joining, true);
        other->goToOffset(place.fileOffset);
        other->setTopRow(moved->topRow());
        const int change = m_comparison.changeAt(place.fileOffset);
        const auto& changes = m_comparison.changes();
        const bool here = change >= 0
            && changes[static_cast<std::size_t>(change)].range.contains(place.fileOffset);
        m_current = here ? change : -1;
        say();
    });
}

void CompareView::showMarks()
{
    std::vector<HexMark> marks
        = hexMarksOf(Marks(m_document.findingsModel().findings()), m_document.verdicts());
    m_copy->setMarks(hexMarksOfCopy(marks, m_comparison.overwritten()));
    m_original->setMarks(std::move(marks));
}

void CompareView::showState()
{
    using State = Comparison::State;
    const State state = m_comparison.state();
    m_current = -1;
    m_bar->setVisible(state == State::Working);
    for (QPushButton* button : {m_previous, m_next})
        button->setEnabled(state == State::Ready && !m_comparison.changes().empty());
    std::vector<HexChange> changes;
    for (const Change& change : m_comparison.changes())
        changes.push_back({change.range, change.origin != Change::Origin::Other});
    showMarks(); // before there are bytes to show: none of a secret's is seen unmasked
    m_original->setChanges(changes);
    m_copy->setChanges(changes);
    m_copyCaption->setText(tr("Copy: %1", "file name")
                               .arg(Texts::fromDump(fileName(Texts::toUtf8(m_comparison.path())))));
    m_originalCaption->setText(tr("Original: %1", "file name").arg(m_document.name()));
    if (state == State::Ready && m_document.dump()) {
        const auto layout
            = std::make_shared<const ByteLayout>(ByteLayout::memoryOrder(*m_document.dump()));
        m_original->setLayoutOfBytes(layout);
        m_copy->setLayoutOfBytes(layout);
        if (!m_comparison.changes().empty())
            return showChange(0);
    } else {
        m_original->setLayoutOfBytes(nullptr);
        m_copy->setLayoutOfBytes(nullptr);
    }
    showProgress();
    say();
}

void CompareView::showProgress()
{
    const JobProgress& progress = m_comparison.progress();
    const bool known = progress.total > 0;
    m_bar->setRange(0, known ? 1000 : 0);
    if (known)
        m_bar->setValue(static_cast<int>(1000.0 * static_cast<double>(progress.done)
                                         / static_cast<double>(progress.total)));
    if (m_comparison.state() == Comparison::State::Working)
        m_words->setText(progress.stage.isEmpty() ? Texts::stage("compare") : progress.text());
}

void CompareView::stepChange(int by)
{
    const int count = static_cast<int>(m_comparison.changes().size());
    if (count == 0)
        return;
    int next = m_current + by;
    if (m_current < 0) {
        const auto place = m_original->cursorPlace();
        const int after = place ? m_comparison.changeAt(place->fileOffset) : 0;
        next = by > 0 ? std::max(after, 0) : (after < 0 ? count : after) - 1;
    }
    showChange((next + count) % count);
}

void CompareView::showChange(int change)
{
    m_current = change;
    m_original->goToOffset(m_comparison.changes()[static_cast<std::size_t>(change)].range.first());
    m_current = change;
    say();
}

QString CompareView::wordsOf(const Change& change) const
{
    QString why = change.reason;
    if (change.origin == Change::Origin::Other)
        why = tr("in no range of the plan");
    if (change.origin == Change::Origin::Unknown)
        why = tr("no certificate says why");
    const std::uint64_t offset = change.range.first();
    QStringList words {why, byteSizeText(change.range.size()),
                       tr("offset %1").arg(hexText(offset))};
    if (m_document.places()) {
        words << placeKindText(m_document.places()->kindAt(offset));
        if (const auto address = m_document.places()->addressOf(offset))
            words << m_document.places()->describe(*address);
    }
    words.removeAll(QString());
    words.removeDuplicates();
    return words.join(QStringLiteral(" · "));
}

void CompareView::say()
{
    using State = Comparison::State;
    const auto& changes = m_comparison.changes();
    const int count = static_cast<int>(changes.size());
    m_count->clear();
    if (m_comparison.state() == State::Failed) {
        const Error& failure = m_comparison.failure();
        return m_words->setText(
            failure.code == ErrorCode::Usage
                ? tr("This file is no copy of the open dump: it has another size.")
                : Texts::error(failure));
    }
    if (m_comparison.state() != State::Ready)
        return;
    if (count == 0)
        return m_words->setText(tr("Both files hold the same bytes."));
    if (m_current < 0) {
        m_words->setText(m_comparison.complete()
                             ? tr("%n changes", nullptr, count)
                             : tr("More than %n changes; the first are shown.", nullptr, count));
        return;
    }
    m_count->setText(
        tr("%1 of %2").arg(countText(quint64(m_current) + 1), countText(quint64(count))));
    m_words->setText(wordsOf(changes[static_cast<std::size_t>(m_current)]));
}

QString CompareView::said() const { return m_words->text(); }

void CompareView::resizeEvent(QResizeEvent* event)
{
    const bool wide = width() >= 2 * m_original->sizeHint().width();
    m_sides->setOrientation(wide ? Qt::Horizontal : Qt::Vertical);
    QWidget::resizeEvent(event);
}

} // namespace coredact
