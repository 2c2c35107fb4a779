// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/javastore.h"

#include "scanner/base/bytereader.h"
#include "scanner/rules/keys/anchors.h"

#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t widestStore = 16384;
/// 1995 and 2100, in milliseconds.
constexpr std::uint64_t earliest = 788918400000;
constexpr std::uint64_t latest = 4102444800000;

/// SPKI of a certificate in DER.
std::optional<Identity> identityOf(ByteView certificate)
{
    const unsigned char* at = certificate.data();
    const std::unique_ptr<X509, decltype(&X509_free)> parsed(
        d2i_X509(nullptr, &at, static_cast<long>(certificate.size())), &X509_free);
    if (!parsed)
        return std::nullopt;
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(parsed.get()), &der);
    if (size <= 0)
        return std::nullopt;
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
        der, [](unsigned char* memory) { OPENSSL_free(memory); });
    return spkiIdentity({der, static_cast<std::size_t>(size)});
}

class Entries {
public:
    Entries(ByteView bytes, std::size_t position)
        : m_offset(position)
        , m_reader(bytes.subspan(position, std::min(widestStore, bytes.size() - position)),
                   ByteOrder::Big)
    {
    }

    std::vector<JavaStoreKey> read()
    {
        std::vector<JavaStoreKey> keys;
        m_jceks = m_reader.u32() == 0xcececece;
        m_version = m_reader.u32();
        const std::uint32_t count = m_reader.u32();
        if (!m_reader.ok() || m_version < 1 || m_version > 2 || count == 0 || count > 4096)
            return keys;
        for (std::uint32_t i = 0; i < count && readEntry(keys);)
            ++i;
        return keys;
    }

private:
    std::size_t here() const { return m_offset + static_cast<std::size_t>(m_reader.position()); }

    ByteView certificate()
    {
        if (m_version == 2)
            m_reader.skip(m_reader.u16()); // "X.509"
        return m_reader.bytes(m_reader.u32());
    }

    bool readEntry(std::vector<JavaStoreKey>& keys)
    {
        const std::uint32_t kind = m_reader.u32();
        const std::uint16_t aliasSize = m_reader.u16();
        m_reader.skip(aliasSize);
        const std::uint64_t date = m_reader.u64();
        if (!m_reader.ok() || kind < 1 || kind > 3 || aliasSize > 512 || date < earliest
            || date > latest)
            return false;
        if (kind == 2) {
            certificate();
            return m_reader.ok();
        }
        return kind == 1 ? readKey(keys) : readSealed(keys);
    }

    bool readKey(std::vector<JavaStoreKey>& keys)
    {
        const std::uint32_t size = m_reader.u32();
        const Span secret {here(), here() + size};
        const ByteView protectedKey = m_reader.bytes(size);
        if (!m_reader.ok() || size < 64 || protectedKey[0] != 0x30)
            return false;
        keys.push_back({secret, std::nullopt, false});
        const std::uint32_t chain = m_reader.u32();
        for (std::uint32_t i = 0; i < chain && m_reader.ok(); ++i) {
            const ByteView der = certificate();
            if (m_reader.ok() && i == 0)
                keys.back().identity = identityOf(der);
        }
        return m_reader.ok();
    }

    /// A serialized object whose length is not told: taken up to the cipher's name at its end.
    bool readSealed(std::vector<JavaStoreKey>& keys)
    {
        const std::size_t begin = here();
        const std::uint64_t most = std::min<std::uint64_t>(m_reader.left(), 4096);
        const std::string_view text = asText(m_reader.bytes(most));
        const std::size_t end = text.find("PBEWithMD5AndTripleDES");
        if (m_jceks && text.starts_with("\xac\xed\x00\x05"sv) && end != std::string_view::npos)
            keys.push_back({{begin, begin + end}, std::nullopt, true});
        return false;
    }

    std::size_t m_offset;
    ByteReader m_reader;
    bool m_jceks = false;
    std::uint32_t m_version = 0;
};

} // namespace

std::vector<JavaStoreKey> readJavaStore(ByteView bytes, std::size_t position)
{
    return Entries(bytes, position).read();
}

} // namespace coredact
