// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/document.h"
#include "scanner/triage/session.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace coredact {

/// Keeps the triage of the open dump in its session file: brings back what was decided before,
/// writes every change at once. The file is found by the dump's SHA-256, which is computed in a
/// thread of its own; verdicts given before that is done are written then. Both the document and
/// this live in the thread of the window.
class SessionKeeper : public QObject {
    Q_OBJECT

public:
    /// `folder` is made when it is needed; "" keeps no sessions.
    SessionKeeper(Document& document, QString folder, QObject* parent = nullptr);
    ~SessionKeeper() override;

    /// True once the session is there and everything decided so far is in it.
    bool saved() const { return m_session.has_value() && m_adopted; }
    /// A copy for somebody else; refuses to replace a file.
    Status saveAs(const QString& path);
    /// Takes over the decisions of another session or edited report that fit this dump; returns
    /// how many. Needs Scanned.
    Result<int> take(const QString& path);
    /// Where the analyst is; written after a short rest.
    void remember(std::uint64_t fileOffset);

signals:
    /// An earlier session was brought back: decisions that fit, decisions that fit nothing.
    void restored(int decisions, int unmatched);
    /// Where the analyst stopped the last time.
    void placeRestored(quint64 fileOffset);
    /// The triage is not being saved, and why; once for a dump.
    void failed(const coredact::Error& error);

private:
    void dumpOpened();
    void stop();
    void keyKnown(Result<DumpKey> key);
    void openSession();
    void adoptBookmarks();
    void recordBookmark(const std::optional<Bookmark>& before,
                        const std::optional<Bookmark>& after);
    void adoptEarlier();
    void record(const QStringList& ids);
    void recordAll();
    void writePlace();
    void complain(const Error& error);

    Document& m_document;
    QString m_folder;
    Postbox m_box;
    std::shared_ptr<JobControl> m_hashing; ///< of the digest under way
    QString m_path; ///< of the dump that this is about
    std::optional<DumpKey> m_key;
    std::optional<Session> m_session;
    bool m_adopted = false;
    bool m_complained = false;
    std::uint64_t m_place = 0;
    QTimer m_placeTimer;
};

} // namespace coredact
