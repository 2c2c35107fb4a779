// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/channel.h"
#include "scanner/client/protocol.h"

namespace coredact::engine {

/// A request and the descriptors that came with it.
struct Incoming {
    std::uint64_t id = 0;
    protocol::Request request;
    std::vector<Descriptor> descriptors;
};

/// The engine's end of the conversation with the front end. Any thread may tell.
class Conversation {
public:
    explicit Conversation(Descriptor socket)
        : m_channel(std::move(socket))
    {
    }

    /// Waits for the next request; nothing when the front end is gone. One thread.
    Result<std::optional<Incoming>> next();

    /// Sends an event. An answer that is too large to be sent becomes a Failed; a front end that
    /// is gone is noticed by `next`.
    void tell(std::uint64_t id, const protocol::Event& event);

private:
    Channel m_channel;
};

} // namespace coredact::engine
