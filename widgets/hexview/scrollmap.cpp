// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/scrollmap.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t mostSteps = 1U << 30;

} // namespace

ScrollMap::ScrollMap(std::uint64_t rows, std::uint64_t visible)
    : m_lastTop(rows > visible ? rows - visible : 0)
    , m_step(m_lastTop / mostSteps + 1)
{
}

int ScrollMap::maximum() const
{
    const std::uint64_t whole = m_lastTop / m_step;
    return static_cast<int>(whole + (m_lastTop % m_step == 0 ? 0 : 1));
}

int ScrollMap::valueOf(std::uint64_t top) const
{
    return top >= m_lastTop ? maximum() : static_cast<int>(top / m_step);
}

std::uint64_t ScrollMap::topOf(int value) const
{
    if (value >= maximum())
        return m_lastTop;
    return static_cast<std::uint64_t>(std::max(value, 0)) * m_step;
}

std::uint64_t ScrollMap::moved(std::uint64_t top, std::int64_t rows) const
{
    const std::uint64_t from = std::min(top, m_lastTop);
    if (rows >= 0)
        return from + std::min(static_cast<std::uint64_t>(rows), m_lastTop - from);
    const std::uint64_t back = ~static_cast<std::uint64_t>(rows) + 1;
    return from - std::min(back, from);
}

} // namespace coredact
