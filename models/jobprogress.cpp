// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/jobprogress.h"

#include "models/figures.h"
#include "models/texts.h"

namespace coredact {

namespace {

constexpr qint64 windowMs = 4000;
constexpr qint64 leastMs = 200; ///< a shorter time says nothing about the rate

} // namespace

QString JobProgress::text() const
{
    QString text = stage;
    if (total > 0)
        text += QLatin1Char(' ') + shareText(done, total);
    if (bytesPerSecond > 0)
        text += QStringLiteral(" · ") + rateText(bytesPerSecond);
    if (secondsLeft >= 0)
        text += QStringLiteral(" · ") + timeLeftText(secondsLeft);
    return text;
}

void ProgressMeter::reset()
{
    m_stage.clear();
    m_samples.clear();
}

JobProgress ProgressMeter::add(const std::string& stage, quint64 done, quint64 total, qint64 nowMs)
{
    if (stage != m_stage || (!m_samples.empty() && done < m_samples.back().done)) {
        m_stage = stage;
        m_samples.clear();
    }
    m_samples.push_back({nowMs, done});
    while (m_samples.size() > 2 && nowMs - m_samples.front().ms > windowMs)
        m_samples.pop_front();

    JobProgress progress {Texts::stage(stage), done, total, 0, -1};
    const qint64 span = nowMs - m_samples.front().ms;
    if (span >= leastMs) {
        const quint64 made = done - m_samples.front().done;
        progress.bytesPerSecond = static_cast<double>(made) * 1000.0 / static_cast<double>(span);
        if (total >= done && progress.bytesPerSecond > 0)
            progress.secondsLeft = static_cast<double>(total - done) / progress.bytesPerSecond;
    }
    return progress;
}

} // namespace coredact
