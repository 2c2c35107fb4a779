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
    /// From what a person typed; on failure the reason, in the user's language.
    QString goToTyped(const QString& typed);
    bool canGoBack() const { return !m_back.empty(); }
    bool canGoForward() const { return !m_forward.empty(); }
    void back();
    void forward();
    void forget();

    enum class Way { Forwards, Backwards };
    /// Looks on from the cursor; goes round once at the end of the file.
    void search(const QString& typed, Way way);

signals:
    void moved(); ///< what can be gone back to has changed
    void said(const QString& text); ///< about a search, for the status bar

private:
    void found(const std::optional<FileRange>& range);
    void send(std::uint64_t from);
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
