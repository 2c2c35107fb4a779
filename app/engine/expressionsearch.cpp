// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/bytesearch.h"
#include "app/engine/searchwindows.h"
#include "scanner/base/securebuffer.h"

#include <algorithm>

#include <re2/re2.h>

namespace coredact::engine {
namespace {

constexpr std::uint64_t longestMatch = 64U << 10;

RE2::Options optionsFor(const protocol::Search& search)
{
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1); // a byte is a character
    options.set_case_sensitive(!search.ignoreCase);
    options.set_log_errors(false);
    return options;
}

/// The first match that begins in `starts`, or backwards the last one.
Result<std::optional<FileRange>> matchIn(const Source& source, const RE2& expression,
                                         bool backwards, SecureBuffer& buffer, FileRange starts)
{
    // A byte before the window, so that its begin is not taken for that of the file.
    const std::uint64_t begin = starts.first() - std::min<std::uint64_t>(starts.first(), 1);
    const std::uint64_t end = std::min(source.size(), starts.last() + longestMatch);
    const MutableByteView bytes = buffer.bytes().first(static_cast<std::size_t>(end - begin));
    if (const Status status = source.readAt(begin, bytes); !status)
        return status.error();
    const re2::StringPiece text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::optional<FileRange> best;
    auto at = static_cast<std::size_t>(starts.first() - begin);
    re2::StringPiece match;
    while (at < bytes.size()
           && expression.Match(text, at, text.size(), RE2::UNANCHORED, &match, 1)) {
        const auto first = static_cast<std::size_t>(match.data() - text.data());
        if (begin + first > starts.last())
            break;
        if (match.empty()) { // "a*" is there everywhere; only where it is something counts
            at = first + 1;
            continue;
        }
        best = FileRange::make(begin + first, match.size());
        if (!backwards)
            break;
        at = first + match.size();
    }
    return best;
}

} // namespace

Result<std::optional<FileRange>>
findExpression(const Source& source, const protocol::Search& search, const JobControl& control)
{
    const RE2 expression(re2::StringPiece(reinterpret_cast<const char*>(search.pattern.data()),
                                          search.pattern.size()),
                         optionsFor(search));
    if (!expression.ok())
        return Error {ErrorCode::Usage, "this is no regular expression: " + expression.error(),
                      std::nullopt};
    const auto windows
        = SearchWindows::make(source, search, longestMatch, SearchWindows::Holes::Not);
    if (!windows)
        return windows.error();
    SecureBuffer buffer(
        static_cast<std::size_t>(std::min(SearchWindows::size + longestMatch + 1, source.size())));
    return windows->firstOf(control, [&](FileRange starts) {
        return matchIn(source, expression, search.backwards, buffer, starts);
    });
}

} // namespace coredact::engine
