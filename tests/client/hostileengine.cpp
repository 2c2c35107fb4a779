// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/client/samplemessages.h"

#include "scanner/client/channel.h"

#include <csignal>
#include <map>

#include <fcntl.h>
#include <sys/socket.h>

// A program that takes the engine's place and breaks the protocol in the way that the first
// request asks for: a LoadRules whose first disabled rule is the name of the misdeed.

namespace {

using namespace coredact;
using namespace coredact::protocol;

void sendRaw(const std::vector<std::uint8_t>& bytes)
{
    static_cast<void>(send(3, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

void garbage()
{
    for (unsigned i = 0; i < 64; ++i)
        sendRaw(std::vector<std::uint8_t>(64, static_cast<std::uint8_t>(i * 37 + 0x81)));
}

void hugeLength()
{
    sendRaw({0xff, 0xff, 0xff, 0xff, 1, 2, 3});
}

void longSilenceInAMessage()
{
    sendRaw({0xff, 0xff, 0xff, 0x0f, 1, 2, 3}); // and nothing follows
}

void noCbor()
{
    sendRaw({4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
}

void descriptors(Channel& channel, std::uint64_t id)
{
    int many[Channel::maximumDescriptors];
    for (int& one : many)
        one = 3;
    const Event event = ProgressMade {"scan", 1, 2};
    static_cast<void>(channel.send(encode(id, event), many));
    static_cast<void>(channel.send(encode(id, Event(RulesLoaded {})), many));
}

bool misbehave(const std::string& how, Channel& channel, std::uint64_t id)
{
    const auto tell = [&](std::uint64_t number, const Event& event) {
        static_cast<void>(channel.send(encode(number, event)));
    };
    const std::map<std::string, std::function<void()>> misdeeds = {
        {"garbage", garbage},
        {"huge length", hugeLength},
        {"no cbor", noCbor},
        {"cut message", [] { sendRaw({9, 0, 0, 0, 1}), _exit(0); }},
        {"silence", longSilenceInAMessage},
        {"nobody asked", [&] { tell(id + 1000, RulesLoaded {}); }},
        {"wrong answer", [&] { tell(id, Verified {}); }},
        {"two answers", [&] { tell(id, RulesLoaded {}), tell(id, RulesLoaded {}); }},
        {"descriptors", [&] { descriptors(channel, id); }},
        {"exit", [] { _exit(7); }},
        {"signal", [] { std::raise(SIGTERM); }},
    };
    const auto found = misdeeds.find(how);
    if (found != misdeeds.end())
        found->second();
    return found != misdeeds.end();
}

} // namespace

int main()
{
    Channel channel {Descriptor(3)};
    while (true) {
        const auto message = channel.receive();
        if (!message || !*message)
            return 0;
        const auto request = decodeRequest((*message)->bytes);
        if (!request)
            return 1;
        const auto* asked = std::get_if<LoadRules>(&request->request);
        if (asked && !asked->options.disabled.empty())
            misbehave(asked->options.disabled.front(), channel, request->id);
        if (std::holds_alternative<Search>(request->request)) // a place, and no file is open
            static_cast<void>(channel.send(encode(request->id, SearchHit {fileRange(5, 5)})));
        // Everything else, a Cancel too, is left without an answer.
    }
}
