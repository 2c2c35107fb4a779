// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/io/source.h"

#include <optional>
#include <string_view>

namespace coredact {

/// A form in which the bytes of a file say nothing of what it holds, since they are packed or
/// encrypted, and which is not undone here.
struct PackedForm {
    std::string_view name; ///< with its article: "a ZIP archive"
    std::string_view advice; ///< what to do instead, a sentence
};

/// The form of a file by its magic number, or nothing. Reads at most the first 4 MiB. A file of a
/// form that is not listed, or one inside another file, is not told.
/// Sources: APPNOTE.TXT (ZIP), 7zFormat.txt, RAR 5.0 technote, [MS-CAB], makedumpfile's
/// diskdump_mod.h and makedumpfile.h, AVML's image.rs, VirtualBox' SSM.cpp, Windows' hiberfil.sys
/// as volatility3 reads it, RFC 9580, age's specification, LUKS2 on-disk format, apport's
/// problem_report.py.
std::optional<PackedForm> packedForm(const Source& source);

} // namespace coredact
