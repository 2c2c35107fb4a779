// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/winkeys.h"

#include "scanner/base/bytereader.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/numberkeys.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

ByteReader readerAt(ByteView bytes, std::size_t position)
{
    return {bytes.subspan(std::min(position, bytes.size())), ByteOrder::Little};
}

struct CurveMagic {
    char size; ///< the last letter of the magic
    std::string_view curve;
};
constexpr std::array curveMagics {CurveMagic {'2', "P-256"}, CurveMagic {'4', "P-384"},
                                  CurveMagic {'6', "P-521"}};

/// The key on the first curve of this size on which it proves, else on the first of all.
std::optional<PrivateKey> curveKey(std::string_view magic, ByteView scalar, ByteView octets)
{
    std::optional<PrivateKey> best;
    for (const EcCurve& curve : ecCurves()) {
        const bool named = std::ranges::any_of(curveMagics, [&](const CurveMagic& known) {
            return known.size == magic.back() && known.curve == curve.name;
        });
        if (curve.bytes != scalar.size() || (magic.back() != 'V' && !named))
            continue;
        auto key = ecKeyOf(curve, scalar, octets);
        if (key && (!best || key->confidence == Confidence::Verified))
            best = std::move(key);
    }
    return best;
}

struct SymmetricKind {
    std::uint32_t algorithm; ///< ALG_ID
    std::uint32_t bytes;
    std::string_view name;
};
constexpr std::array symmetricKinds {
    SymmetricKind {0x660e, 16, "AES-128"}, SymmetricKind {0x660f, 24, "AES-192"},
    SymmetricKind {0x6610, 32, "AES-256"}, SymmetricKind {0x6603, 24, "3DES"}};

WindowsKey symmetricKey(std::string name, ByteView bytes, std::size_t begin, std::size_t size)
{
    WindowsKey found;
    found.key.name = std::move(name);
    found.key.form = ValueForm::Binary;
    const ByteView secret = bytes.subspan(begin, size);
    found.key.value.assign(secret.begin(), secret.end());
    found.secrets = {{begin, begin + size}};
    found.end = begin + size;
    return found;
}

} // namespace

std::optional<WindowsKey> readCngRsa(ByteView bytes, std::size_t position)
{
    ByteReader reader = readerAt(bytes, position);
    const std::string_view magic = asText(reader.bytes(4));
    const std::uint32_t bits = reader.u32();
    const std::uint32_t sizeE = reader.u32();
    const std::uint32_t sizeN = reader.u32();
    const std::uint32_t sizeP = reader.u32();
    const std::uint32_t sizeQ = reader.u32();
    if (!reader.ok() || (magic != "RSA2" && magic != "RSA3") || bits < 512 || bits > 16384
        || sizeE == 0 || sizeE > 8 || sizeN != (bits + 7) / 8 || sizeP > sizeN || sizeQ > sizeN
        || sizeP + sizeQ < sizeN || sizeP + sizeQ > sizeN + 2)
        return std::nullopt;
    const BigNumber e = BigNumber::fromBigEndian(reader.bytes(sizeE));
    const BigNumber n = BigNumber::fromBigEndian(reader.bytes(sizeN));
    const std::size_t secret = position + static_cast<std::size_t>(reader.position());
    const BigNumber p = BigNumber::fromBigEndian(reader.bytes(sizeP));
    const BigNumber q = BigNumber::fromBigEndian(reader.bytes(sizeQ));
    if (!reader.ok())
        return std::nullopt;
    std::size_t end = position + static_cast<std::size_t>(reader.position());
    if (magic == "RSA3") {
        // Exponents, coefficient and d.
        reader.skip(sizeP + sizeQ + sizeP + sizeN);
        end = reader.ok() ? position + static_cast<std::size_t>(reader.position()) : bytes.size();
    }
    auto key = rsaKeyOf(n, e, {}, p, q);
    if (!key)
        return std::nullopt;
    return WindowsKey {std::move(*key), {{secret, end}}, end};
}

std::optional<WindowsKey> readCngEc(ByteView bytes, std::size_t position)
{
    ByteReader reader = readerAt(bytes, position);
    const std::string_view magic = asText(reader.bytes(4));
    const std::uint32_t size = reader.u32();
    if (!reader.ok() || size < 24 || size > 66)
        return std::nullopt;
    const ByteView point = reader.bytes(2 * std::uint64_t {size});
    const std::size_t secret = position + static_cast<std::size_t>(reader.position());
    const ByteView scalar = reader.bytes(size);
    if (!reader.ok())
        return std::nullopt;
    SecretBytes octets {4};
    octets.insert(octets.end(), point.begin(), point.end());
    auto key = curveKey(magic, scalar, octets);
    if (!key || key->confidence == Confidence::Possible)
        return std::nullopt;
    return WindowsKey {std::move(*key), {{secret, secret + size}}, secret + size};
}

std::optional<WindowsKey> readCapiRsa(ByteView bytes, std::size_t position)
{
    ByteReader reader = readerAt(bytes, position);
    const std::string_view head = asText(reader.bytes(4));
    const std::uint32_t algorithm = reader.u32();
    const std::string_view magic = asText(reader.bytes(4));
    const std::uint32_t bits = reader.u32();
    const std::uint32_t e = reader.u32();
    if (!reader.ok() || head != "\x07\x02\0\0"sv || (algorithm != 0xa400 && algorithm != 0x2400)
        || magic != "RSA2" || bits < 512 || bits > 16384 || bits % 16 != 0)
        return std::nullopt;
    const BigNumber n = BigNumber::fromLittleEndian(reader.bytes(bits / 8));
    const std::size_t secret = position + static_cast<std::size_t>(reader.position());
    const BigNumber p = BigNumber::fromLittleEndian(reader.bytes(bits / 16));
    const BigNumber q = BigNumber::fromLittleEndian(reader.bytes(bits / 16));
    if (!reader.ok())
        return std::nullopt;
    // Exponents, coefficient and d.
    reader.skip(3 * std::uint64_t {bits / 16} + bits / 8);
    const std::size_t end
        = reader.ok() ? position + static_cast<std::size_t>(reader.position()) : bytes.size();
    auto key = rsaKeyOf(n, BigNumber(e), {}, p, q);
    if (!key)
        return std::nullopt;
    return WindowsKey {std::move(*key), {{secret, end}}, end};
}

std::optional<WindowsKey> readSymmetricBlob(ByteView bytes, std::size_t position)
{
    ByteReader reader = readerAt(bytes, position);
    const std::string_view head = asText(reader.bytes(4));
    const std::uint32_t kind = reader.u32();
    const std::uint32_t size = reader.u32();
    const std::size_t begin = position + static_cast<std::size_t>(reader.position());
    const ByteView secret = reader.bytes(size);
    if (!reader.ok() || size < 16 || size > 32 || size % 8 != 0 || !looksRandom(secret))
        return std::nullopt;
    if (head == "KDBM" && kind == 1)
        return symmetricKey(std::to_string(size * 8) + "-bit symmetric", bytes, begin, size);
    if (head != "\x08\x02\0\0"sv)
        return std::nullopt;
    for (const SymmetricKind& known : symmetricKinds)
        if (known.algorithm == kind && known.bytes == size)
            return symmetricKey(std::string(known.name), bytes, begin, size);
    return std::nullopt;
}

} // namespace coredact
