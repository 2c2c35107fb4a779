// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/walk.h"

#include <map>
#include <string>
#include <vector>

namespace coredact {

/// Gathers the texts of a dump that end with a NUL and are the name of something secret, in any
/// place of its memory: constants of the program, symbols, keys of tables. In UTF-8 and in
/// UTF-16LE. What stands right before a name and is a letter as well makes it longer.
class NameTextRound : public WalkRound {
public:
    struct Name {
        const RuleInfo* rule = nullptr;
        std::string text;
    };

    std::vector<Anchor> anchors() const override;
    void lookAt(const Window& window, std::size_t position) override;
    void join(WalkRound& other) override;

    std::map<std::uint64_t, Name> names; ///< by the address of the first letter

private:
    void lookAtEnd(const Window& window, std::size_t end, std::size_t width);
};

} // namespace coredact
