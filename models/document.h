// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bookmarks.h"
#include "models/bytecache.h"
#include "models/engine.h"
#include "models/findingsmodel.h"
#include "models/jobprogress.h"
#include "models/postbox.h"
#include "models/provisional.h"
#include "models/verdicts.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>

namespace coredact {

/// The open dump and the engine that serves it. Opens, scans, answers for bytes and searches;
/// what an engine said stays when it dies, and so do the verdicts. Lives in the thread of the
/// window and never blocks it.
class Document : public QObject {
    Q_OBJECT

public:
    enum class State {
        Empty, ///< no dump
        Opening, ///< an engine starts and reads
        Opened, ///< looked through, not scanned (cancelled, or not yet)
        Scanning,
        Scanned, ///< findings are complete and can be exported
        Failed, ///< the engine is gone or could not open; see `failure()`
    };
    Q_ENUM(State)

    struct ScanOutcome {
        std::uint64_t scannedBytes = 0;
        std::vector<IncompleteRange> incomplete;
        std::string rulesDigest;
    };

    explicit Document(EngineStarter starter, QObject* parent = nullptr);
    ~Document() override;

    State state() const { return m_state; }
    /// Closes what is open, then opens and scans: the whole dump, or its minimised form.
    void open(const QString& path, Form form = Form::Whole);
    void close();
    void scan();
    void cancel(); ///< opening or scanning
    /// A new engine for the same file, which is scanned again; findings and verdicts stay.
    void restart();

    const QString& path() const { return m_path; }
    QString name() const; ///< the file's name, safe to show
    Form form() const { return m_form; }
    /// What the minimised form keeps; empty for a whole dump.
    const std::vector<KeptRange>& kept() const { return m_kept; }
    /// For another document over the same file.
    const EngineStarter& starter() const { return m_starter; }
    /// Null until something is open. Stays the same object while the dump is open.
    const std::shared_ptr<const Dump>& dump() const { return m_dump; }
    const std::shared_ptr<const PlaceMap>& places() const { return m_places; }
    const std::vector<std::string>& containers() const { return m_containers; }
    const std::vector<std::string>& sandboxGaps() const { return m_sandboxGaps; }
    std::uint64_t containerSize() const { return m_containerSize; }
    /// The final list, in the engine's order; null before Scanned.
    const std::shared_ptr<const std::vector<Finding>>& findings() const { return m_findings; }
    const ScanOutcome& outcome() const { return m_outcome; }
    const PackPolicy& packs() const { return m_packs; }
    /// What becomes of what whole packs of rules find. Scans again where other rules are wanted
    /// than before; else decides at once.
    void setPacks(PackPolicy packs);
    const Error& failure() const { return m_failure; }
    const JobProgress& progress() const { return m_progress; }

    Verdicts& verdicts() { return m_verdicts; }
    const Verdicts& verdicts() const { return m_verdicts; }
    FindingsModel& findingsModel() { return m_findingsModel; }
    Bookmarks& bookmarks() { return m_bookmarks; }
    ByteCache& bytes() { return m_bytes; }
    /// Null without a living engine. For ExportJob, which calls it in another thread.
    std::shared_ptr<Engine> engine() const { return m_engine; }

    /// The answer comes as `found` or `searchFailed`; a new search ends the last, which then
    /// answers nothing.
    void search(const protocol::Search& search);
    void cancelSearch(); ///< no answer comes any more
    bool searching() const { return m_searchRequest != 0; }
    const JobProgress& searchProgress() const { return m_searchProgress; }
    using Answer = std::function<void(const protocol::Event&)>;
    /// Any other request; the last event comes to `answer` in this thread. False: no engine.
    bool ask(const protocol::Request& request, Answer answer);

signals:
    void stateChanged(coredact::Document::State state);
    void dumpOpened(); ///< dump() is another one, or the same after a restart
    void progressChanged();
    void found(std::optional<coredact::FileRange> range);
    void searchFailed(const coredact::Error& error);
    void searchProgressed();

private:
    void become(State state);
    void start(bool keepFindings);
    void openedBy(std::shared_ptr<Engine> engine, protocol::Opened opened, bool keepFindings);
    void fail(const Error& error);
    void dropEngine();
    void serveBytes();
    void scanEvent(const protocol::Event& event);
    void searchEvent(const protocol::Event& event);
    void seen(const Finding& finding);
    void flushSeen();
    void scanned(const protocol::Scanned& scanned);
    void applyPacks();
    void progressed(const protocol::ProgressMade& progress);
    void watchEngine();

    EngineStarter m_starter;
    State m_state = State::Empty;
    QString m_path;
    Form m_form = Form::Whole;
    std::shared_ptr<Engine> m_engine;
    Postbox m_box;
    std::shared_ptr<std::atomic<bool>> m_stop; ///< of the opening under way
    std::uint64_t m_generation = 0; ///< answers of an engine before this are dropped

    std::shared_ptr<const Dump> m_dump;
    std::shared_ptr<const PlaceMap> m_places;
    std::vector<std::string> m_containers;
    std::vector<std::string> m_sandboxGaps;
    std::vector<KeptRange> m_kept;
    std::uint64_t m_containerSize = 0;
    std::shared_ptr<const std::vector<Finding>> m_findings;
    ScanOutcome m_outcome;
    PackPolicy m_packs;
    std::vector<RuleInfo> m_rules; ///< that the engine scans with
    Error m_failure;

    Verdicts m_verdicts;
    FindingsModel m_findingsModel {m_verdicts};
    Bookmarks m_bookmarks {*m_verdicts.undoStack()};
    ByteCache m_bytes;
    std::vector<FindingPtr> m_seen; ///< not yet in the model
    Provisional m_provisional; ///< what was told since the last list
    QTimer m_flush;
    QTimer m_watch;
    QElapsedTimer m_clock;
    ProgressMeter m_meter;
    JobProgress m_progress;
    std::uint64_t m_scanRequest = 0;
    std::uint64_t m_searchRequest = 0; ///< 0: none runs
    ProgressMeter m_searchMeter;
    JobProgress m_searchProgress;
};

} // namespace coredact
