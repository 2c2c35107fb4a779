// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/javaheapdump.h"
#include "scanner/formats/dumpbuilder.h"
#include "scanner/formats/format.h"
#include "scanner/io/packedforms.h"

namespace coredact {

namespace {

bool recognises(const Source&) { return true; }

/// The head of a Java heap dump: the format's name and version, the size of ids, the time.
void markJavaHeapDump(DumpBuilder& builder)
{
    using namespace std::string_view_literals;
    constexpr std::size_t version = 19;
    constexpr std::size_t size = version + 4 + 8;
    const SecretBytes bytes = builder.read(0, size);
    const std::string_view head = asText(bytes);
    if (head.size() == size && head.starts_with("JAVA PROFILE 1.0."sv)
        && head.substr(version - 1, 5) == "\0\0\0\0\x08"sv)
        builder.field(std::string(javaHeapDumpField), 0, size, FieldKind::Text);
}

/// Bytes without any known structure: no memory, so all of the file is one gap.
Result<Dump> read(const Source& source, const JobControl&)
{
    DumpBuilder builder(source, "raw");
    // What a full disk or a limit leaves of a dump, and how files of /proc look.
    if (source.size() == 0)
        builder.diagnose(0, "the file is empty, or does not say how long it is", true);
    markJavaHeapDump(builder);
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
