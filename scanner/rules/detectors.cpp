// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/detector.h"

#include <vector>

namespace coredact {

#define DETECTOR(name) extern const Detector name##Detector;
#include "scanner/rules/rules.def"
#undef DETECTOR

std::span<const Detector* const> detectors()
{
    static const std::vector<const Detector*> known {
#define DETECTOR(name) &name##Detector,
#include "scanner/rules/rules.def"
#undef DETECTOR
    };
    return known;
}

} // namespace coredact
