// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keyfile.h"

#include "scanner/base/securebuffer.h"
#include "scanner/client/client.h"

#include <QFile>

namespace coredact {

namespace {

constexpr std::uint64_t largestKeyFile = 1U << 20;

}

Result<SigningKey> readSigningKey(const QString& path)
{
    auto file = openDump(QFile::encodeName(path).toStdString());
    if (!file)
        return file.error();
    const auto source = Source::fromDescriptor(std::move(file->descriptor));
    if (!source)
        return source.error();
    if (source->size() > largestKeyFile)
        return Error {ErrorCode::TooLarge, "this file is no key: it is too large", std::nullopt};
    SecureBuffer text(static_cast<std::size_t>(source->size()));
    if (const Status read = source->readAt(0, text.bytes()); !read)
        return read.error();
    return SigningKey::parse(text.bytes());
}

} // namespace coredact
