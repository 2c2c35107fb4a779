// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/scan/feed.h"

#include <memory>
#include <string_view>
#include <vector>

namespace coredact {

/// The bytes that a text stands for, however long it is: the views' ways of reading, without a
/// window. Ends where the text does.
class TextFeed : public Feed {
public:
    /// `under` begins with the first character. `wrapping`: the views' names, the outermost first
    /// ("utf-16le+base64"); empty: the bytes as they are. `phases`: where in a group of four each
    /// base64 begins, as digits to the base of three, the outermost the lowest: a byte in the
    /// midst of such a text begins in the midst of a character.
    TextFeed(std::unique_ptr<Feed> under, std::string_view wrapping, unsigned phases);
    ~TextFeed() override;

    std::size_t read(MutableByteView buffer) override;
    /// The bytes under the text that those read so far were made from.
    std::uint64_t taken() const;

    class Layer; ///< gives byte after byte
    class Bottom;

private:
    std::unique_ptr<Feed> m_under;
    std::vector<std::unique_ptr<Layer>> m_layers; ///< each reads from the one before it
    Bottom* m_bottom;
};

/// How many values the phases of a text have.
unsigned phasesOf(std::string_view wrapping);

} // namespace coredact
