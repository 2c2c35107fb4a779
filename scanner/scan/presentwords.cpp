// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/presentwords.h"

#include "scanner/base/memoryword.h"
#include "scanner/base/threads.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr unsigned mostBits = 23; ///< of the number of a place of eight bytes
constexpr std::size_t readable = 16; ///< bytes that may be looked at after the last one

/// The words of one item after the other; one for each thread.
class WordReader {
public:
    WordReader(const Source& source, const DataRuns& data, std::size_t mostBytes)
        : m_source(source)
        , m_data(data)
        , m_buffer(mostBytes + readable)
    {
    }

    void take(const WorkItem& item, PresentWords& words)
    {
        if (std::none_of(item.pieces.begin(), item.pieces.end(),
                         [&](const FileRange& piece) { return m_data.anyIn(piece); }))
            return;
        const std::size_t size = readItem(m_source, m_data, item, m_buffer.bytes(), unreadable);
        if (item.seam != 0) // where a wider one begins is not known here
            words.add(m_buffer.bytes(), 0, size, 1);
        else
            words.add(m_buffer.bytes(), item.freshBegin, item.freshEnd, PresentWords::step);
    }

    std::vector<Unreadable> unreadable;

private:
    const Source& m_source;
    const DataRuns& m_data;
    SecureBuffer m_buffer;
};

} // namespace

PresentWords::PresentWords(std::uint64_t bytes, std::size_t longestForm)
    : m_longestForm(longestForm)
{
    m_words.reserve(static_cast<std::size_t>(bytes / step), mostBits);
    m_words.add(0); // what is read of a hole
}

void PresentWords::add(ByteView bytes, std::size_t begin, std::size_t end, std::size_t every)
{
    constexpr std::uint64_t mask = (std::uint64_t {1} << 8 * wordSize) - 1;
    std::array<std::uint64_t, 64> waiting;
    std::size_t count = 0;
    std::uint64_t last = ~mask; // no word
    for (std::size_t at = begin; at < end; at += every) {
        const std::uint64_t word = nativeWord<std::uint64_t>(bytes.data() + at) & mask;
        if (word == last)
            continue;
        last = word;
        waiting[count++] = word;
        if (count == waiting.size()) {
            m_words.addTogether(waiting);
            count = 0;
        }
    }
    m_words.addTogether(std::span(waiting).first(count));
}

void addWords(PresentWords& words, const Source& source, const Coverage& parts,
              const DataRuns& data, unsigned threads, const JobControl& control,
              std::vector<Unreadable>& unreadable)
{
    const std::size_t around = words.longestForm() + readable; // a seam
    const WindowShape shape {1U << 20, 0, around};
    const WorkList work(parts, shape);
    std::mutex mutex; // of unreadable
    inParallel(static_cast<std::size_t>(work.size()), threads, [&] {
        return [&, reader = WordReader(source, data, shape.fresh + 2 * around)](
                   std::size_t number) mutable {
            if (control.cancelled())
                return;
            WorkItem item = work.item(number);
            if (item.seam != 0)
                item = widened(std::move(item), source.size(), around);
            reader.take(item, words);
            const std::lock_guard lock(mutex);
            unreadable.insert(unreadable.end(), reader.unreadable.begin(), reader.unreadable.end());
            reader.unreadable.clear();
        };
    });
}

} // namespace coredact
