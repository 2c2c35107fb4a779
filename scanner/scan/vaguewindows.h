// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/propagateforms.h"

#include <cstddef>
#include <vector>

namespace coredact {

/// Windows of `size` bytes, looked for at every `step`-th position.
struct WindowGrid {
    std::size_t size;
    std::size_t step;
};

/// Unmarks windows that are nearly all of one byte: four zeros and a one stand everywhere in
/// memory, and each would be compared. `taken`: for each place of the form, whether the window that
/// begins there is looked for. Only those are left out that no fragment needs, whatever its
/// alignment: whole copies and fragments that count keep another window.
void leaveVague(const SecretForm& form, std::vector<bool>& taken, const WindowGrid& grid);

} // namespace coredact
