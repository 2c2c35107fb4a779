// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/values.h"

#include "scanner/client/codec.h"

namespace coredact::protocol {

SecretBytes encodeValues(std::span<const SecretValue> values)
{
    CborWriter out;
    out.list(values.size());
    for (const SecretValue& value : values)
        write(out, value);
    return out.take();
}

Result<std::vector<SecretValue>> decodeValues(ByteView bytes)
{
    CborReader in(bytes);
    auto values = take<std::vector<SecretValue>>(in);
    if (in.ok() && !in.atEnd())
        in.fail("something follows the values");
    if (!in.ok())
        return in.error();
    return values;
}

} // namespace coredact::protocol
