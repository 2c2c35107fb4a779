// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/byteanchor.h"

#include <string>

namespace coredact {

ByteAnchor anchorOf(std::string_view fourBytes, std::size_t reach, decltype(ByteAnchor::look) look)
{
    return anchorOf(fourBytes, "\xff\xff\xff\xff", reach, look);
}

ByteAnchor anchorOf(std::string_view fourBytes, std::string_view mask, std::size_t reach,
                    decltype(ByteAnchor::look) look)
{
    ByteAnchor anchor;
    for (std::size_t i = 0; i < anchor.value.size(); ++i) {
        anchor.mask[i] = static_cast<std::uint8_t>(mask[i]);
        anchor.value[i] = static_cast<std::uint8_t>(fourBytes[i]) & anchor.mask[i];
    }
    anchor.reach = reach;
    anchor.look = look;
    return anchor;
}

std::vector<ByteAnchor> anchorsOfLetters(std::span<const std::string_view> texts, std::size_t reach,
                                         decltype(ByteAnchor::look) look)
{
    std::vector<ByteAnchor> anchors;
    for (const std::string_view text : texts) {
        std::string mask;
        for (const char c : text)
            mask += static_cast<char>(anyCase(c));
        anchors.push_back(anchorOf(text, mask, reach, look));
    }
    return anchors;
}

} // namespace coredact
