// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Whether the text is what class files of Java, and the symbols of a JVM, say of types (The Java
/// Virtual Machine Specification, 4.2 and 4.3): a method's descriptor, fields' descriptors of which
/// one is of a class, or a class, as in "(Ljava/lang/String;[C)V", "[Ljava/security/Key;",
/// "java/lang/Throwable". Classes count below the packages that most are in ("java", "com", "org"),
/// so that no secret that was drawn with such signs is taken for one. Generic types are not read.
bool isJavaType(std::string_view text);

} // namespace coredact
