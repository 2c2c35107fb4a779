// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/dump/dump.h"
#include "scanner/io/source.h"
#include "scanner/scan/scan.h"

#include <QByteArray>

#include <algorithm>
#include <random>

namespace coredact::test {

/// Letters and digits of a fixed seed; the same on every machine.
inline QByteArray randomText(unsigned seed, int size)
{
    static constexpr char letters[]
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::mt19937 random(seed);
    QByteArray text;
    for (int i = 0; i < size; ++i)
        text.append(letters[random() % 62]);
    return text;
}

inline QByteArray randomKey(unsigned seed, int size)
{
    std::mt19937 random(seed);
    QByteArray key;
    for (int i = 0; i < size; ++i)
        key.append(static_cast<char>(random() & 0xffU));
    return key;
}

inline ByteView view(const QByteArray& bytes)
{
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()),
            static_cast<std::size_t>(bytes.size())};
}

inline SecretBytes secretBytes(const QByteArray& bytes)
{
    return {view(bytes).begin(), view(bytes).end()};
}

inline SecretValue secret(const QByteArray& bytes, ValueForm form = ValueForm::Text)
{
    return {form, secretBytes(bytes), {}};
}

inline FileRange range(std::uint64_t first, std::uint64_t size)
{
    return *FileRange::make(first, size);
}

/// A file without structure that secrets are written into.
class PlantedFile {
public:
    explicit PlantedFile(int size, char filler = '.')
        : m_bytes(size, filler)
    {
    }
    explicit PlantedFile(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }

    void plant(qsizetype offset, const QByteArray& bytes)
    {
        m_bytes.replace(offset, bytes.size(), bytes);
    }
    const QByteArray& bytes() const { return m_bytes; }
    Source source() const { return *Source::fromBytes(view(m_bytes)); }
    Dump dump() const
    {
        Dump dump;
        dump.format = "raw";
        dump.size = static_cast<std::uint64_t>(m_bytes.size());
        return dump;
    }

private:
    QByteArray m_bytes;
};

/// A segment of `size` bytes at `address`, saved at `offset`.
inline Segment segment(std::uint64_t address, std::uint64_t offset, std::uint64_t size)
{
    return {*AddressRange::make(address, size),
            range(offset, size),
            {true, true, false},
            RegionKind::Anonymous,
            "[anon]"};
}

} // namespace coredact::test
