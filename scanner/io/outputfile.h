// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"
#include "scanner/io/source.h"

#include <string>

namespace coredact {

/// A file that has no name until it is finished, so that nothing is left behind when the program
/// dies. Opens files: for front ends, not for engines.
class OutputFile {
public:
    /// An empty, readable and writable file without a name, mode 0600, on the file system of
    /// `folder` ("" is the working folder). Where the file system knows no O_TMPFILE the file is
    /// made under a random name that is taken away at once, and publishing copies it.
    static Result<OutputFile> make(const std::string& folder);
    /// What `make` does where there is no O_TMPFILE.
    static Result<OutputFile> makeForCopying(const std::string& folder);

    int descriptor() const { return m_file.number(); }
    /// A second descriptor of the same file, to hand to an engine.
    Result<Descriptor> duplicate() const;

    /// Gives the file its name, once all of it and the folder's entry are on the disk. An
    /// existing name is never replaced: ErrorCode::Refused. `path` must be in `make`'s folder's
    /// file system. Call once. Where bytes must be copied they get the final name only when all
    /// are there; a program that dies meanwhile leaves a file ".coredact-..." behind.
    Status publish(const std::string& path);

private:
    OutputFile(Descriptor file, bool linkable)
        : m_file(std::move(file))
        , m_linkable(linkable)
    {
    }

    Descriptor m_file;
    bool m_linkable;
};

/// The folder part of a path: "." where it has none.
std::string folderOf(const std::string& path);

/// ErrorCode::Refused when `path` names the file behind `original`, through whatever symbolic or
/// hard links (same device and inode). A path that does not exist is no alias.
Status refuseAlias(int original, const std::string& path);

/// An unlinked file for bytes that only this program needs, in `folder`, mode 0600.
Result<Descriptor> temporaryFile(const std::string& folder);

} // namespace coredact
