// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// The name of the field that the head of a Java heap dump (HPROF, with ids of 8 bytes) is. No
/// reader knows the dump's parts; what lies in it is looked at as raw bytes.
inline constexpr std::string_view javaHeapDumpField = "JavaHeapDump";

} // namespace coredact
