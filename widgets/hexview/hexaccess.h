// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace coredact {

/// Tells screen readers about hex views: the row of the cursor as their value, put together when
/// it is asked for and never kept. Called by each view; does its work once.
void installHexAccess();

} // namespace coredact
