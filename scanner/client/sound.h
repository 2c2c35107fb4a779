// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/protocol.h"

/// What holds between the members of a value that travels, beyond what its types say. A message
/// with a value that is not sound is refused, so that a front end may rely on the contracts of
/// the headers although the engine might be in an attacker's hands.
namespace coredact::protocol {

template <typename T>
bool sound(const T&)
{
    return true;
}

bool sound(const Segment& segment);
bool sound(const Dump& dump);
bool sound(const Occurrence& occurrence);
bool sound(const Finding& finding);
bool sound(const Opened& opened);
bool sound(const Verify& verify);
bool sound(const Planned& planned);
bool sound(const Exported& exported);
bool sound(const Compared& compared);
bool sound(const Read& read);
bool sound(const Bytes& bytes);
bool sound(const Search& search);

/// True when every place that the event names lies in a file of `fileSize` bytes.
bool inside(const Event& event, std::uint64_t fileSize);

/// The most bytes that one Read may ask for.
constexpr std::uint32_t maximumRead = 64U << 10;
/// The longest pattern of a Search.
constexpr std::size_t maximumPattern = 64U << 10;

} // namespace coredact::protocol
