// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytecache.h"
#include "models/engine.h"
#include "models/exportpreview.h"
#include "models/jobprogress.h"
#include "models/postbox.h"

#include <QElapsedTimer>
#include <QObject>

#include <atomic>
#include <memory>
#include <vector>

namespace coredact {

/// A run of bytes in which a copy differs from its original.
struct Change {
    enum class Origin {
        Plan, ///< a range of the plan, or of the certificate
        Other, ///< outside every range of it
        Unknown, ///< no plan and no certificate is at hand
    };

    FileRange range;
    Origin origin = Origin::Unknown;
    QString reason; ///< of Plan

    bool operator==(const Change&) const = default;
};

/// What differs, with the reasons of the plan: a range of the plan in which something differs is
/// one change as a whole, so that no change tells which of its bytes were the fill before. All
/// lists are sorted and disjoint. Without `edits` the origin is unknown, and what lies less than
/// 16 bytes apart is one change.
std::vector<Change> changesFrom(const std::vector<FileRange>& differing,
                                const std::vector<Edit>* edits, const EditReasons& reasons);

/// Where a copy certainly holds something else than the original: what differs and, inside a
/// range of the plan, up to three bytes beside it, which were the fill before. Fragments of a
/// secret that a copy still has are longer than what this lets through.
std::vector<FileRange> overwrittenIn(const std::vector<FileRange>& differing,
                                     const std::vector<Edit>* edits);

/// The open dump beside a copy of it. An engine of its own serves the copy's bytes, in windows;
/// the engine of the dump compares. Lives in the thread of the window and never blocks it.
class Comparison : public QObject {
    Q_OBJECT

public:
    enum class State { None, Working, Ready, Failed };
    Q_ENUM(State)

    explicit Comparison(EngineStarter starter, QObject* parent = nullptr);
    ~Comparison() override;

    /// Where `edits` is null, the certificate beside the copy is taken, if there is one.
    void start(std::shared_ptr<Engine> original,
               std::shared_ptr<const std::vector<Finding>> findings, const QString& copy,
               std::optional<std::vector<Edit>> edits = std::nullopt);
    void stop(); ///< also forgets

    State state() const { return m_state; }
    const QString& path() const { return m_path; }
    const Error& failure() const { return m_failure; }
    const JobProgress& progress() const { return m_progress; }
    const std::vector<Change>& changes() const { return m_changes; }
    /// As overwrittenIn says; all else of a secret is masked in the copy too.
    const std::vector<FileRange>& overwritten() const { return m_overwritten; }
    bool complete() const { return m_complete; } ///< false: there are more changes than are kept
    ByteCache& bytes() { return m_bytes; } ///< of the copy

    /// The change that holds the offset, or the next one; -1 where there is none.
    int changeAt(std::uint64_t offset) const;

signals:
    void stateChanged();
    void progressChanged();

private:
    struct Found;
    static Result<Found> find(const EngineStarter& starter, Engine& original,
                              const std::vector<Finding>& findings, const std::string& path,
                              const std::optional<std::vector<Edit>>& edits,
                              const Engine::Handler& progress, const Engine::Stop& stop);
    void become(State state);
    void ready(Found found);
    void failed(const Error& error);

    EngineStarter m_starter;
    State m_state = State::None;
    QString m_path;
    Postbox m_box;
    std::shared_ptr<std::atomic<bool>> m_stop;
    std::uint64_t m_generation = 0; ///< answers to earlier starts are dropped
    std::shared_ptr<Engine> m_engine; ///< of the copy
    std::vector<Change> m_changes;
    std::vector<FileRange> m_overwritten;
    bool m_complete = true;
    ByteCache m_bytes;
    Error m_failure;
    QElapsedTimer m_clock;
    ProgressMeter m_meter;
    JobProgress m_progress;
};

} // namespace coredact
