// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <functional>

namespace coredact {

/// Lines of base64 of one length (64, 70 or 76) under one another, as PEM has them, decoded as far
/// as whole groups of characters go.
struct Base64Lines {
    SecretBytes bytes;
    std::vector<std::size_t> characters; ///< where each character stands that was decoded

    /// What bytes [begin, end) were decoded from: from the first character to the last, with the
    /// line ends between them.
    Span span(std::size_t begin, std::size_t end) const
    {
        return {characters[begin * 4 / 3],
                characters[std::min((end * 4 + 2) / 3, characters.size()) - 1] + 1};
    }
};

/// Calls `take` with each block of at least one whole line whose first line end is fresh; with
/// lines of 70 characters twice, since these do not begin where a group does. The rest of a line
/// that stands before the first line end belongs to it, and so does a shorter last line. A block is
/// followed for `reach` bytes.
void forEachBase64Block(const Window& window, std::size_t reach,
                        const std::function<void(const Base64Lines&)>& take);

} // namespace coredact
