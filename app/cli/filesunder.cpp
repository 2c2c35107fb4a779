// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/filesunder.h"

#include <algorithm>
#include <filesystem>

namespace coredact::cli {

namespace fs = std::filesystem;

namespace {

std::string_view kindOf(fs::file_type type)
{
    switch (type) {
    case fs::file_type::symlink:
        return "a symbolic link inside a folder is not followed";
    case fs::file_type::block:
    case fs::file_type::character:
        return "a device";
    case fs::file_type::fifo:
        return "a named pipe";
    case fs::file_type::socket:
        return "a socket";
    default:
        return "not a regular file";
    }
}

void addFolder(const fs::path& folder, FoundFiles& found)
{
    std::error_code error;
    std::vector<fs::directory_entry> members;
    fs::directory_iterator at(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error))
        members.push_back(*at);
    if (error)
        found.skipped.push_back(
            {folder.string(), "cannot read the folder: " + error.message(), true});
    std::sort(members.begin(), members.end(), [](const auto& one, const auto& other) {
        return one.path().native() < other.path().native();
    });
    for (const fs::directory_entry& member : members) {
        const fs::file_status status = member.symlink_status(error);
        if (error)
            found.skipped.push_back({member.path().string(), error.message(), true});
        else if (fs::is_directory(status))
            addFolder(member.path(), found);
        else if (fs::is_regular_file(status))
            found.files.push_back(member.path().string());
        else
            found.skipped.push_back(
                {member.path().string(), std::string(kindOf(status.type())), false});
    }
}

} // namespace

FoundFiles filesUnder(const std::vector<std::string>& paths)
{
    FoundFiles found;
    for (const std::string& path : paths) {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (path == "-" && status.type() == fs::file_type::not_found)
            found.skipped.push_back(
                {path, "standard input is not scanned: save it to a file first", true});
        else if (status.type() == fs::file_type::not_found)
            found.skipped.push_back({path, "no such file or folder", true});
        else if (status.type() == fs::file_type::fifo)
            found.skipped.push_back(
                {path, "a pipe can be read only once: save it to a file first", true});
        else if (error)
            found.skipped.push_back({path, error.message(), true});
        else if (fs::is_directory(status))
            addFolder(path, found);
        else if (fs::is_regular_file(status))
            found.files.push_back(path);
        else
            found.skipped.push_back({path, std::string(kindOf(status.type())), true});
    }
    return found;
}

} // namespace coredact::cli
