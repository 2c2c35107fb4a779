// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tokenharvest.h"
#include "scanner/rules/ruleset.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/pass.h"
#include "scanner/scan/streams.h"

namespace coredact {

/// One thread's part of a scan: each window and its views go through all detectors and the text
/// rules; what they tell goes to the collector, where compressed streams begin to `streams`, and
/// signed tokens to `tokens`.
std::unique_ptr<PassPart> makeScanPart(const RuleSet& rules, Collector& collector, Streams& streams,
                                       TokenHarvest& tokens);

} // namespace coredact
