// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/sampledumps.h"

#include <QByteArray>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <array>

/// A core dump with secrets that are made at run time.
namespace coredact::test {

/// CRC-32 as in zip, bit by bit.
inline std::uint32_t crc32(const QByteArray& bytes)
{
    std::uint32_t sum = 0xffffffff;
    for (const char byte : bytes) {
        sum ^= static_cast<std::uint8_t>(byte);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xedb88320 : sum >> 1;
    }
    return ~sum;
}

/// "ghp_", thirty random letters and digits, and their CRC-32 in base 62.
inline QByteArray githubToken()
{
    static const QByteArray alphabet
        = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    QByteArray random;
    for (int i = 0; i < 30; ++i)
        random += alphabet[static_cast<int>(QRandomGenerator::global()->bounded(62U))];
    std::uint32_t sum = crc32(random);
    QByteArray check(6, '0');
    for (int place = 5; place >= 0; --place) {
        check[place] = alphabet[static_cast<int>(sum % 62)];
        sum /= 62;
    }
    return QByteArray("ghp") + '_' + random + check;
}

/// The sample core with one more page of heap that holds two tokens, the first one twice.
struct PlantedCore {
    static constexpr std::uint64_t Page = 0x700000;
    static constexpr std::uint64_t ThirdStack = 0x7f1100000000;
    enum Where { InTheHeap, OnTheStackToo }; ///< of the first token

    explicit PlantedCore(Where where = InTheHeap)
        : first(githubToken())
        , second(githubToken())
    {
        QByteArray page(4096, '\0');
        page.replace(256, first.size(), first);
        page.replace(1024, second.size(), second);
        page.replace(2048, first.size(), first);
        page.replace(3000, 13, "needle in hay");
        ElfCoreBuilder core = sampleCore();
        core.load({Page, {page.begin(), page.end()}, std::nullopt, 6, 0});
        if (where == OnTheStackToo) {
            core.note("CORE", 1, amd64Status(core, 4323, 11, samplecore::Pc, ThirdStack));
            QByteArray stack(512, '\0');
            stack.replace(256, first.size(), first);
            core.load({ThirdStack, {stack.begin(), stack.end()}, std::nullopt, 6, 0});
        }
        const auto bytes = core.build().content();
        path = folder.filePath(QStringLiteral("core.planted"));
        QFile file(path);
        if (!file.open(QFile::WriteOnly)
            || file.write(reinterpret_cast<const char*>(bytes.data()),
                          static_cast<qint64>(bytes.size()))
                != static_cast<qint64>(bytes.size()))
            qFatal("the test's folder cannot be written");
    }

    QTemporaryDir folder;
    QString path;
    QByteArray first;
    QByteArray second;
};

} // namespace coredact::test
