// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/dumppage.h"

#include "models/texts.h"
#include "widgets/hexview/findingmarks.h"

#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace coredact {

using namespace std::chrono_literals;

namespace {

MapPlace mapPlace(const BytePlace& place) { return {place.address, place.fileOffset}; }

} // namespace

DumpPage::DumpPage(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_map(new MemoryMapStrip(this))
    , m_hex(new HexView(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_map);
    column->addWidget(m_hex, 1);
    const auto titles = [this](std::uint32_t number) { return titleOf(number); };
    m_hex->setTitles(titles);
    m_map->setTitles(titles);
    m_hex->setBytes(&document.bytes());
    m_marksSoon.setSingleShot(true);
    m_marksSoon.setInterval(60ms);
    m_revealTimer.setInterval(1s);

    connect(&m_marksSoon, &QTimer::timeout, this, &DumpPage::showMarks);
    connect(&m_revealTimer, &QTimer::timeout, this, &DumpPage::tick);
    connect(&document, &Document::dumpOpened, this, &DumpPage::showDump);
    // The final list masks at once: it may hold what the scan had not told before.
    connect(&document, &Document::stateChanged, this, [this](Document::State state) {
        if (state == Document::State::Scanned)
            showMarks();
    });
    const auto soon = [this] {
        if (!m_marksSoon.isActive())
            m_marksSoon.start();
    };
    const FindingsModel& model = document.findingsModel();
    connect(&model, &QAbstractItemModel::rowsInserted, this, soon);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, soon);
    connect(&model, &QAbstractItemModel::dataChanged, this, soon);
    connect(&model, &QAbstractItemModel::modelReset, this, soon);
    connect(m_hex, &HexView::viewMoved, this, &DumpPage::showLens);
    const auto picked = [this](quint32 number) {
        if (number < m_marks.findings().size())
            emit findingPicked(Texts::fromUtf8(m_marks.findings()[number]->id));
    };
    connect(m_hex, &HexView::findingPicked, this, picked);
    connect(m_map, &MemoryMapStrip::findingPicked, this, picked);
    const auto marked = [this] { showBookmarks(); };
    connect(&document.bookmarks(), &Bookmarks::changed, this, marked);
    connect(&document.bookmarks(), &QAbstractItemModel::modelReset, this, marked);
    connect(m_map, &MemoryMapStrip::placeWanted, this, [this](const MapPlace& place) {
        emit leaving();
        if (place.address)
            m_hex->goToAddress(*place.address);
        else
            m_hex->goToOffset(place.fileOffset);
    });
}

void DumpPage::showDump()
{
    const auto& dump = m_document.dump();
    if (!dump)
        return;
    m_hex->setLayoutOfBytes(std::make_shared<const ByteLayout>(ByteLayout::memoryOrder(*dump)));
    m_map->setDump(*dump);
    showBookmarks();
    showMarks();
    showLens();
}

void DumpPage::showMarks()
{
    m_marksSoon.stop();
    m_marks = Marks(m_document.findingsModel().findings());
    std::vector<MapTick> ticks;
    for (const Mark& mark : m_marks.all()) {
        const Finding& finding = *m_marks.findings()[mark.finding];
        const Verdict verdict = m_document.verdicts().decisionFor(finding.id).verdict;
        if (mark.first && m_document.places()) {
            const std::uint64_t offset = mark.file.first();
            ticks.push_back({{m_document.places()->addressOf(offset), offset},
                             mark.finding,
                             mark.severity,
                             verdict});
        }
    }
    m_hex->setMarks(hexMarksOf(m_marks, m_document.verdicts()));
    m_map->setTicks(ticks);
    if (revealing())
        m_hex->setRevealed(numberOf(m_revealed));
    emit marksChanged();
}

void DumpPage::showBookmarks()
{
    std::vector<FileRange> ranges;
    std::vector<MapPlace> places;
    for (const Bookmark& bookmark : m_document.bookmarks().all()) {
        const std::uint64_t offset = bookmark.place.first();
        ranges.push_back(bookmark.place);
        if (m_document.places())
            places.push_back({m_document.places()->addressOf(offset), offset});
    }
    m_hex->setBookmarks(ranges);
    m_map->setBookmarks(std::move(places));
}

void DumpPage::showLens()
{
    const auto visible = m_hex->visible();
    if (!visible)
        return m_map->setLens(std::nullopt);
    m_map->setLens(std::pair(mapPlace(visible->first), mapPlace(visible->last)));
}

FindingPtr DumpPage::findingAtCursor() const
{
    const auto place = m_hex->cursorPlace();
    return place ? m_marks.at(place->fileOffset) : nullptr;
}

bool DumpPage::cursorIsOn(const Finding& finding) const
{
    const auto place = m_hex->cursorPlace();
    if (!place)
        return false;
    const auto marks = m_marks.near(place->fileOffset, place->fileOffset + 1);
    return std::any_of(marks.begin(), marks.end(), [&](const Mark& mark) {
        return mark.file.contains(place->fileOffset)
            && m_marks.findings()[mark.finding]->id == finding.id;
    });
}

FindingPtr DumpPage::aimedAt(const FindingPtr& current) const
{
    if (!m_hex->hasFocus() || (current && cursorIsOn(*current)))
        return nullptr;
    return findingAtCursor();
}

bool DumpPage::goTo(std::uint64_t fileOffset) { return m_hex->goToOffset(fileOffset); }

bool DumpPage::select(FileRange range) { return m_hex->select(range); }

std::optional<std::uint32_t> DumpPage::numberOf(const std::string& finding) const
{
    for (std::size_t number = 0; number < m_marks.findings().size(); ++number) {
        if (m_marks.findings()[number]->id == finding)
            return static_cast<std::uint32_t>(number);
    }
    return std::nullopt;
}

QString DumpPage::titleOf(std::uint32_t number) const
{
    return number < m_marks.findings().size() ? Texts::rule(m_marks.findings()[number]->title)
                                              : QString();
}

void DumpPage::reveal(const std::string& finding)
{
    if (m_marksSoon.isActive())
        showMarks();
    m_revealed = finding;
    m_secondsLeft = revealSeconds;
    m_hex->setRevealed(numberOf(finding));
    m_revealTimer.start();
    emit revealChanged(m_secondsLeft);
}

void DumpPage::mask()
{
    if (!revealing())
        return;
    m_secondsLeft = 0;
    m_revealTimer.stop();
    m_hex->setRevealed(std::nullopt);
    emit revealChanged(0);
}

void DumpPage::tick()
{
    if (m_secondsLeft <= 1)
        return mask();
    --m_secondsLeft;
    emit revealChanged(m_secondsLeft);
}

} // namespace coredact
