// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTest>

#include <cstdio>

namespace coredact::test {

inline bool isLongRun() { return qEnvironmentVariableIsSet("COREDACT_HEAVY"); }

/// Of a test that tries very many places: says twice a minute how far it is, in long runs.
class LongRun {
public:
    LongRun() { m_sinceBegin.start(); }

    /// The `number`th place is tried next; `all`: how many there are, 0 where nobody knows.
    void at(unsigned long number, unsigned long all = 0)
    {
        constexpr qint64 every = 30; // seconds
        const qint64 seconds = m_sinceBegin.elapsed() / 1000;
        if (!isLongRun() || seconds < m_told + every)
            return;
        m_told = seconds;
        const char* const row = QTest::currentDataTag();
        std::fprintf(stderr, "%s(%s): place %lu", QTest::currentTestFunction(), row ? row : "",
                     number);
        if (number <= all) // a last one is tried to see that there are no more
            std::fprintf(stderr, " of %lu", all);
        std::fprintf(stderr, " after %lld min\n", static_cast<long long>(seconds / 60));
    }

private:
    QElapsedTimer m_sinceBegin;
    qint64 m_told = 0;
};

} // namespace coredact::test
