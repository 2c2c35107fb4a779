// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/bytesearch.h"

#include "app/engine/searchwindows.h"
#include "scanner/base/securebuffer.h"

#include <algorithm>
#include <cstring>

namespace coredact::engine {
namespace {

std::uint8_t lowered(std::uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte + ('a' - 'A')) : byte;
}

/// The forms in which the pattern may stand in the file.
struct Pattern {
    std::vector<SecretBytes> forms; ///< with their bytes reversed for a search backwards
    bool ignoreCase = false;
    bool backwards = false;
    std::uint64_t longest = 0;
    bool zeros = false; ///< one of the forms would be found in a hole

    explicit Pattern(const protocol::Search& search)
        : ignoreCase(search.ignoreCase)
        , backwards(search.backwards)
    {
        add(search.pattern);
        if (const auto wide = search.alsoUtf16 ? utf16FormOf(search.pattern) : std::nullopt)
            add(*wide);
    }

    /// Brings bytes into the shape of the forms.
    void shape(MutableByteView bytes) const
    {
        if (ignoreCase)
            std::transform(bytes.begin(), bytes.end(), bytes.begin(), lowered);
        if (backwards)
            std::reverse(bytes.begin(), bytes.end());
    }

private:
    void add(ByteView form)
    {
        SecretBytes bytes(form.begin(), form.end());
        shape(bytes);
        zeros = zeros || std::all_of(bytes.begin(), bytes.end(), [](auto b) { return b == 0; });
        longest = std::max<std::uint64_t>(longest, bytes.size());
        forms.push_back(std::move(bytes));
    }
};

/// Where the form begins among the first `starts` bytes, the first place or, backwards, the last.
/// `bytes` have the pattern's shape: backwards, the last one comes first, so that one forward
/// pass in linear time finds the last place too.
std::optional<std::size_t> findForm(ByteView bytes, std::size_t starts, ByteView form,
                                    bool backwards)
{
    const std::size_t size = std::min(bytes.size(), starts - 1 + form.size());
    const ByteView part = backwards ? bytes.last(size) : bytes.first(size);
    const void* place = memmem(part.data(), size, form.data(), form.size());
    if (!place)
        return std::nullopt;
    const auto at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(place) - part.data());
    return backwards ? size - at - form.size() : at;
}

/// The search of one window: places that begin in `starts`.
Result<std::optional<FileRange>> findIn(const Source& source, const Pattern& pattern,
                                        SecureBuffer& buffer, FileRange starts)
{
    const std::uint64_t end = std::min(source.size(), starts.last() + pattern.longest);
    const MutableByteView bytes
        = buffer.bytes().first(static_cast<std::size_t>(end - starts.first()));
    if (const Status status = source.readAt(starts.first(), bytes); !status)
        return status.error();
    pattern.shape(bytes);
    std::optional<FileRange> best;
    for (const SecretBytes& form : pattern.forms) {
        const auto at
            = findForm(bytes, static_cast<std::size_t>(starts.size()), form, pattern.backwards);
        const auto range = at ? FileRange::make(starts.first() + *at, form.size()) : std::nullopt;
        if (range && (!best || (pattern.backwards ? *range > *best : *range < *best)))
            best = range;
    }
    return best;
}

} // namespace

Result<std::optional<FileRange>> find(const Source& source, const protocol::Search& search,
                                      const JobControl& control)
{
    const std::optional<FileRange> nothing;
    if (source.size() == 0 || (!search.backwards && search.from >= source.size()))
        return nothing;
    if (search.expression)
        return findExpression(source, search, control);
    const Pattern pattern(search);
    const auto windows = SearchWindows::make(source, search, pattern.longest,
                                             pattern.zeros ? SearchWindows::Holes::Too
                                                           : SearchWindows::Holes::Not);
    if (!windows)
        return windows.error();
    SecureBuffer buffer(
        static_cast<std::size_t>(std::min(SearchWindows::size + pattern.longest, source.size())));
    return windows->firstOf(
        control, [&](FileRange starts) { return findIn(source, pattern, buffer, starts); });
}

} // namespace coredact::engine
