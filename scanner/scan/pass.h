// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/io/rangesums.h"
#include "scanner/scan/windows.h"

#include <memory>
#include <string_view>

namespace coredact {

/// One thread's part of a pass. Not shared between threads.
class PassPart {
public:
    virtual ~PassPart() = default;
    /// Looks at one window of raw bytes. `crossing`: for the surroundings of a seam, the file
    /// ranges before and after it, both of which a match must touch; nullptr for a window of an
    /// extent. Nothing of the window lives longer than the call.
    virtual void look(const Window& window, const std::vector<FileRange>* crossing) = 0;
};

/// What is looked at, and how. Everything it refers to must outlive the pass.
struct Pass {
    const Source& source;
    const WorkList& work;
    const DataRuns& data;
    const WindowShape& shape;
    const JobControl& control;
    std::string_view stage; ///< under which progress is told
    RangeSums* sums = nullptr; ///< takes a sum of each range of the file that is read, if wanted
    /// Takes long runs of zeros, in no order, if wanted: later passes need not read them.
    std::vector<FileRange>* zeros = nullptr;
};

/// Takes the whole dump past the parts, on as many threads as there are parts (the calling one
/// included): each window goes to one of them, without pages of one repeated byte. Returns when
/// all is done or the job is cancelled, with what could not be read (seen as zeros by the parts).
/// Throws what a thread threw (std::bad_alloc).
std::vector<Unreadable> runPass(const Pass& pass, std::span<PassPart* const> parts);

} // namespace coredact
