// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/exportjob.h"

namespace coredact {

ExportJob::ExportJob(QObject* parent)
    : QObject(parent)
    , m_box(this)
{
    m_clock.start();
}

ExportJob::~ExportJob()
{
    m_box.close();
    cancel();
    if (m_thread.joinable())
        m_thread.join();
}

void ExportJob::cancel() { m_stop = true; }

void ExportJob::start(std::shared_ptr<Engine> engine,
                      std::shared_ptr<const std::vector<Finding>> findings, HandOver options)
{
    // An earlier export has told its outcome; its thread may be about to end.
    if (m_thread.joinable())
        m_thread.join();
    m_running = true;
    m_stop = false; // an earlier one may have been cancelled
    m_checks.clear();
    m_thread = std::thread([this, engine = std::move(engine), findings = std::move(findings),
                            options = std::move(options)] {
        auto outcome = engine->handOver(
            *findings, options,
            [this](const protocol::Event& event) {
                if (!protocol::isLast(event))
                    m_box.put([this, event] { heard(event); });
            },
            [this] { return m_stop.load(); });
        m_box.put([this, outcome = std::move(outcome)] {
            m_outcome = outcome;
            m_running = false;
            emit finished();
        });
    });
}

void ExportJob::heard(const protocol::Event& event)
{
    if (const auto* made = std::get_if<protocol::CheckMade>(&event)) {
        m_checks.push_back(made->check);
        emit checked(made->check);
    }
    if (const auto* made = std::get_if<protocol::ProgressMade>(&event)) {
        m_progress = m_meter.add(made->stage, made->done, made->total, m_clock.elapsed());
        emit progressChanged();
    }
}

} // namespace coredact
