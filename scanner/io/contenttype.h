// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

#include <memory>
#include <string>

namespace coredact {

/// Tells what bytes are, by libmagic's database. Not thread-safe: one for each thread.
/// The answer is made from untrusted bytes by a large parser: ask it inside the engine only.
class ContentType {
public:
    /// From the compiled database ("magic.mgc"), which the caller hands over since an engine
    /// opens no files. Its eight megabytes are mapped, not read; it must not be cut off meanwhile.
    static Result<ContentType> load(const Descriptor& database);
    ~ContentType();
    ContentType(ContentType&&) noexcept;
    ContentType& operator=(ContentType&&) noexcept;

    /// "application/json"; "" where nothing is known. Only the first bytes need to be given.
    std::string mimeType(ByteView bytes) const;
    /// "JSON text data"; "" where nothing is known. May quote names that the bytes hold (the
    /// program of a core dump): for the person who looks at the dump, not for reports.
    std::string description(ByteView bytes) const;

private:
    struct Magic;
    explicit ContentType(std::unique_ptr<Magic> magic);

    std::unique_ptr<Magic> m_magic;
};

/// Opens the system's compiled database; for front ends. Debian keeps it in /usr/lib/file.
Result<Descriptor> openMagicDatabase();

} // namespace coredact
