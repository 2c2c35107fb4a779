// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/automatoncache.h"

#include "scanner/io/digest.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

namespace {

constexpr std::string_view mark = "coredact rules 2\n";
constexpr std::size_t digestSize = 64;
constexpr std::size_t numberSize = 16; ///< the payload's size in hexadecimal digits
constexpr std::size_t headSize = mark.size() + 2 * digestSize + numberSize;
constexpr off_t mostBytes = off_t {64} << 20;
constexpr std::size_t mostKept = 8;

bool readAll(int descriptor, MutableByteView target, off_t offset)
{
    while (!target.empty()) {
        const ssize_t count = pread(descriptor, target.data(), target.size(), offset);
        if (count <= 0)
            return false;
        offset += count;
        target = target.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

bool writeAll(int descriptor, ByteView bytes, off_t offset)
{
    while (!bytes.empty()) {
        const ssize_t count = pwrite(descriptor, bytes.data(), bytes.size(), offset);
        if (count <= 0)
            return false;
        offset += count;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

std::string headOf(const std::string& key, ByteView payload)
{
    std::string number(numberSize, '0');
    std::array<char, numberSize> digits {};
    const auto end
        = std::to_chars(digits.data(), digits.data() + digits.size(), payload.size(), 16).ptr;
    std::copy(digits.data(), end, number.end() - (end - digits.data()));
    return std::string(mark) + key + sha256(payload) + number;
}

} // namespace

std::vector<AutomatonCache::Kept> AutomatonCache::kept() const
{
    std::vector<Kept> all;
    struct stat status = {};
    if (m_descriptor < 0 || fstat(m_descriptor, &status) != 0 || status.st_size > mostBytes)
        return all;
    const auto fileSize = static_cast<std::uint64_t>(status.st_size);
    std::uint64_t offset = 0;
    while (all.size() < mostKept && fileSize - offset > headSize) {
        std::string head(headSize, '\0');
        if (!readAll(m_descriptor, {reinterpret_cast<std::uint8_t*>(head.data()), head.size()},
                     static_cast<off_t>(offset))
            || !head.starts_with(mark))
            break;
        std::uint64_t size = 0;
        const char* number = head.data() + headSize - numberSize;
        const auto parsed = std::from_chars(number, number + numberSize, size, 16);
        offset += headSize;
        if (parsed.ec != std::errc() || parsed.ptr != number + numberSize
            || size > fileSize - offset)
            break;
        all.push_back({head.substr(mark.size(), digestSize),
                       head.substr(mark.size() + digestSize, digestSize), offset, size});
        offset += size;
    }
    return all;
}

std::optional<std::vector<std::uint8_t>> AutomatonCache::payloadOf(const Kept& one) const
{
    std::vector<std::uint8_t> payload(one.size);
    if (!readAll(m_descriptor, payload, static_cast<off_t>(one.offset))
        || sha256(payload) != one.digest)
        return std::nullopt;
    return payload;
}

std::optional<std::vector<std::uint8_t>> AutomatonCache::find(const std::string& key) const
{
    const std::vector<Kept> all = kept();
    const auto one
        = std::find_if(all.begin(), all.end(), [&](const Kept& other) { return other.key == key; });
    if (one == all.end())
        return std::nullopt;
    auto payload = payloadOf(*one);
    if (payload && one != all.begin())
        keep(key, *payload);
    return payload;
}

void AutomatonCache::keep(const std::string& key, ByteView payload) const
{
    if (m_descriptor < 0 || key.size() != digestSize)
        return;
    std::vector<std::uint8_t> file;
    const auto add = [&](const std::string& name, ByteView bytes) {
        const std::string head = headOf(name, bytes);
        file.insert(file.end(), head.begin(), head.end());
        file.insert(file.end(), bytes.begin(), bytes.end());
    };
    add(key, payload);
    std::size_t count = 1;
    for (const Kept& one : kept()) {
        const bool fits = count < mostKept
            && file.size() + headSize + one.size <= static_cast<std::uint64_t>(mostBytes);
        if (one.key == key || !fits)
            continue;
        const auto bytes = payloadOf(one);
        if (!bytes)
            continue;
        add(one.key, *bytes);
        ++count;
    }
    // The first head comes last: until then nobody takes anything.
    const ByteView whole(file);
    if (ftruncate(m_descriptor, 0) != 0
        || !writeAll(m_descriptor, whole.subspan(headSize), static_cast<off_t>(headSize))
        || !writeAll(m_descriptor, whole.first(headSize), 0))
        (void)!ftruncate(m_descriptor, 0);
}

} // namespace coredact
