// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/planfiller.h"

#include <cstring>

namespace coredact {

bool PlanFiller::changes(std::uint64_t offset, std::size_t size)
{
    const std::vector<Edit>& edits = m_plan.edits();
    while (m_next < edits.size() && edits[m_next].range.last() < offset)
        ++m_next;
    const FileRange there = *FileRange::make(offset, size);
    return m_next < edits.size() && edits[m_next].range.first() <= there.last();
}

void PlanFiller::fill(std::uint64_t offset, MutableByteView window)
{
    const FileRange there = *FileRange::make(offset, window.size());
    const std::vector<Edit>& edits = m_plan.edits();
    for (std::size_t i = m_next; i < edits.size(); ++i) {
        if (edits[i].range.first() > there.last())
            break;
        const auto shared = edits[i].range.intersection(there);
        if (!shared)
            continue;
        writeFill(edits[i], shared->first(),
                  window.subspan(static_cast<std::size_t>(shared->first() - offset),
                                 static_cast<std::size_t>(shared->size())));
        m_filled[i] += shared->size();
    }
}

Status PlanFiller::complete() const
{
    for (std::size_t i = 0; i < m_filled.size(); ++i)
        if (m_filled[i] != m_plan.edits()[i].range.size())
            return Error {ErrorCode::Refused, "a range of the plan was not filled in full",
                          m_plan.edits()[i].range.first()};
    return {};
}

void writeFill(const Edit& edit, std::uint64_t from, MutableByteView target)
{
    switch (edit.fill) {
    case Fill::Zero:
        std::memset(target.data(), 0, target.size());
        return;
    case Fill::A5:
        std::memset(target.data(), 0xa5, target.size());
        return;
    case Fill::X:
        std::memset(target.data(), 'X', target.size());
        return;
    case Fill::Token:
        for (std::size_t i = 0; i < target.size(); ++i)
            target[i] = static_cast<std::uint8_t>(edit.token[static_cast<std::size_t>(
                (from - edit.range.first() + i) % edit.token.size())]);
        return;
    }
}

} // namespace coredact
