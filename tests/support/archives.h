// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <cstdlib>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace coredact::test {

/// A real archive of libarchive with one file in it; `format` is libarchive's name: "zip", "7zip".
inline std::vector<std::uint8_t> archiveOf(ByteView file, const char* format)
{
    std::vector<std::uint8_t> packed(file.size() + (1U << 16));
    std::size_t used = 0;
    const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(),
                                                             archive_write_free);
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         archive_entry_free);
    archive_entry_set_pathname(entry.get(), "core");
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.size()));
    const auto written = static_cast<la_ssize_t>(file.size());
    if (archive_write_set_format_by_name(writer.get(), format) != ARCHIVE_OK
        || archive_write_open_memory(writer.get(), packed.data(), packed.size(), &used)
            != ARCHIVE_OK
        || archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK
        || archive_write_data(writer.get(), file.data(), file.size()) != written
        || archive_write_close(writer.get()) != ARCHIVE_OK)
        std::abort();
    packed.resize(used);
    return packed;
}

} // namespace coredact::test
