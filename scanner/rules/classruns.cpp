// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/classruns.h"

#include "scanner/rules/runbuilder.h"

#include <re2/re2.h>

namespace coredact {

std::optional<ClassRun> ClassRun::of(std::string_view regex)
{
    if (regex.starts_with('(') && regex.ends_with(')'))
        regex = regex.substr(1, regex.size() - 2);
    static const RE2 shape(R"((\[[^\]\[]+\])\{(\d{1,4})\})");
    std::string characters;
    int length = 0;
    if (!RE2::FullMatch(re2::StringPiece(regex.data(), regex.size()), shape, &characters, &length)
        || length < 24)
        return std::nullopt;
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    const RE2 one(characters, options);
    if (!one.ok())
        return std::nullopt;
    ClassRun run;
    run.length = static_cast<std::size_t>(length);
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        if (RE2::FullMatch(re2::StringPiece(&c, 1), one))
            run.bytes.add(static_cast<std::uint8_t>(byte));
    }
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
