// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/navigator.h"

#include "models/figures.h"
#include "models/texts.h"

namespace coredact {

namespace {

constexpr std::size_t mostRemembered = 200;

} // namespace

Navigator::Navigator(Document& document, DumpPage& page, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_page(page)
{
    connect(&document, &Document::found, this, &Navigator::found);
    connect(&document, &Document::searchFailed, this, &Navigator::failed);
    connect(&document, &Document::stateChanged, this, [this] {
        if (!m_document.searching())
            setSearching(false);
    });
    connect(&page, &DumpPage::leaving, this, &Navigator::leave);
}

std::optional<std::uint64_t> Navigator::here() const
{
    const auto place = m_page.hex().cursorPlace();
    return place ? std::optional(place->fileOffset) : std::nullopt;
}

void Navigator::leave()
{
    if (const auto offset = here(); offset && (m_back.empty() || m_back.back() != *offset)) {
        m_back.push_back(*offset);
        if (m_back.size() > mostRemembered)
            m_back.erase(m_back.begin());
    }
    m_forward.clear();
    emit moved();
}

bool Navigator::goToOffset(std::uint64_t fileOffset)
{
    if (!m_document.dump() || fileOffset >= m_document.dump()->size)
        return false;
    if (here() == fileOffset)
        return true;
    leave();
    return m_page.goTo(fileOffset);
}

bool Navigator::goToAddress(std::uint64_t address)
{
    if (!m_document.places())
        return false;
    const auto offset = m_document.places()->offsetOf(address);
    return offset && goToOffset(*offset);
}

bool Navigator::show(FileRange range)
{
    leave();
    return m_page.select(range);
}

QString Navigator::goToTyped(const QString& typed)
{
    const auto destination = Destination::parse(typed);
    if (!destination)
        return tr("This is no address and no offset.");
    if (destination->kind == Destination::Kind::Offset) {
        return goToOffset(destination->position)
            ? QString()
            : tr("The file ends before offset %1.").arg(hexText(destination->position));
    }
    return goToAddressOrSay(destination->position);
}

QString Navigator::goToAddressOrSay(std::uint64_t address)
{
    if (goToAddress(address))
        return {};
    const Region* region = m_document.places() ? m_document.places()->regionAt(address) : nullptr;
    if (region)
        return tr("%1 was mapped (%2), but its bytes are not in the dump.", "address, region")
            .arg(hexText(address),
                 region->name.empty() ? Texts::regionKind(region->kind)
                                      : Texts::fromDump(fileName(region->name)));
    return tr("Nothing was mapped at %1.").arg(hexText(address));
}

bool Navigator::stepRegion(Way way)
{
    const auto& places = m_document.places();
    if (!places)
        return false;
    const auto place = m_page.hex().cursorPlace();
    // What is no memory lies behind all of it.
    const std::uint64_t from = place && place->address ? *place->address : ~std::uint64_t {0};
    const auto to = way == Way::Forwards ? places->regionAfter(from) : places->regionBefore(from);
    return to && goToAddress(*to);
}

bool Navigator::stepBookmark(Way way)
{
    const Bookmarks& bookmarks = m_document.bookmarks();
    const std::uint64_t from = here().value_or(0);
    const auto to = way == Way::Forwards ? bookmarks.after(from) : bookmarks.before(from);
    return to && goToOffset(to->first());
}

void Navigator::back()
{
    if (m_back.empty())
        return;
    if (const auto offset = here())
        m_forward.push_back(*offset);
    const std::uint64_t target = m_back.back();
    m_back.pop_back();
    m_page.goTo(target);
    emit moved();
}

void Navigator::forward()
{
    if (m_forward.empty())
        return;
    if (const auto offset = here())
        m_back.push_back(*offset);
    const std::uint64_t target = m_forward.back();
    m_forward.pop_back();
    m_page.goTo(target);
    emit moved();
}

void Navigator::forget()
{
    m_back.clear();
    m_forward.clear();
    emit moved();
}

void Navigator::search(const QString& typed, Way way)
{
    if (!m_document.dump())
        return;
    const Dump& dump = *m_document.dump();
    const auto query = SearchQuery::parse(typed, dump.order, dump.wordSize);
    if (!query) {
        emit said(typed.isEmpty() ? QString() : tr("This is nothing to search for."));
        return;
    }
    m_query = *query;
    m_way = way;
    m_wrapped = false;
    std::uint64_t from = here().value_or(0);
    if (const auto selected = m_page.hex().selectedRange())
        from = way == Way::Forwards ? selected->first() + 1
                                    : (selected->first() == 0 ? 0 : selected->first() - 1);
    emit said({});
    send(from);
}

void Navigator::cancelSearch()
{
    if (!m_searching)
        return;
    m_document.cancelSearch();
    setSearching(false);
    emit said(tr("Search cancelled"));
}

void Navigator::setSearching(bool searching)
{
    if (m_searching == searching)
        return;
    m_searching = searching;
    emit searchingChanged();
}

void Navigator::failed(const Error& error)
{
    setSearching(false);
    emit said(Texts::error(error));
}

void Navigator::send(std::uint64_t from)
{
    protocol::Search search;
    search.pattern = m_query.pattern;
    search.expression = m_query.kind == SearchQuery::Kind::Expression;
    search.ignoreCase = search.expression || m_query.kind == SearchQuery::Kind::Text;
    search.alsoUtf16 = m_query.kind == SearchQuery::Kind::Text;
    search.from = from;
    search.backwards = m_way == Way::Backwards;
    setSearching(true);
    m_document.search(search);
}

void Navigator::found(const std::optional<FileRange>& range)
{
    if (!m_searching)
        return;
    if (range) {
        setSearching(false);
        show(*range);
        emit said(m_wrapped ? tr("Found, from the other end of the file")
                            : tr("Found at offset %1").arg(hexText(range->first())));
        return;
    }
    if (m_wrapped || !m_document.dump()) {
        setSearching(false);
        emit said(tr("Not found"));
        return;
    }
    m_wrapped = true;
    send(m_way == Way::Forwards ? 0 : m_document.dump()->size - 1);
}

} // namespace coredact
