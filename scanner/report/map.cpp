// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/jsonparts.h"
#include "scanner/report/words.h"

#include <cstdio>

namespace coredact::report {

namespace {

std::uint64_t bytesOf(std::vector<FileRange> ranges)
{
    std::uint64_t bytes = 0;
    for (const FileRange& range : normalised(std::move(ranges)))
        bytes += range.size();
    return bytes;
}

std::uint64_t memoryBytes(const Dump& dump)
{
    std::vector<FileRange> ranges;
    ranges.reserve(dump.segments.size());
    for (const Segment& segment : dump.segments)
        ranges.push_back(segment.file);
    return bytesOf(std::move(ranges));
}

/// What the file says of itself; a map scans nothing.
Json coverageJson(const Dump& dump)
{
    std::vector<IncompleteRange> incomplete;
    for (const Diagnostic& diagnostic : dump.diagnostics) {
        if (diagnostic.incomplete)
            incomplete.push_back({diagnostic.offset, 0, diagnostic.message});
    }
    return {{"fileBytes", dump.size},
            {"memoryBytes", memoryBytes(dump)},
            {"structureBytes", bytesOf(dump.structure)},
            {"incomplete", incompleteJson(incomplete)}};
}

Json threadsJson(const Dump& dump)
{
    Json list = Json::array();
    for (const Thread& thread : dump.threads) {
        Json json {{"id", thread.id},
                   {"name", thread.name},
                   {"pc", hexAddress(thread.pc)},
                   {"sp", hexAddress(thread.sp)}};
        if (thread.signal)
            json["signal"] = *thread.signal;
        list.push_back(std::move(json));
    }
    return list;
}

Json modulesJson(const Dump& dump)
{
    Json list = Json::array();
    for (const Module& module : dump.modules)
        list.push_back({{"name", module.name},
                        {"base", hexAddress(module.memory.first())},
                        {"size", module.memory.size()},
                        {"buildId", module.buildId}});
    return list;
}

Json segmentsJson(const Dump& dump)
{
    Json list = Json::array();
    for (const Segment& segment : dump.segments)
        list.push_back({{"address", hexAddress(segment.memory.first())},
                        {"length", segment.memory.size()},
                        {"offset", segment.file.first()},
                        {"access", coredact::toText(segment.access)},
                        {"kind", coredact::toText(segment.kind)},
                        {"name", segment.name}});
    return list;
}

Json regionsJson(const Dump& dump)
{
    Json list = Json::array();
    for (const Region& region : dump.regions)
        list.push_back({{"address", hexAddress(region.memory.first())},
                        {"length", region.memory.size()},
                        {"access", coredact::toText(region.access)},
                        {"kind", coredact::toText(region.kind)},
                        {"name", region.name},
                        {"savedBytes", region.savedBytes}});
    return list;
}

Json fieldsJson(const Dump& dump)
{
    Json list = Json::array();
    for (const Field& field : dump.fields)
        list.push_back({{"name", field.name},
                        {"offset", field.file.first()},
                        {"length", field.file.size()}});
    return list;
}

std::string threadLines(const Dump& dump)
{
    std::string text = "\nThreads (" + std::to_string(dump.threads.size()) + ")\n";
    for (const Thread& thread : dump.threads) {
        text += "  " + std::to_string(thread.id) + "  pc " + hexAddress(thread.pc) + "  sp "
            + hexAddress(thread.sp);
        if (!thread.name.empty())
            text += "  " + escaped(thread.name);
        if (thread.signal)
            text += "  " + signalText(*thread.signal);
        text += "\n";
    }
    return text;
}

std::string memoryLine(const AddressRange& memory, Access access, std::string_view more,
                       RegionKind kind, std::string_view name)
{
    char head[96];
    std::snprintf(head, sizeof head, "  %16llx-%-16llx %s %10s  ",
                  static_cast<unsigned long long>(memory.first()),
                  static_cast<unsigned long long>(memory.last()),
                  coredact::toText(access).c_str(), sizeText(memory.size()).c_str());
    return head + std::string(more) + "  " + std::string(coredact::toText(kind))
        + (name.empty() ? "" : "  " + escaped(name)) + "\n";
}

std::string memoryLines(const Dump& dump)
{
    std::string text = "\nSaved memory (" + std::to_string(dump.segments.size()) + ")\n";
    for (const Segment& segment : dump.segments)
        text += memoryLine(segment.memory, segment.access,
                           "offset " + std::to_string(segment.file.first()), segment.kind,
                           segment.name);
    std::string unsaved;
    for (const Region& region : dump.regions) {
        if (region.savedBytes == 0)
            unsaved += memoryLine(region.memory, region.access, "not saved", region.kind,
                                  region.name);
    }
    return text + (unsaved.empty() ? "" : "\nMapped, not in the file\n" + unsaved);
}

} // namespace

std::string mapToJson(const ScannedDump& scanned)
{
    const Dump& dump = scanned.dump;
    return written({{"schema", "coredact-map/1"},
                    {"tool", toolJson({})},
                    {"path", scanned.path},
                    {"size", dump.size},
                    {"format", dump.format},
                    {"container", scanned.containers},
                    {"contentType", dump.contentType},
                    {"process", processJson(dump.process)},
                    {"threads", threadsJson(dump)},
                    {"modules", modulesJson(dump)},
                    {"segments", segmentsJson(dump)},
                    {"regions", regionsJson(dump)},
                    {"fields", fieldsJson(dump)},
                    {"coverage", coverageJson(dump)},
                    {"diagnostics", diagnosticsJson(dump)}});
}

std::string mapToText(const ScannedDump& scanned)
{
    const Dump& dump = scanned.dump;
    std::string text = escaped(scanned.path) + "\n  " + wrapped(dumpLine(scanned), 2) + "\n  "
        + sizeText(memoryBytes(dump)) + " of memory saved in "
        + countText(dump.segments.size(), "segment", "segments") + "\n";
    text += threadLines(dump);
    text += "\nModules (" + std::to_string(dump.modules.size()) + ")\n";
    for (const Module& module : dump.modules)
        text += "  " + hexAddress(module.memory.first()) + "  " + sizeText(module.memory.size())
            + "  " + escaped(module.name)
            + (module.buildId.empty() ? "" : "  build id " + escaped(module.buildId)) + "\n";
    text += memoryLines(dump);
    if (!dump.fields.empty())
        text += "\nOutside memory (" + std::to_string(dump.fields.size()) + ")\n";
    for (const Field& field : dump.fields)
        text += "  offset " + std::to_string(field.file.first()) + "  "
            + countText(field.file.size(), "byte", "bytes") + "  " + escaped(field.name) + "\n";
    if (!dump.diagnostics.empty())
        text += "\nNotes\n";
    for (const Diagnostic& diagnostic : dump.diagnostics)
        text += "  " + std::string(diagnostic.incomplete ? "INCOMPLETE, " : "") + "offset "
            + std::to_string(diagnostic.offset) + ": " + escaped(diagnostic.message) + "\n";
    return text;
}

} // namespace coredact::report
