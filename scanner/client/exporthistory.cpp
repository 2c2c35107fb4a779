// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/exporthistory.h"

#include "scanner/base/descriptor.h"
#include "scanner/io/sparsewriter.h"
#include "scanner/redact/commitment.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

namespace {

constexpr std::string_view kind = "coredact-exports/1";
constexpr std::size_t mostEntries = 1000;
constexpr off_t largestFile = 1 << 20;

struct Entry {
    std::string input; ///< HMACs, as hex
    std::string policy;
};

struct History {
    std::vector<std::uint8_t> key;
    std::vector<Entry> entries;
};

Error unusable(std::string what)
{
    return {ErrorCode::System, "the list of earlier exports " + std::move(what), std::nullopt};
}

std::filesystem::path variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Opened and locked, for as long as the descriptor lives.
Result<Descriptor> openLocked(const std::string& folder)
{
    std::error_code error;
    const bool made = std::filesystem::create_directories(folder, error);
    if (error)
        return unusable("has no folder");
    if (made)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    const std::string path = folder + "/exports";
    Descriptor file(
        open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600));
    struct stat status = {};
    if (!file || fstat(file.number(), &status) != 0)
        return unusable("cannot be opened");
    if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || status.st_size > largestFile)
        return unusable("is not a file of this program and user");
    if (fchmod(file.number(), 0600) != 0 || flock(file.number(), LOCK_EX) != 0)
        return unusable("cannot be locked");
    return file;
}

Result<std::string> contentOf(int file)
{
    std::string text;
    char buffer[4096];
    for (off_t at = 0;;) {
        const ssize_t count = pread(file, buffer, sizeof buffer, at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 || at > largestFile)
            return unusable("cannot be read");
        if (count == 0)
            return text;
        text.append(buffer, static_cast<std::size_t>(count));
        at += count;
    }
}

/// A file that is not one of these begins anew: it is no more than a help to its owner.
History parsed(const std::string& text)
{
    std::istringstream lines(text);
    std::string word;
    std::string key;
    History history;
    if (lines >> word >> key && word == kind)
        if (auto bytes = bytesFromHex(key); bytes && bytes->size() == 32)
            history.key = std::move(*bytes);
    if (history.key.empty()) {
        history.key = freshSalt();
        return history;
    }
    for (Entry entry; lines >> entry.input >> entry.policy;)
        history.entries.push_back(entry);
    return history;
}

Status write(int file, const History& history)
{
    std::string text = std::string(kind) + " " + hexFromBytes(history.key) + "\n";
    const std::size_t first
        = history.entries.size() - std::min(history.entries.size(), mostEntries);
    for (std::size_t i = first; i < history.entries.size(); ++i)
        text += history.entries[i].input + " " + history.entries[i].policy + "\n";
    if (const Status written = writeAllAt(file, 0, asBytes(text)); !written)
        return written;
    if (ftruncate(file, static_cast<off_t>(text.size())) != 0)
        return unusable("cannot be written");
    return {};
}

} // namespace

std::string earlierExportWarning(std::uint64_t policies)
{
    return "copies of this dump were made before under "
        + (policies == 1 ? "another policy" : std::to_string(policies) + " other policies")
        + std::string(": who has both sees in one what the other hides, so hand on one of them");
}

std::string ExportHistory::standardFolder()
{
    std::filesystem::path folder = variable("XDG_STATE_HOME");
    if (!folder.is_absolute()) {
        const std::filesystem::path home = variable("HOME");
        if (!home.is_absolute())
            return {};
        folder = home / ".local" / "state";
    }
    return folder / "coredact";
}

Result<std::uint64_t> ExportHistory::note(const std::string& inputDigest,
                                          const std::string& policy) const
{
    const auto file = openLocked(m_folder);
    if (!file)
        return file.error();
    const auto text = contentOf(file->number());
    if (!text)
        return text.error();
    History history = parsed(*text);
    const Entry entry {commitment(history.key, "input " + inputDigest),
                       commitment(history.key, "policy " + policy)};
    std::set<std::string> others;
    bool known = false;
    for (const Entry& earlier : history.entries) {
        if (earlier.input != entry.input)
            continue;
        if (earlier.policy == entry.policy)
            known = true;
        else
            others.insert(earlier.policy);
    }
    if (!known) {
        history.entries.push_back(entry);
        if (const Status written = write(file->number(), history); !written)
            return written.error();
    }
    return static_cast<std::uint64_t>(others.size());
}

} // namespace coredact
