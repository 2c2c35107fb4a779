// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/jobs.h"

#include <chrono>
#include <new>
#include <system_error>

namespace coredact::engine {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using protocol::Event;
using protocol::Failed;

/// Passes progress on, but not more often than a person can see.
JobControl::Watcher progressTeller(Conversation& conversation, std::uint64_t id)
{
    struct Told {
        std::string stage;
        Clock::time_point when;
    };
    return [&conversation, id, told = std::make_shared<Told>()](const Progress& progress) {
        const auto now = Clock::now();
        if (told->stage == progress.stage && now - told->when < 50ms)
            return;
        *told = {std::string(progress.stage), now};
        conversation.tell(id, protocol::ProgressMade {told->stage, progress.done, progress.total});
    };
}

Event answerOf(const Jobs::Work& work, const JobControl& control)
{
    if (control.cancelled())
        return Failed {{ErrorCode::Cancelled, "cancelled", std::nullopt}};
    auto done = work(control);
    return done ? std::move(*done) : Failed {done.error()};
}

} // namespace

void Jobs::start(Worker& worker, std::uint64_t id, Work work)
{
    const auto control = std::make_shared<JobControl>(progressTeller(m_conversation, id));
    {
        const std::scoped_lock lock(m_mutex);
        m_running[id] = control;
    }
    worker.add([this, id, control, work = std::move(work)] {
        run(id, work, *control);
        const std::scoped_lock lock(m_mutex);
        m_running.erase(id);
    });
}

void Jobs::cancel(std::uint64_t id)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_running.find(id); found != m_running.end())
        found->second->cancel();
}

void Jobs::run(std::uint64_t id, const Work& work, const JobControl& control)
{
    try {
        m_conversation.tell(id, answerOf(work, control));
    } catch (const std::bad_alloc&) {
        m_conversation.tell(
            id, Failed {{ErrorCode::TooLarge, "there is not enough memory for this", std::nullopt}});
    } catch (const std::system_error& error) { // a thread could not be started
        m_conversation.tell(id, Failed {systemError("the engine cannot go on",
                                                    error.code().value())});
    }
}

} // namespace coredact::engine
