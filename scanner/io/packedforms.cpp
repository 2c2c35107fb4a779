// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/packedforms.h"

#include "scanner/base/bytereader.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view unpackArchive = "Unpack it and open the dump that it holds.";
constexpr std::string_view unpackFile = "Unpack it and open what comes out.";
constexpr std::string_view decrypt = "Decrypt it and open what comes out.";
constexpr std::string_view toPlainKernelDump
    = "Write it as a plain ELF dump (makedumpfile -E, or QEMU without -z) and open that.";
constexpr std::string_view toPlainImage = "Convert it to a raw or ELF memory image and open that.";

struct Magic {
    std::string_view bytes; ///< at the beginning of the file
    PackedForm form;
};

constexpr std::array magics {
    Magic {"PK\x03\x04"sv, {"a ZIP archive", unpackArchive}},
    Magic {"PK\x07\x08"sv, {"a ZIP archive", unpackArchive}},
    Magic {"7z\xbc\xaf\x27\x1c"sv, {"a 7-Zip archive", unpackArchive}},
    Magic {"Rar!\x1a\x07"sv, {"a RAR archive", unpackArchive}},
    Magic {"MSCF\0\0\0\0"sv, {"a cabinet", unpackArchive}},
    Magic {"LZIP\x01"sv, {"a file compressed by lzip", unpackFile}},
    Magic {"\x89LZO\0\r\n\x1a\n"sv, {"a file compressed by lzop", unpackFile}},
    Magic {"\xff\x06\0\0sNaPpY"sv, {"a file compressed by Snappy", unpackFile}},
    Magic {"AVML\x02\0\0\0"sv,
           {"a memory image that AVML compressed",
            "Convert it (avml-convert) and open the plain image."}},
    Magic {"hibr"sv, {"a hibernation file", toPlainImage}},
    Magic {"HIBR"sv, {"a hibernation file", toPlainImage}},
    Magic {"wake"sv, {"a hibernation file", toPlainImage}},
    Magic {"WAKE"sv, {"a hibernation file", toPlainImage}},
    Magic {"RSTR"sv, {"a hibernation file", toPlainImage}},
    Magic {"\x7fVirtualBox SavedState"sv, {"a saved state of VirtualBox", toPlainImage}},
    Magic {"\x14\x20\x28\x01"sv, {"a saved state of Hyper-V", toPlainImage}},
    Magic {"LUKS\xba\xbe"sv, {"an encrypted volume (LUKS)", decrypt}},
    Magic {"Salted__"sv, {"a file that OpenSSL encrypted", decrypt}},
    Magic {"age-encryption.org/"sv, {"a file encrypted by age", decrypt}},
    Magic {"-----BEGIN AGE ENCRYPTED FILE-----"sv, {"a file encrypted by age", decrypt}},
    Magic {"-----BEGIN PGP MESSAGE-----"sv, {"an OpenPGP message", decrypt}},
};

constexpr std::size_t flattenedHead = 4096;
constexpr std::size_t recordHead = 16;

/// Whether a kernel dump of makedumpfile or QEMU says that it compresses its pages: zlib 1, LZO 2,
/// Snappy 4, Zstandard 0x20 of the status word, which stands 4 bytes before the block size. Where
/// that is depends on the size of a time; the block size is known by its plausibility.
bool hasPackedPages(ByteView head)
{
    if (!asText(head).starts_with("KDUMP   ") && !asText(head).starts_with("DISKDUMP"))
        return false;
    for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big})
        for (const std::uint64_t at : {424U, 412U}) {
            ByteReader words(head, order);
            words.seek(at);
            const std::uint32_t status = words.u32();
            const std::uint32_t block = words.u32();
            if (words.ok() && (block == 4096 || block == 16384 || block == 65536))
                return (status & 0x27U) != 0;
        }
    return true;
}

/// apport's report: text of a Debian control file, whose long values are lines of base64, each of a
/// piece of one deflate stream.
bool isApportReport(ByteView head)
{
    return asText(head).starts_with("ProblemType: ")
        && asText(head).find(": base64\n ") != std::string_view::npos;
}

} // namespace

std::optional<PackedForm> packedForm(const Source& source)
{
    constexpr std::uint64_t looked = 8192;
    const auto head = source.read(0, std::min(source.size(), looked));
    if (!head)
        return std::nullopt;
    const ByteView bytes = *head;
    const std::string_view text = asText(bytes);
    for (const Magic& magic : magics)
        if (text.starts_with(magic.bytes))
            return magic.form;
    const bool flattened = text.starts_with("makedumpfile\0\0\0\0"sv);
    const std::size_t begin = flattened ? flattenedHead + recordHead : 0;
    if (begin < bytes.size() && hasPackedPages(bytes.subspan(begin)))
        return PackedForm {"a kernel dump with compressed pages", toPlainKernelDump};
    if (text.starts_with("ProblemType: ")) {
        constexpr std::uint64_t reportLooked = 4U << 20;
        const auto report = source.read(0, std::min(source.size(), reportLooked));
        if (report && isApportReport(*report))
            return PackedForm {"a crash report of apport",
                               "Take it apart (apport-unpack) and open its CoreDump."};
    }
    return std::nullopt;
}

} // namespace coredact
