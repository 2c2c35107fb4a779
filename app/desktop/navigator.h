// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/dumppage.h"
#include "models/searchquery.h"

#include <QObject>

namespace coredact {

/// Takes the analyst to addresses, offsets, places of secrets and search hits, and back again.
class Navigator : public QObject {
    Q_OBJECT

public:
    Navigator(Document& document, DumpPage& page, QObject* parent = nullptr);

    /// Remembers where one was and goes there; false where the place is not shown.
    bool goToOffset(std::uint64_t fileOffset);
    bool goToAddress(std::uint64_t address);
    bool show(FileRange range);
    /// As goToAddress; on failure the reason, in the user's language.
    QString goToAddressOrSay(std::uint64_t address);
    /// From what a person typed; on failure the reason.
    QString goToTyped(const QString& typed);
    bool canGoBack() const { return !m_back.empty(); }
    bool canGoForward() const { return !m_forward.empty(); }
    void back();
    void forward();
    void forget();

    enum class Way { Forwards, Backwards };
    /// To the begin of the next region, or of this one or the one before; false at the end.
    bool stepRegion(Way way);
    /// To the next bookmark; goes round at the end. False where there is none.
    bool stepBookmark(Way way);
    /// Looks on from the cursor; goes round once at the end of the file.
    void search(const QString& typed, Way way);
    void cancelSearch();
    bool searching() const { return m_searching; }

signals:
    void moved(); ///< what can be gone back to has changed
    void said(const QString& text); ///< about a search, for the status bar
    void searchingChanged();

private:
    void found(const std::optional<FileRange>& range);
    void failed(const Error& error);
    void send(std::uint64_t from);
    void setSearching(bool searching);
    void leave();
    std::optional<std::uint64_t> here() const;

    Document& m_document;
    DumpPage& m_page;
    std::vector<std::uint64_t> m_back;
    std::vector<std::uint64_t> m_forward;
    SearchQuery m_query;
    Way m_way = Way::Forwards;
    bool m_wrapped = false;
    bool m_searching = false;
};

} // namespace coredact
