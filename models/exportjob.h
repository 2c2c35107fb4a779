// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/document.h"

#include <QObject>

#include <optional>
#include <thread>

namespace coredact {

/// One export in a thread of its own: writes, verifies with a fresh engine, gives the names.
/// Whatever fails, no file stays behind. Cancels and waits when it is destroyed.
class ExportJob : public QObject {
    Q_OBJECT

public:
    explicit ExportJob(QObject* parent = nullptr);
    ~ExportJob() override;

    /// `findings` are the document's. Again only when the last one has finished.
    void start(std::shared_ptr<Engine> engine, std::shared_ptr<const std::vector<Finding>> findings,
               HandOver options);
    void cancel();
    bool running() const { return m_running; }
    const JobProgress& progress() const { return m_progress; }
    /// Of the verification, those that have ended so far.
    const std::vector<Check>& checks() const { return m_checks; }
    /// What came out; nothing while it runs.
    const std::optional<Result<HandedOver>>& outcome() const { return m_outcome; }

signals:
    void progressChanged();
    void checked(const coredact::Check& check);
    void finished();

private:
    void heard(const protocol::Event& event);

    Postbox m_box;
    std::thread m_thread;
    std::atomic<bool> m_stop = false;
    bool m_running = false;
    QElapsedTimer m_clock;
    ProgressMeter m_meter;
    JobProgress m_progress;
    std::vector<Check> m_checks;
    std::optional<Result<HandedOver>> m_outcome;
};

} // namespace coredact
