// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/classruns.h"

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
        run.bytes[static_cast<std::size_t>(byte)] = RE2::FullMatch(re2::StringPiece(&c, 1), one);
    }
    return run;
}

void ClassRun::find(ByteView text,
                    const std::function<void(std::size_t begin, std::size_t end)>& take) const
{
    std::size_t at = 0;
    while (at + length <= text.size()) {
        // From the right: a byte that does not belong rules out all beginnings before it.
        std::size_t left = length;
        while (left > 0 && bytes[text[at + left - 1]])
            --left;
        if (left > 0) {
            at += left;
            continue;
        }
        const std::size_t begin = at;
        at += length;
        while (at < text.size() && bytes[text[at]])
            ++at;
        take(begin, at);
    }
}

} // namespace coredact
