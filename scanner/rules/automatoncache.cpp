// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/automatoncache.h"

#include "scanner/io/digest.h"

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

namespace {

constexpr std::string_view mark = "coredact rules 1\n";
constexpr std::size_t digestSize = 64;
constexpr std::size_t headSize = mark.size() + 2 * digestSize;
constexpr off_t mostBytes = off_t {64} << 20;

bool readAll(int descriptor, MutableByteView target)
{
    off_t offset = 0;
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

} // namespace

std::optional<std::vector<std::uint8_t>> AutomatonCache::find(const std::string& key) const
{
    struct stat status = {};
    if (m_descriptor < 0 || fstat(m_descriptor, &status) != 0
        || status.st_size <= static_cast<off_t>(headSize) || status.st_size > mostBytes)
        return std::nullopt;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
    if (!readAll(m_descriptor, bytes))
        return std::nullopt;
    const std::string_view text = asText(bytes);
    const ByteView payload = ByteView(bytes).subspan(headSize);
    if (!text.starts_with(mark) || text.substr(mark.size(), digestSize) != key
        || text.substr(mark.size() + digestSize, digestSize) != sha256(payload))
        return std::nullopt;
    return std::vector<std::uint8_t>(payload.begin(), payload.end());
}

void AutomatonCache::keep(const std::string& key, ByteView payload) const
{
    if (m_descriptor < 0 || key.size() != digestSize || ftruncate(m_descriptor, 0) != 0)
        return;
    const std::string head = std::string(mark) + key + sha256(payload);
    if (!writeAll(m_descriptor, payload, static_cast<off_t>(headSize))
        || !writeAll(m_descriptor, asBytes(head), 0))
        (void)!ftruncate(m_descriptor, 0);
}

} // namespace coredact
