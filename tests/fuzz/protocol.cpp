// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/protocol.h"
#include "tests/client/samplemessages.h"
#include "tests/fuzz/targets.h"

namespace coredact::test {

namespace {

SecretBytes encodeAgain(const protocol::NumberedRequest& message)
{
    return protocol::encode(message.id, message.request);
}

SecretBytes encodeAgain(const protocol::NumberedEvent& message)
{
    return protocol::encode(message.id, message.event);
}

/// A message that was understood can be sent on and is understood again as the same.
template <typename Decode>
void check(ByteView message, Decode decode)
{
    const auto once = decode(message);
    if (!once)
        return require(!once.error().message.empty(), "an error says something");
    const SecretBytes sent = encodeAgain(*once);
    const auto twice = decode(sent);
    require(twice.ok() && encodeAgain(*twice) == sent, "a message stays the same when sent on");
}

/// The first byte says which side the bytes come from.
void fuzz(ByteView input)
{
    if (input.empty())
        return;
    if ((input[0] & 1) != 0)
        check(input.subspan(1), protocol::decodeRequest);
    else
        check(input.subspan(1), protocol::decodeEvent);
}

std::vector<std::vector<std::uint8_t>> seeds()
{
    std::vector<std::vector<std::uint8_t>> all;
    const auto add = [&](std::uint8_t side, const SecretBytes& message) {
        all.push_back({side});
        all.back().insert(all.back().end(), message.begin(), message.end());
    };
    for (const protocol::Request& request : protocol::sampleRequests())
        add(1, protocol::encode(300, request));
    for (const protocol::Event& event : protocol::sampleEvents())
        add(0, protocol::encode(70000, event));
    return all;
}

} // namespace

extern const FuzzTarget protocolTarget;
const FuzzTarget protocolTarget {"protocol", fuzz, seeds};

} // namespace coredact::test
