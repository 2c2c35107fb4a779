// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifyclasses.h"

#include "scanner/redact/verifyvalues.h"

#include <algorithm>
#include <map>

namespace coredact {

namespace {

constexpr std::uint64_t windowSize = 1U << 20;

/// Runs of each class by itself, since where a list of them splits a run says nothing.
std::map<DumpClass, std::vector<FileRange>> byClass(std::span<const ClassRange> parts)
{
    std::map<DumpClass, std::vector<FileRange>> ranges;
    for (const ClassRange& part : parts)
        ranges[part.kind].push_back(part.range);
    for (auto& [kind, list] : ranges)
        list = normalised(std::move(list));
    return ranges;
}

/// The first byte of a range that is not zero, or nothing.
Result<std::optional<std::uint64_t>> firstByte(const Source& source, const FileRange& range)
{
    for (std::uint64_t at = range.first(); at <= range.last(); at += windowSize) {
        const auto bytes = source.read(at, std::min(windowSize, range.last() - at + 1));
        if (!bytes)
            return bytes.error();
        const auto found
            = std::find_if(bytes->begin(), bytes->end(), [](std::uint8_t one) { return one != 0; });
        if (found != bytes->end())
            return std::optional(at + static_cast<std::uint64_t>(found - bytes->begin()));
    }
    return std::optional<std::uint64_t>();
}

/// The parts of `range` that no edit has.
std::vector<FileRange> unfilled(const FileRange& range, std::span<const Edit> edits)
{
    std::vector<FileRange> rest;
    std::uint64_t at = range.first();
    auto next = std::lower_bound(
        edits.begin(), edits.end(), range.first(),
        [](const Edit& edit, std::uint64_t wanted) { return edit.range.last() < wanted; });
    for (; next != edits.end() && next->range.first() <= range.last(); ++next) {
        if (at < next->range.first())
            rest.push_back(*FileRange::between(at, next->range.first() - 1));
        at = next->range.last() + 1;
    }
    if (at <= range.last())
        rest.push_back(*FileRange::between(at, range.last()));
    return rest;
}

void verifyKept(const ClassClaim& claim, const std::vector<ClassRange>* classes,
                VerificationNotes& notes)
{
    std::uint64_t bytes = 0;
    std::vector<FileRange> left;
    for (const ClassRange& part : claim.left) {
        bytes += part.range.size();
        left.push_back(part.range);
        if (useOf(claim.choices, part.kind) != ClassUse::Keep)
            notes.violate("classes", part.range.first(),
                          "bytes of a class that was not to be kept are listed as kept");
    }
    left = normalised(std::move(left));
    for (const Edit& edit : claim.edits)
        if (overlapsAny(left, edit.range))
            notes.violate("classes", edit.range.first(), "a byte of a kept class was filled");
    if (classes) {
        const auto known = byClass(*classes);
        for (const auto& [kind, ranges] : byClass(claim.left))
            for (const FileRange& range : ranges)
                if (const auto there = known.find(kind);
                    there == known.end() || !liesInside(there->second, range))
                    notes.violate("classes", range.first(),
                                  "bytes of another class are listed as kept");
    }
    notes.conclude("classes", "kept classes are as they were", counted(bytes, "byte", "bytes"));
}

Status verifyFilled(const ClassClaim& claim, const std::vector<ClassRange>& classes,
                    const Source& copy, VerificationNotes& notes)
{
    std::uint64_t bytes = 0;
    for (const ClassRange& part : classes) {
        if (useOf(claim.choices, part.kind) != ClassUse::Fill)
            continue;
        bytes += part.range.size();
        for (const FileRange& range : unfilled(part.range, claim.edits)) {
            const auto byte = firstByte(copy, range);
            if (!byte)
                return byte.error();
            if (*byte)
                notes.violate("filled classes", **byte, "a byte of a filled class is left");
        }
    }
    notes.conclude("filled classes", "filled classes hold nothing but fill",
                   counted(bytes, "byte", "bytes"));
    return {};
}

} // namespace

Status verifyClasses(const ClassClaim& claim, const Source& copy, const Source* original,
                     const Dump* dump, VerificationNotes& notes)
{
    if (!original) {
        verifyKept(claim, nullptr, notes);
        return {};
    }
    const auto classes = classRanges(*original, *dump);
    if (!classes)
        return classes.error();
    verifyKept(claim, &*classes, notes);
    return verifyFilled(claim, *classes, copy, notes);
}

} // namespace coredact
