// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/conversation.h"

namespace coredact::engine {

Result<std::optional<Incoming>> Conversation::next()
{
    auto message = m_channel.receive();
    if (!message)
        return message.error();
    if (!*message)
        return std::optional<Incoming>();
    auto numbered = protocol::decodeRequest((*message)->bytes);
    if (!numbered)
        return numbered.error();
    return std::optional(Incoming {numbered->id, std::move(numbered->request),
                                   std::move((*message)->descriptors)});
}

void Conversation::tell(std::uint64_t id, const protocol::Event& event)
{
    const Status sent = m_channel.send(protocol::encode(id, event));
    if (!sent && sent.error().code == ErrorCode::TooLarge)
        static_cast<void>(m_channel.send(protocol::encode(
            id, protocol::Failed {{ErrorCode::TooLarge, "the answer is too large to be sent",
                                   std::nullopt}})));
}

} // namespace coredact::engine
