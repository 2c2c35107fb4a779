// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/publication.h"

#include <cerrno>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

namespace coredact {
namespace {

Status refuseName(const std::string& path, std::string_view role, int original)
{
    if (const Status alias = refuseAlias(original, path); !alias)
        return alias;
    struct stat status = {};
    if (lstat(path.c_str(), &status) == 0)
        return Error {
            ErrorCode::Refused,
            path
                + " exists already, and no file is ever replaced, since it may belong to a "
                  "copy that was handed on; nothing was written: name another "
                + std::string(role) + ", or move it away",
            std::nullopt};
    if (errno != ENOENT)
        return systemError("cannot write " + path, errno);
    return {};
}

Result<FileIdentity> identityOf(const OutputFile& file)
{
    auto reading = file.duplicate();
    if (!reading)
        return reading.error();
    const auto source = Source::fromDescriptor(std::move(*reading));
    if (!source)
        return source.error();
    return source->identity();
}

Status writeAll(int target, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = write(target, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot write the certificate", errno);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

} // namespace

Publication::Publication(PublicationNames names, OutputFile copy)
    : m_names(std::move(names))
    , m_copy(std::move(copy))
{
}

Result<Publication> Publication::make(PublicationNames names, int original)
{
    std::set<std::string> seen;
    const std::pair<std::string, std::string_view> files[]
        = {{names.copy, "copy"},
           {names.certificate, "certificate"},
           {names.signature, "certificate, beside which its signature goes"},
           {names.privateRecord, "private record"}};
    for (const auto& [name, role] : files) {
        if (name.empty())
            continue;
        if (!seen.insert(name).second)
            return Error {ErrorCode::Usage, "two of the files to write have the same name",
                          std::nullopt};
        if (const Status usable = refuseName(name, role, original); !usable)
            return usable.error();
    }
    auto copy = OutputFile::make(folderOf(names.copy));
    if (!copy)
        return copy.error();
    return Publication(std::move(names), std::move(*copy));
}

Status Publication::copyIsWritten()
{
    const auto identity = identityOf(m_copy);
    if (!identity)
        return identity.error();
    m_written = *identity;
    return {};
}

Status Publication::publish(const PublicationTexts& texts)
{
    const auto identity = identityOf(m_copy);
    if (!identity)
        return identity.error();
    // The engine that wrote the copy had the means to write to it again.
    if (*identity != m_written)
        return Error {ErrorCode::Changed, "the copy was written to after it was finished",
                      std::nullopt};
    Status status = publishText(m_names.certificate, texts.certificate);
    if (status)
        status = publishText(m_names.signature, texts.signature);
    if (status)
        status = publishText(m_names.privateRecord, texts.privateRecord);
    if (status)
        status = m_copy.publish(m_names.copy);
    if (!status)
        takeBack();
    return status;
}

Status Publication::publishText(const std::string& path, const std::string& text)
{
    if (path.empty())
        return {};
    auto file = OutputFile::make(folderOf(path));
    if (!file)
        return file.error();
    if (const Status written = writeAll(file->descriptor(), text); !written)
        return written;
    if (const Status published = file->publish(path); !published)
        return published;
    struct stat named = {};
    if (lstat(path.c_str(), &named) == 0)
        m_published.push_back({path, named.st_dev, named.st_ino});
    return {};
}

void Publication::takeBack()
{
    for (const Named& ours : m_published) {
        // Only what is still ours: the name may be somebody else's by now.
        struct stat now = {};
        if (lstat(ours.path.c_str(), &now) == 0 && now.st_dev == ours.device
            && now.st_ino == ours.inode)
            unlink(ours.path.c_str());
    }
    m_published.clear();
}

} // namespace coredact
