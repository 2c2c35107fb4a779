// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/codec.h"

namespace coredact::protocol {

SecretBytes encode(std::uint64_t id, const Request& request)
{
    return encodeMessage(id, request);
}

Result<NumberedRequest> decodeRequest(ByteView message)
{
    auto decoded = decodeMessage<Request>(message);
    if (!decoded)
        return decoded.error();
    return NumberedRequest {decoded->first, std::move(decoded->second)};
}

} // namespace coredact::protocol
