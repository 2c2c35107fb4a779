// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/conversation.h"
#include "app/engine/worker.h"
#include "scanner/base/jobcontrol.h"

#include <map>
#include <memory>

namespace coredact::engine {

/// Runs requests that take time, each to its one last event, and lets them be cancelled. Memory
/// that runs out ends a job, not the engine.
class Jobs {
public:
    using Work = std::function<Result<protocol::Event>(const JobControl&)>;

    explicit Jobs(Conversation& conversation)
        : m_conversation(conversation)
    {
    }

    /// Queues `work` as the request `id` on `worker`. Its progress is told at most 20 times a
    /// second, and at once when the stage changes.
    void start(Worker& worker, std::uint64_t id, Work work);
    /// Of a request that has ended, or never was: nothing happens.
    void cancel(std::uint64_t id);
    /// Does `work` in the calling thread and tells what came of it.
    void run(std::uint64_t id, const Work& work, const JobControl& control);

private:
    Conversation& m_conversation;
    std::mutex m_mutex;
    std::map<std::uint64_t, std::shared_ptr<JobControl>> m_running;
};

} // namespace coredact::engine
