// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/base/wordfilter.h"
#include "scanner/scan/windows.h"

#include <cstdint>

namespace coredact {

/// Which words of five bytes stand where copies are looked for: a filter over the dump itself. Very
/// many values have windows by the hundred million in all their writings, of which a dump holds a
/// few; what it surely does not hold needs no place in an index. Takes 64 MiB at the most; of a
/// dump that is too large for it, it lets more pass.
class PresentWords {
public:
    static constexpr std::size_t wordSize = 5;
    /// Between the positions of an extent at which windows are looked for.
    static constexpr std::size_t step = 4;

    /// `bytes`: about how many of all are to be added. `longestForm`: the longest form, in bytes,
    /// that may be asked about; what is added beside a seam reaches as far.
    PresentWords(std::uint64_t bytes, std::size_t longestForm);

    std::size_t longestForm() const { return m_longestForm; }

    /// Adds the words that begin at begin, begin + `every`, ... below `end`; eight bytes after
    /// `end` must be readable. Any number of threads at once, before the first question.
    void add(ByteView bytes, std::size_t begin, std::size_t end, std::size_t every);

    /// False: `word`, as the machine reads it, stands at none of them. Any thread.
    bool mayHold(std::uint64_t word) const { return m_words.look().mayHold(word); }
    /// Says that `word` will be asked about.
    void prefetch(std::uint64_t word) const { m_words.look().prefetch(word); }

private:
    WordFilter m_words;
    std::size_t m_longestForm;
};

/// Adds all words of a dump, as copies are looked for in it: of its extents, and of what lies
/// around each seam. Stops where `control` is cancelled. `unreadable` is told what could not be
/// read.
void addWords(PresentWords& words, const Source& source, const Coverage& parts,
              const DataRuns& data, unsigned threads, const JobControl& control,
              std::vector<Unreadable>& unreadable);

} // namespace coredact
