// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/marks.h"
#include "models/verdicts.h"
#include "widgets/hexview/hexmarks.h"

namespace coredact {

/// The runs of all findings as the hex view paints them, masked.
std::vector<HexMark> hexMarksOf(const Marks& marks, const Verdicts& verdicts);

/// Those of a copy: without the bytes in `overwritten` (sorted and disjoint), which hold something
/// else there; what the copy kept stays masked.
std::vector<HexMark> hexMarksOfCopy(const std::vector<HexMark>& marks,
                                    const std::vector<FileRange>& overwritten);

} // namespace coredact
