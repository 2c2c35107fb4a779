// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keyfile.h"

#include "app/cli/reportfile.h"
#include "scanner/io/outputfile.h"

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace coredact::cli {

namespace {

constexpr std::uint64_t largestKeyFile = 1U << 20;

/// Anonymous until it is whole; an existing name is refused.
Status writeNew(const std::string& path, ByteView text)
{
    auto file = OutputFile::make(folderOf(path));
    if (!file)
        return file.error();
    while (!text.empty()) {
        const ssize_t count = ::write(file->descriptor(), text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot write " + path, errno);
        text = text.subspan(static_cast<std::size_t>(count));
    }
    const Status published = file->publish(path);
    if (!published && published.error().code == ErrorCode::Refused)
        return Error {ErrorCode::Refused, path + " exists already", std::nullopt};
    return published;
}

Error inFile(const std::string& path, const Error& error)
{
    return {error.code, path + ": " + error.message, std::nullopt};
}

} // namespace

Status writeKeyPair(const SigningKey& key, const std::string& path)
{
    const std::string known = path + ".pub";
    struct stat status = {};
    if (lstat(known.c_str(), &status) == 0)
        return Error {ErrorCode::Refused, known + " exists already", std::nullopt};
    if (const Status written = writeNew(path, key.fileText()); !written)
        return written;
    const Status written = writeNew(known, asBytes(key.publicKey().text() + " coredact\n"));
    if (!written)
        unlink(path.c_str());
    return written;
}

Result<SigningKey> readSigningKey(const std::string& path)
{
    auto text = readText(path, "the signing key", largestKeyFile);
    if (!text)
        return text.error();
    auto key = SigningKey::parse(asBytes(*text));
    wipe({reinterpret_cast<std::uint8_t*>(text->data()), text->size()});
    return key ? std::move(key) : inFile(path, key.error());
}

Result<std::shared_ptr<const SigningKey>> signerFrom(const std::string& path)
{
    if (path.empty())
        return std::shared_ptr<const SigningKey>();
    auto key = readSigningKey(path);
    if (!key)
        return key.error();
    return std::make_shared<const SigningKey>(std::move(*key));
}

Result<PublicKey> readPublicKey(const std::string& path)
{
    const auto text = readText(path, "the public key", largestKeyFile);
    if (!text)
        return text.error();
    auto key = PublicKey::parse(*text);
    return key ? std::move(key) : inFile(path, key.error());
}

} // namespace coredact::cli
