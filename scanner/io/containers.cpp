// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/containers.h"

#include "scanner/base/bytereader.h"
#include "scanner/io/archive.h"
#include "scanner/io/sparsewriter.h"

#include <array>

namespace coredact {

namespace {

/// Magic numbers: RFC 8878, the xz and lz4 frame formats, RFC 1952, bzip2's manual.
struct Magic {
    std::string_view name;
    std::string_view bytes;
};
constexpr std::array Magics {
    Magic {"zstd", "\x28\xb5\x2f\xfd"},
    Magic {"xz", std::string_view("\xfd\x37zXZ\0", 6)},
    Magic {"lz4", "\x04\x22\x4d\x18"},
    Magic {"gzip", "\x1f\x8b\x08"},
    Magic {"bzip2", "BZh"},
};

constexpr std::uint64_t frameHead = 8; ///< of a skippable frame: magic number and size
constexpr std::uint32_t skippable = 0x184d2a50; ///< any last four bits
constexpr unsigned mostSkipped = 4096; ///< frames; more are as good as a damaged file

/// The magic number that the file has there.
std::optional<std::string_view> magicAt(const Source& source, std::uint64_t offset)
{
    const auto first = source.read(offset, 8);
    if (!first)
        return std::nullopt;
    for (const Magic& magic : Magics)
        if (asText(*first).substr(0, magic.bytes.size()) == magic.bytes)
            return magic.name;
    return std::nullopt;
}

/// Size of the skippable frame at that place, head included (RFC 8878, 3.1.2).
std::optional<std::uint64_t> skippableAt(const Source& source, std::uint64_t offset)
{
    const auto head = source.read(offset, frameHead);
    if (!head)
        return std::nullopt;
    ByteReader in(*head, ByteOrder::Little, offset);
    if ((in.u32() & ~std::uint32_t {15}) != skippable)
        return std::nullopt;
    return frameHead + in.u32();
}

/// Where the compressed data begins, and as what. zstd and lz4 may begin with frames that readers
/// pass over: pzstd writes one before each of its own. A file of too many of them is a zstd file
/// that cannot be opened.
struct Beginning {
    std::uint64_t offset;
    std::string_view name;
};

std::optional<Beginning> beginningOf(const Source& source)
{
    std::uint64_t offset = 0;
    for (unsigned skipped = 0; skipped < mostSkipped; ++skipped) {
        if (const auto size = skippableAt(source, offset)) {
            offset += *size;
            continue;
        }
        const auto name = magicAt(source, offset);
        if (!name || (skipped > 0 && *name != "zstd" && *name != "lz4"))
            return std::nullopt;
        return Beginning {offset, *name};
    }
    return Beginning {0, "zstd"};
}

} // namespace

std::optional<std::string_view> detectContainer(const Source& source)
{
    const auto beginning = beginningOf(source);
    return beginning ? std::optional(beginning->name) : std::nullopt;
}

Result<Decompressed> decompress(const Source& source, int target, std::uint64_t byteBudget,
                                const JobControl& control)
{
    const auto beginning = beginningOf(source);
    if (!beginning)
        return Decompressed {};
    ArchiveReader reader(source, beginning->offset);
    if (const Status opened = reader.open(); !opened)
        return opened.error();
    Decompressed answer;
    answer.containers = reader.filters();
    if (answer.containers.size() > MostContainers)
        return Error {ErrorCode::TooLarge, "more than three containers inside one another",
                      std::nullopt};

    SparseWriter writer(target);
    SecureBuffer buffer(1U << 20);
    for (;;) {
        if (control.cancelled())
            return Error {ErrorCode::Cancelled, "stopped", std::nullopt};
        const Result<std::size_t> count = reader.read(buffer.bytes());
        if (!count) {
            answer.damage = count.error();
            break;
        }
        if (*count == 0)
            break;
        if (*count > byteBudget - writer.size())
            return Error {ErrorCode::TooLarge,
                          "the decompressed file is larger than " + std::to_string(byteBudget)
                              + " bytes",
                          std::nullopt};
        if (const Status written = writer.write(buffer.bytes().first(*count)); !written)
            return written.error();
        control.report({"decompress", reader.consumed(), source.size()});
    }
    answer.size = writer.size();
    if (answer.size == 0 && answer.damage)
        return *answer.damage;
    if (!answer.damage && reader.consumed() < source.size())
        answer.damage = Error {ErrorCode::Malformed, "there are bytes behind the compressed data",
                               reader.consumed()};
    if (const Status finished = writer.finish(); !finished)
        return finished.error();
    return answer;
}

Status compress(const Source& plain, const std::vector<std::string>& containers, int target,
                const JobControl& control)
{
    ArchiveWriter writer(target);
    if (const Status opened = writer.open(containers); !opened)
        return opened;
    SecureBuffer buffer(1U << 20);
    const std::vector<std::uint8_t> zeros(buffer.size(), 0);
    for (std::uint64_t offset = 0; offset < plain.size();) {
        if (control.cancelled())
            return Error {ErrorCode::Cancelled, "stopped", std::nullopt};
        const auto data = plain.nextData(offset);
        if (!data)
            return data.error();
        const std::uint64_t begin = *data ? (*data)->first() : plain.size();
        const std::uint64_t end = offset < begin ? begin : (*data)->last() + 1;
        const auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), end - offset));
        ByteView part = ByteView(zeros).first(size);
        if (offset >= begin) {
            if (const Status read = plain.readAt(offset, buffer.bytes().first(size)); !read)
                return read;
            part = buffer.bytes().first(size);
        }
        if (const Status written = writer.write(part); !written)
            return written;
        offset += size;
        control.report({"compress", offset, plain.size()});
    }
    return writer.finish();
}

} // namespace coredact
