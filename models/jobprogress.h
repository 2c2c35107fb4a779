// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QString>

#include <deque>
#include <string>

namespace coredact {

/// How far a job is, with its rate over the last seconds.
struct JobProgress {
    QString stage; ///< in the user's language
    quint64 done = 0; ///< bytes
    quint64 total = 0; ///< bytes; 0 where it is not known
    double bytesPerSecond = 0; ///< 0 where it is not known yet
    double secondsLeft = -1; ///< negative where it is not known

    /// "Scanning 64 % · 1.6 GB/s · 9 s left".
    QString text() const;
};

/// Makes rates out of progress events. Times in milliseconds come from outside, so that tests
/// need no clock.
class ProgressMeter {
public:
    JobProgress add(const std::string& stage, quint64 done, quint64 total, qint64 nowMs);
    void reset();

private:
    struct Sample {
        qint64 ms;
        quint64 done;
    };
    std::string m_stage;
    std::deque<Sample> m_samples; ///< of the last few seconds
};

} // namespace coredact
