// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"
#include "scanner/base/securebuffer.h"

#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace coredact {

/// One end of a stream socket that carries messages: a length (u32, little-endian), that many
/// bytes, and descriptors beside them. Any thread may send; one thread receives. What a message
/// means is not checked here.
class Channel {
public:
    static constexpr std::uint32_t maximumSize = 256U << 20;
    static constexpr std::size_t maximumDescriptors = 8;

    struct Message {
        SecretBytes bytes;
        std::vector<Descriptor> descriptors; ///< closed on exec
    };

    explicit Channel(Descriptor socket)
        : m_socket(std::move(socket))
    {
    }

    /// Sends all of it, or fails; after a failure nothing more can be sent.
    Status send(ByteView message, std::span<const int> descriptors = {});
    /// Waits for the next message; nothing when the other end has closed between two messages.
    Result<std::optional<Message>> receive();
    /// Lets both ends see the end of the conversation; a waiting `receive` returns.
    void close();

private:
    Status fill(MutableByteView target, std::vector<Descriptor>& descriptors, bool& ended);

    Descriptor m_socket;
    std::mutex m_sending;
};

} // namespace coredact
