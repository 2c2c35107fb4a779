// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/rules/ruleset.h"
#include "scanner/scan/scan.h"

#include <QtGlobal>

#include <string>
#include <string_view>

/// A scan of bytes that a test made, by the built-in rules.
namespace coredact::test {

inline const RuleSet& rules()
{
    static const auto loaded = RuleSet::load({}, {});
    return *loaded;
}

inline Dump rawDump(std::uint64_t size)
{
    Dump dump;
    dump.format = "raw";
    dump.size = size;
    return dump;
}

/// So many threads, and windows of so many bytes.
inline ScanOptions cut(unsigned threads, std::size_t window)
{
    ScanOptions options;
    options.threads = threads;
    options.windowSize = window;
    return options;
}

/// What a scan of the bytes tells, on one thread unless said; a scan that fails ends the program.
inline ScanResult scanned(ByteView bytes, const Dump& dump, ScanOptions options = {})
{
    const auto source = Source::fromBytes(bytes);
    if (options.threads == 0)
        options.threads = 1;
    auto result = scan(*source, dump, rules(), options, JobControl());
    if (!result)
        qFatal("the scan failed: %s", result.error().message.c_str());
    return std::move(*result);
}

inline ScanResult scanned(ByteView bytes, const ScanOptions& options = {})
{
    return scanned(bytes, rawDump(bytes.size()), options);
}

inline ScanResult scanned(const std::string& bytes, const Dump& dump,
                          const ScanOptions& options = {})
{
    return scanned(asBytes(bytes), dump, options);
}

inline ScanResult scanned(const std::string& bytes, const ScanOptions& options = {})
{
    return scanned(asBytes(bytes), options);
}

/// The first finding of a rule; null where there is none.
inline const Finding* findingOf(const ScanResult& result, std::string_view rule)
{
    for (const Finding& finding : result.findings)
        if (finding.rule == rule)
            return &finding;
    return nullptr;
}

} // namespace coredact::test
