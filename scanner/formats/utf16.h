// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"

#include <string>

namespace coredact {

/// UTF-8 from UTF-16 up to the end or a NUL; an unpaired surrogate becomes U+FFFD, an odd last
/// byte is left out.
std::string utf8FromUtf16(ByteView bytes, ByteOrder order);

} // namespace coredact
