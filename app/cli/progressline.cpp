// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progressline.h"

#include "scanner/report/words.h"

#include <cmath>
#include <cstdio>

#include <unistd.h>

namespace coredact::cli {

using namespace std::chrono_literals;

std::string progressText(std::string_view stage, std::uint64_t done, std::uint64_t total,
                         double seconds)
{
    std::string text(stage);
    if (total > 0)
        text += "  " + std::to_string(static_cast<unsigned>(
                    100.0 * static_cast<double>(std::min(done, total))
                    / static_cast<double>(total)))
            + " %";
    if (seconds < 0.2 || done == 0)
        return text;
    const double rate = static_cast<double>(done) / seconds;
    text += "  " + report::sizeText(static_cast<std::uint64_t>(rate)) + "/s";
    if (total > done) {
        const auto left
            = static_cast<std::uint64_t>(std::llround(static_cast<double>(total - done) / rate));
        char time[48];
        std::snprintf(time, sizeof time, "  %llu:%02llu left",
                      static_cast<unsigned long long>(left / 60),
                      static_cast<unsigned long long>(left % 60));
        text += time;
    }
    return text;
}

ProgressLine::ProgressLine(ProgressMode mode)
    : m_shown(mode == ProgressMode::Always
              || (mode == ProgressMode::OnTerminal && isatty(STDERR_FILENO) == 1))
    , m_terminal(isatty(STDERR_FILENO) == 1)
{
}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::begin(const std::string& subject)
{
    const std::scoped_lock lock(m_mutex);
    m_subject = report::escaped(subject);
    m_stage.clear();
}

void ProgressLine::update(std::string_view stage, std::uint64_t done, std::uint64_t total)
{
    if (!m_shown)
        return;
    const std::scoped_lock lock(m_mutex);
    const Clock::time_point now = Clock::now();
    const bool newStage = m_stage != stage;
    if (newStage) {
        m_stage = stage;
        m_stageBegan = now;
    }
    if (!newStage && now - m_lastShown < (m_terminal ? Clock::duration(100ms) : 2s))
        return;
    m_lastShown = now;
    const std::string text = m_subject + "  "
        + progressText(report::escaped(stage), done, total,
                       std::chrono::duration<double>(now - m_stageBegan).count());
    std::fprintf(stderr, m_terminal ? "\r\x1b[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
    m_onScreen = m_terminal;
}

void ProgressLine::clear()
{
    const std::scoped_lock lock(m_mutex);
    if (m_onScreen)
        std::fputs("\r\x1b[K", stderr);
    m_onScreen = false;
}

Client::Handler ProgressLine::handler()
{
    return [this](const protocol::Event& event) {
        if (const auto* made = std::get_if<protocol::ProgressMade>(&event))
            update(made->stage, made->done, made->total);
    };
}

} // namespace coredact::cli
