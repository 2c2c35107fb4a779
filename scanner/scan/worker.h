// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/pass.h"
#include "scanner/scan/streams.h"

namespace coredact {

/// One thread's part of a scan: each window and its views go through all detectors and the text
/// rules; what they tell goes to the collector, and where compressed streams begin to `streams`.
std::unique_ptr<PassPart> makeScanPart(const RuleSet& rules, Collector& collector,
                                       Streams& streams);

} // namespace coredact
