// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/classruns.h"

#include "scanner/rules/regex/tree.h"
#include "scanner/rules/runbuilder.h"

namespace coredact {

std::optional<ClassRun> ClassRun::of(std::string_view regex)
{
    constexpr std::size_t least = 24;
    const std::optional<Regex> parsed = parseRegex(regex);
    if (!parsed)
        return std::nullopt;
    const RegexNode* node = &parsed->root;
    while (node->kind == RegexNode::Kind::Sequence && node->parts.size() == 1)
        node = &node->parts.front();
    if (node->kind != RegexNode::Kind::Repeat || node->least != node->most || node->least < least
        || node->parts.front().kind != RegexNode::Kind::Bytes)
        return std::nullopt;
    ClassRun run;
    run.length = node->least;
    for (std::size_t byte = 0; byte < 256; ++byte)
        if (node->parts.front().bytes[byte])
            run.bytes.add(static_cast<std::uint8_t>(byte));
    return run;
}

void ClassRun::find(ByteView text, const Zone& part, std::vector<Zone>& zones) const
{
    if (part.end - part.begin < length)
        return;
    constexpr std::size_t isLong = 56;
    if (length >= isLong) {
        findLong(text, part, zones);
        return;
    }
    findRuns(
        text, part, length,
        [&](std::size_t at, std::uint64_t* masks, std::size_t count) {
            classMasks(bytes, text.data() + at, masks, count);
        },
        [&](std::size_t at, std::size_t size) {
            std::uint64_t mask = 0;
            for (std::size_t i = 0; i < size; ++i)
                mask |= std::uint64_t {bytes.has(text[at + i])} << i;
            return mask;
        },
        zones);
}

/// Most of a text is passed over: where the last byte that a run needs is none of the class, no run
/// holds it.
void ClassRun::findLong(ByteView text, const Zone& part, std::vector<Zone>& zones) const
{
    const std::size_t first = zones.size();
    std::size_t begin = part.begin; // before it nothing belongs to a run
    while (part.end - begin >= length) {
        std::size_t at = begin + length; // from it back to `begin` all must belong
        while (at > begin && bytes.has(text[at - 1]))
            --at;
        if (at > begin) {
            begin = at;
            continue;
        }
        std::size_t end = begin + length;
        while (end < part.end && bytes.has(text[end]))
            ++end;
        if (zones.size() > first && begin - zones.back().end < nearRuns)
            zones.back().end = end;
        else
            zones.push_back({begin, end});
        begin = end;
    }
}

} // namespace coredact
