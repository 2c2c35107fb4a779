// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/scanning.h"

#include <array>
#include <random>
#include <string>

namespace coredact::test {

inline const std::array<const char*, 7> codecs {"gzip", "zlib",  "zstd", "lz4",
                                                "xz",   "bzip2", "zip"};

inline std::string letters(std::size_t size, unsigned seed, unsigned different = 26)
{
    std::mt19937 dice(seed);
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += static_cast<char>('a' + dice() % different);
    return text;
}

inline std::string binary(std::size_t size, unsigned seed)
{
    std::mt19937 dice(seed);
    std::string bytes;
    while (bytes.size() < size)
        bytes += static_cast<char>(dice());
    return bytes;
}

/// A password that the rules know by its place in an address.
inline std::string password(unsigned seed)
{
    return "Pq7" + letters(13, seed) + "Z" + std::to_string(100 + seed);
}

inline std::string address(unsigned seed)
{
    return "\npostgresql://owner:" + password(seed) + "@db.internal.example.org:5432/orders\n";
}

/// Text around a password that packs well and is longer than the least that counts.
inline std::string page(unsigned seed)
{
    return letters(700, seed, 4) + address(seed) + letters(600, seed + 1, 4);
}

inline bool holds(const SecretBytes& value, const std::string& text)
{
    return asText(value).find(text) != std::string_view::npos;
}

/// The places of the findings whose value holds `text`.
inline std::vector<Occurrence> placesOf(const ScanResult& result, const std::string& text)
{
    std::vector<Occurrence> places;
    for (std::size_t i = 0; i < result.findings.size(); ++i)
        if (holds(result.values[i].value, text))
            places.insert(places.end(), result.findings[i].occurrences.begin(),
                          result.findings[i].occurrences.end());
    return places;
}

inline bool isAt(const Occurrence& place, std::uint64_t offset, std::uint64_t size)
{
    return place.pieces.size() == 1 && place.pieces.front().file == *FileRange::make(offset, size);
}

} // namespace coredact::test
