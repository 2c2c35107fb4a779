// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <optional>
#include <string_view>
#include <vector>

namespace coredact {

/// Records of a Java heap dump (HPROF with ids of 8 bytes), each by its first byte on. What is no
/// such record, or is cut, gives nothing; whether ids mean anything is not checked.
namespace hprof {

enum Tag : std::uint8_t { Text = 0x01, Class = 0x20, Instance = 0x21, Array = 0x23 };

/// A name of a class or a field, or another constant text.
struct TextRecord {
    std::uint64_t id = 0;
    std::string_view text {};
};
/// Of texts longer than `longest` it gives nothing.
std::optional<TextRecord> textAt(ByteView bytes, std::size_t longest);

/// A field that refers to an object.
struct Reference {
    std::uint64_t name = 0;
    std::uint64_t place = 0; ///< in what the class adds to an instance; of a static one, the object

    auto operator<=>(const Reference&) const = default;
};

struct ClassRecord {
    std::uint64_t id = 0;
    std::uint64_t super = 0; ///< 0: none
    std::uint32_t size = 0; ///< what the class adds to an instance
    std::vector<Reference> statics {};
    std::vector<Reference> fields {};

    auto operator<=>(const ClassRecord&) const = default;
};
std::optional<ClassRecord> classAt(ByteView bytes);

struct InstanceRecord {
    std::uint64_t id = 0;
    std::uint64_t type = 0;
    ByteView fields {}; ///< those of its class, then those of the class above it, and so on
};
std::optional<InstanceRecord> instanceAt(ByteView bytes);

/// An array of bytes or characters; the numbers follow its head.
struct ArrayRecord {
    std::uint64_t id = 0;
    std::uint32_t count = 0;
    std::size_t width = 1; ///< bytes of each
};
inline constexpr std::size_t arrayHead = 18;
std::optional<ArrayRecord> arrayAt(ByteView bytes);

} // namespace hprof

} // namespace coredact
