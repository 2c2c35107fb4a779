// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/givenvalues.h"

#include "app/cli/stopsignal.h"
#include "scanner/base/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <fcntl.h>

namespace coredact::cli {

namespace {

constexpr std::size_t maximumFile = 16U << 20;

Result<std::size_t> fill(int file, MutableByteView target, const std::string& path)
{
    std::size_t done = 0;
    while (done < target.size()) {
        const ssize_t count = ::read(file, target.data() + done, target.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot read " + path, errno);
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

} // namespace

GivenValues::~GivenValues()
{
    for (std::string& text : m_texts)
        wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

Result<GivenValues> GivenValues::fromFile(const std::string& path)
{
    std::optional<StopSignal::Ending> waiting(std::in_place);
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file)
        return systemError("cannot open " + path, errno);
    SecureBuffer buffer(maximumFile + 1);
    const auto size = fill(file.number(), buffer.bytes(), path);
    waiting.reset();
    if (!size)
        return size.error();
    if (*size > maximumFile)
        return Error {ErrorCode::TooLarge, path + " is larger than 16 MiB", std::nullopt};

    GivenValues given;
    std::string_view rest = asText(ByteView(buffer.bytes()).first(*size));
    // A vector that grows would leave unwiped copies of short texts behind.
    given.m_texts.reserve(static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n')) + 1);
    for (std::size_t line = 1; !rest.empty(); ++line) {
        std::string_view value = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), value.size() + 1));
        if (value.ends_with('\r'))
            value.remove_suffix(1);
        if (value.empty())
            continue;
        if (value.size() < minimumSize)
            return Error {ErrorCode::Usage,
                          path + ", line " + std::to_string(line) + ": a value of fewer than "
                              + std::to_string(minimumSize) + " bytes stands everywhere by chance",
                          std::nullopt};
        given.m_texts.emplace_back(value);
    }
    if (given.m_texts.empty())
        return Error {ErrorCode::Usage, path + " holds no value", std::nullopt};
    return given;
}

} // namespace coredact::cli
