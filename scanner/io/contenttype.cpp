// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/contenttype.h"

#include "scanner/base/bytereader.h"

#include <array>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <magic.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace coredact {

struct ContentType::Magic {
    explicit Magic(MutableByteView bytes)
        : database(bytes)
        , cookie(magic_open(MAGIC_NONE))
    {
    }
    ~Magic()
    {
        if (cookie)
            magic_close(cookie);
        munmap(database.data(), database.size());
    }
    Magic(const Magic&) = delete;
    Magic& operator=(const Magic&) = delete;

    const MutableByteView database; ///< mapped; libmagic reads from it as long as the cookie lives
    const magic_t cookie;
};

namespace {

constexpr off_t largestDatabase = off_t {64} << 20;

/// What libmagic says where it knows nothing.
bool saysNothing(std::string_view text)
{
    return text == "data" || text == "empty" || text == "application/octet-stream"
        || text == "application/x-empty" || text == "very short file (no magic)";
}

/// libmagic 5.44 reads past the end of a database that is too short to be one.
bool looksCompiled(ByteView database)
{
    constexpr std::uint32_t MagicNumber = 0xf11e041c;
    ByteReader in(database,
                  std::endian::native == std::endian::little ? ByteOrder::Little : ByteOrder::Big);
    return in.u32() == MagicNumber && in.left() >= 4096;
}

Error notCompiled()
{
    return {ErrorCode::Malformed, "this is no compiled database of libmagic", std::nullopt};
}

std::string ask(magic_t cookie, int flags, ByteView bytes)
{
    // No look inside archives, and nothing that would start a program or open a file.
    constexpr int Careful = MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR;
    magic_setflags(cookie, flags | Careful);
    const char* text = magic_buffer(cookie, bytes.data(), bytes.size());
    if (!text || saysNothing(text))
        return {};
    return text;
}

} // namespace

ContentType::ContentType(std::unique_ptr<Magic> magic)
    : m_magic(std::move(magic))
{
}
ContentType::~ContentType() = default;
ContentType::ContentType(ContentType&&) noexcept = default;
ContentType& ContentType::operator=(ContentType&&) noexcept = default;

Result<ContentType> ContentType::load(const Descriptor& database)
{
    struct stat status = {};
    if (fstat(database.number(), &status) != 0)
        return systemError("cannot read libmagic's database", errno);
    if (status.st_size <= 0 || status.st_size > largestDatabase)
        return notCompiled();
    auto size = static_cast<std::size_t>(status.st_size);
    // Private: libmagic may turn the bytes of another machine's database over.
    void* bytes = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, database.number(), 0);
    if (bytes == MAP_FAILED)
        return systemError("cannot read libmagic's database", errno);
    auto magic = std::make_unique<Magic>(MutableByteView(static_cast<std::uint8_t*>(bytes), size));
    if (!looksCompiled(magic->database))
        return notCompiled();
    if (!magic->cookie)
        return systemError("cannot start libmagic", errno);
    if (magic_load_buffers(magic->cookie, &bytes, &size, 1) != 0)
        return Error {ErrorCode::Malformed, "libmagic does not take its database", std::nullopt};
    return ContentType(std::move(magic));
}

std::string ContentType::mimeType(ByteView bytes) const
{
    return ask(m_magic->cookie, MAGIC_MIME_TYPE, bytes);
}

std::string ContentType::description(ByteView bytes) const
{
    return ask(m_magic->cookie, MAGIC_NONE, bytes);
}

Result<Descriptor> openMagicDatabase()
{
    constexpr std::array Paths {"/usr/lib/file/magic.mgc", "/usr/share/misc/magic.mgc",
                                "/usr/share/file/magic.mgc", "/etc/magic.mgc"};
    for (const char* path : Paths)
        if (Descriptor file(open(path, O_RDONLY | O_CLOEXEC)); file)
            return file;
    return Error {ErrorCode::System, "libmagic's database magic.mgc is not installed",
                  std::nullopt};
}

} // namespace coredact
