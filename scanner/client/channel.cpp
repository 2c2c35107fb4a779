// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/channel.h"

#include "scanner/base/bytereader.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace coredact {
namespace {

constexpr std::size_t lengthSize = 4;

/// Room for the descriptors of one message, aligned as the system wants it.
struct Ancillary {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(Channel::maximumDescriptors * sizeof(int))> bytes
        = {};
};

void attach(msghdr& header, Ancillary& room, std::span<const int> descriptors)
{
    header.msg_control = room.bytes.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(control), descriptors.data(), descriptors.size_bytes());
}

/// Takes what came beside the bytes; all of it, so that none stays open by accident.
void detach(msghdr& header, std::vector<Descriptor>& into)
{
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control; control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(control) + i * sizeof(int), sizeof number);
            into.emplace_back(number);
        }
    }
}

/// Sends [from, end) of the two parts; how many bytes went out, or -1 and errno.
ssize_t sendParts(int socket, ByteView length, ByteView message, std::span<const int> descriptors)
{
    // sendmsg takes its parts as pointers that are not const, and does not write to them.
    std::array<iovec, 2> parts
        = {iovec {const_cast<std::uint8_t*>(length.data()), length.size()},
           iovec {const_cast<std::uint8_t*>(message.data()), message.size()}};
    msghdr header = {};
    header.msg_iov = parts.data();
    header.msg_iovlen = parts.size();
    Ancillary room;
    if (!descriptors.empty())
        attach(header, room, descriptors);
    return sendmsg(socket, &header, MSG_NOSIGNAL);
}

} // namespace

Status Channel::send(ByteView message, std::span<const int> descriptors)
{
    assert(descriptors.size() <= maximumDescriptors);
    if (message.size() > maximumSize)
        return Error {ErrorCode::TooLarge, "a message is too large to be sent", std::nullopt};
    std::array<std::uint8_t, lengthSize> length = {};
    for (std::size_t i = 0; i < lengthSize; ++i)
        length[i] = static_cast<std::uint8_t>(message.size() >> (8 * i));

    const std::scoped_lock lock(m_sending);
    ByteView head = length;
    while (!head.empty() || !message.empty()) {
        const ssize_t count = sendParts(m_socket.number(), head, message, descriptors);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot send a message", errno);
        descriptors = {}; // they went with the first byte
        const auto sent = static_cast<std::size_t>(count);
        const std::size_t ofHead = std::min(sent, head.size());
        head = head.subspan(ofHead);
        message = message.subspan(sent - ofHead);
    }
    return {};
}

Status Channel::fill(MutableByteView target, std::vector<Descriptor>& descriptors, bool& ended)
{
    ended = false;
    for (std::size_t done = 0; done < target.size();) {
        iovec part = {target.data() + done, target.size() - done};
        Ancillary room;
        msghdr header = {};
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = room.bytes.data();
        header.msg_controllen = room.bytes.size();
        const ssize_t count = recvmsg(m_socket.number(), &header, MSG_CMSG_CLOEXEC);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot receive a message", errno);
        detach(header, descriptors);
        if (descriptors.size() > maximumDescriptors || (header.msg_flags & MSG_CTRUNC) != 0)
            return Error {ErrorCode::Malformed, "a message brings too many descriptors",
                          std::nullopt};
        ended = count == 0 && done == 0;
        if (ended)
            return {};
        if (count == 0)
            return Error {ErrorCode::Truncated, "a message ends too early", done};
        done += static_cast<std::size_t>(count);
    }
    return {};
}

Result<std::optional<Channel::Message>> Channel::receive()
{
    Message message;
    std::array<std::uint8_t, lengthSize> length = {};
    bool ended = false;
    if (const Status status = fill(length, message.descriptors, ended); !status)
        return status.error();
    if (ended)
        return std::optional<Message>();
    const auto size = static_cast<std::uint32_t>(
        ByteReader(length, ByteOrder::Little).u32());
    if (size > maximumSize)
        return Error {ErrorCode::TooLarge, "a message is too large", std::nullopt};
    // Grown as the bytes come in: a length alone costs the other side nothing.
    constexpr std::size_t step = 4U << 20;
    while (message.bytes.size() < size && !ended) {
        const std::size_t had = message.bytes.size();
        message.bytes.resize(std::min<std::size_t>(size, had + step));
        const auto fresh = MutableByteView(message.bytes).subspan(had);
        if (const Status status = fill(fresh, message.descriptors, ended); !status)
            return status.error();
    }
    if (ended)
        return Error {ErrorCode::Truncated, "a message ends too early", std::nullopt};
    return std::optional(std::move(message));
}

void Channel::close()
{
    shutdown(m_socket.number(), SHUT_RDWR);
}

} // namespace coredact
