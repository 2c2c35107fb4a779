// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/dumpbuilder.h"
#include "scanner/formats/format.h"
#include "scanner/io/packedforms.h"

namespace coredact {

namespace {

bool recognises(const Source&) { return true; }

/// Bytes without any known structure: no memory, so all of the file is one gap.
Result<Dump> read(const Source& source, const JobControl&)
{
    DumpBuilder builder(source, "raw");
    // What a full disk or a limit leaves of a dump, and how files of /proc look.
    if (source.size() == 0)
        builder.diagnose(0, "the file is empty, or does not say how long it is", true);
    if (const auto form = packedForm(source))
        builder.diagnose(0,
                         "this is " + std::string(form->name)
                             + ", and what it holds was not looked into. "
                             + std::string(form->advice),
                         true);
    return builder.finish();
}

} // namespace

extern const Format rawFormat;
const Format rawFormat {"raw", "raw bytes", recognises, read};

} // namespace coredact
