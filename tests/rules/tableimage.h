// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "littlewords.h"
#include "memoryimage.h"

#include <string>
#include <vector>

namespace coredact {

extern const Detector tablesecretsDetector;

namespace test {

using Bytes = std::vector<std::uint8_t>;

inline const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";
inline constexpr std::uint64_t type = 0x900000; ///< of all strings of a runtime
inline constexpr std::uint64_t hash = 0x34274a961e65c774;

inline Bytes words(std::initializer_list<std::uint64_t> values) { return littleWords(values); }

/// What is no entry: name and value alone.
inline Bytes nextToEachOther(std::uint64_t name, std::uint64_t value)
{
    return words({5, name, value, 5, 5, 5});
}

inline Bytes withText(Bytes header, const std::string& text)
{
    header.insert(header.end(), text.begin(), text.end());
    header.insert(header.end(), 8, 0);
    return header;
}

inline Bytes phpString(const std::string& text, std::uint64_t textHash = hash)
{
    return withText(words({0x1600000001, textHash, text.size()}), text);
}

/// The places of the secret that are told, and of nothing else.
inline std::vector<std::uint64_t> told(const MemoryImage& image)
{
    std::vector<std::uint64_t> places;
    for (const Match& match : image.walk(tablesecretsDetector)) {
        if (match.value != SecretBytes(secret.begin(), secret.end()))
            return {};
        places.push_back(match.places.front().first());
    }
    return places;
}

/// An image in which `entry`, given the addresses of a name and of a value, stands among others.
template <typename Entry>
std::vector<std::uint64_t> toldOf(const Bytes& name, const Bytes& value, Entry entry)
{
    MemoryImage image;
    image.pad(5000);
    const auto nameAt = image.put(name);
    image.pad(3000);
    const auto valueAt = image.put(value);
    image.put(entry(nameAt, valueAt));
    image.pad(5000);
    std::vector<std::uint64_t> places = told(image);
    for (std::uint64_t& place : places)
        place -= image.fileOffsetOf(valueAt);
    return places;
}

using Places = std::vector<std::uint64_t>;

} // namespace test

} // namespace coredact
