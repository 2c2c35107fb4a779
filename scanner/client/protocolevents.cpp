// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/codec.h"

namespace coredact::protocol {

bool isLast(const Event& event)
{
    return !std::holds_alternative<FindingSeen>(event) && !std::holds_alternative<CheckMade>(event)
        && !std::holds_alternative<ProgressMade>(event);
}

bool answers(const Event& event, const Request& request)
{
    if (std::holds_alternative<Failed>(event) || std::holds_alternative<ProgressMade>(event))
        return true;
    const auto pair = [&]<typename Asked, typename Told>() {
        return std::holds_alternative<Asked>(request) && std::holds_alternative<Told>(event);
    };
    return pair.operator()<Open, Opened>() || pair.operator()<LoadRules, RulesLoaded>()
        || pair.operator()<Scan, FindingSeen>() || pair.operator()<Scan, Scanned>()
        || pair.operator()<Read, Bytes>() || pair.operator()<Search, SearchHit>()
        || pair.operator()<MakePlan, Planned>() || pair.operator()<Export, Exported>()
        || pair.operator()<Verify, CheckMade>() || pair.operator()<Verify, Verified>()
        || pair.operator()<Compare, Compared>() || pair.operator()<SandboxCheck, SandboxChecked>();
}

SecretBytes encode(std::uint64_t id, const Event& event) { return encodeMessage(id, event); }

Result<NumberedEvent> decodeEvent(ByteView message)
{
    auto decoded = decodeMessage<Event>(message);
    if (!decoded)
        return decoded.error();
    return NumberedEvent {decoded->first, std::move(decoded->second)};
}

} // namespace coredact::protocol
