// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/digest.h"

#include "scanner/base/securebuffer.h"

#include <algorithm>
#include <array>
#include <new>

#include <openssl/evp.h>

namespace coredact {

struct Sha256::Context {
    Context()
        : evp(EVP_MD_CTX_new())
    {
        if (!evp || EVP_DigestInit_ex(evp, EVP_sha256(), nullptr) != 1)
            throw std::bad_alloc();
    }
    ~Context() { EVP_MD_CTX_free(evp); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    EVP_MD_CTX* evp;
};

Sha256::Sha256()
    : m_context(std::make_unique<Context>())
{
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(ByteView bytes)
{
    EVP_DigestUpdate(m_context->evp, bytes.data(), bytes.size());
}

void Sha256::addZeros(std::uint64_t count)
{
    static constexpr std::array<std::uint8_t, 65536> Zeros {};
    while (count != 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(count, Zeros.size()));
        add(ByteView(Zeros).first(part));
        count -= part;
    }
}

std::string Sha256::hex()
{
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_DigestFinal_ex(m_context->evp, digest.data(), &size);
    return toHex(ByteView(digest).first(size));
}

Result<std::string> sha256(const Source& source, const JobControl& control)
{
    constexpr std::uint64_t Step = 1U << 20;
    Sha256 digest;
    SecureBuffer buffer(Step);
    for (std::uint64_t offset = 0; offset < source.size();) {
        const auto data = source.nextData(offset);
        if (!data)
            return data.error();
        const std::uint64_t begin = *data ? (*data)->first() : source.size();
        const std::uint64_t end = *data ? (*data)->last() + 1 : source.size();
        while (offset < end) {
            if (control.cancelled())
                return Error {ErrorCode::Cancelled, "stopped", std::nullopt};
            const bool hole = offset < begin;
            const std::uint64_t size = std::min((hole ? begin : end) - offset, Step * (hole ? 64 : 1));
            if (hole) {
                digest.addZeros(size);
            } else {
                const auto part = buffer.bytes().first(static_cast<std::size_t>(size));
                if (const Status status = source.readAt(offset, part); !status)
                    return status.error();
                digest.add(part);
            }
            offset += size;
            control.report({"digest", offset, source.size()});
        }
    }
    return digest.hex();
}

std::string sha256(ByteView bytes)
{
    Sha256 digest;
    digest.add(bytes);
    return digest.hex();
}

} // namespace coredact
