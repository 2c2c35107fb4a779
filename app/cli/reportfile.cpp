// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reportfile.h"

#include "app/cli/stopsignal.h"
#include "scanner/client/copyname.h"
#include "scanner/io/outputfile.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>

namespace coredact::cli {

namespace {

Status writeAll(int file, std::string_view text, const std::string& path)
{
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot write " + path, errno);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Status writeDirectly(const std::string& path, const std::string& text)
{
    const StopSignal::Ending waiting;
    const Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!file)
        return systemError("cannot write " + path, errno);
    return writeAll(file.number(), text, path);
}

Status refuseInputs(const std::string& path, const std::vector<std::string>& inputs)
{
    for (const std::string& input : inputs) {
        const Descriptor file(open(input.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        if (!file)
            continue;
        if (const Status alias = refuseAlias(file.number(), path); !alias)
            return alias;
    }
    return {};
}

} // namespace

Status writeReport(const std::string& path, const std::string& text,
                   const std::vector<std::string>& inputs)
{
    struct stat status = {};
    if (stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return Error {ErrorCode::Usage, path + " is a folder", std::nullopt};
        if (const Status alias = refuseInputs(path, inputs); !alias)
            return alias;
        if (!S_ISREG(status.st_mode))
            return writeDirectly(path, text);
    }
    const std::string folder = folderOf(path);
    auto file = OutputFile::make(folder);
    if (!file)
        return file.error();
    if (const Status written = writeAll(file->descriptor(), text, path); !written)
        return written;
    const std::string name = folder + "/.coredact-" + randomName(12);
    if (const Status published = file->publish(name); !published)
        return published;
    if (std::rename(name.c_str(), path.c_str()) != 0) {
        const int error = errno;
        unlink(name.c_str());
        return systemError("cannot write " + path, error);
    }
    return {};
}

Status giveReport(const std::string& path, const std::string& text,
                  const std::vector<std::string>& inputs)
{
    if (!path.empty() && path != "-")
        return writeReport(path, text, inputs);
    const StopSignal::Ending waiting;
    return writeAll(STDOUT_FILENO, text, "standard output");
}

Result<std::string> readText(const std::string& path, std::string_view what, std::uint64_t limit)
{
    const StopSignal::Ending waiting;
    const std::string name = std::string(what) + " " + path;
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file)
        return systemError("cannot open " + name, errno);
    std::string text;
    char block[65536];
    for (;;) {
        const ssize_t count = ::read(file.number(), block, sizeof block);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot read " + name, errno);
        if (count == 0)
            return text;
        if (text.size() + static_cast<std::size_t>(count) > limit)
            return Error {ErrorCode::TooLarge,
                          name + " is larger than " + std::to_string(limit) + " bytes",
                          std::nullopt};
        text.append(block, static_cast<std::size_t>(count));
    }
}

} // namespace coredact::cli
