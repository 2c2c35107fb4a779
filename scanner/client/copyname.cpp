// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/copyname.h"

#include <array>
#include <sys/random.h>
#include <utility>

namespace coredact {

namespace {

using Extension = std::pair<std::string_view, std::string_view>;

constexpr std::array formatExtensions {
    Extension {"elf-core", ".core"},
    Extension {"minidump", ".dmp"},
};
constexpr std::array containerExtensions {
    Extension {"zstd", ".zst"},
    Extension {"xz", ".xz"},
    Extension {"lz4", ".lz4"},
    Extension {"gzip", ".gz"},
    Extension {"bzip2", ".bz2"},
};

template <typename List>
std::string extensionOf(const List& list, std::string_view id, std::string_view otherwise)
{
    for (const auto& [known, extension] : list) {
        if (known == id)
            return std::string(extension);
    }
    return std::string(otherwise);
}

} // namespace

std::string randomName(std::size_t count)
{
    static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string name;
    while (name.size() < count) {
        unsigned char byte = 0;
        if (getrandom(&byte, 1, 0) != 1)
            continue;
        if (byte < 256 - 256 % letters.size()) // else the first letters would be likelier
            name += letters[byte % letters.size()];
    }
    return name;
}

std::vector<std::string_view> containerNames()
{
    std::vector<std::string_view> names;
    for (const auto& [name, extension] : containerExtensions)
        names.push_back(name);
    return names;
}

std::string copyName(const std::string& format, const std::vector<std::string>& containers)
{
    std::string name = "redacted-" + randomName(8) + extensionOf(formatExtensions, format, ".bin");
    for (auto container = containers.rbegin(); container != containers.rend(); ++container)
        name += extensionOf(containerExtensions, *container, "");
    return name;
}

} // namespace coredact
