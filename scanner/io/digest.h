// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/jobcontrol.h"
#include "scanner/io/source.h"

#include <memory>
#include <string>

namespace coredact {

/// SHA-256 of bytes that come one run after the other. Movable, not copyable.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(ByteView bytes);
    /// As many zero bytes, without memory for them.
    void addZeros(std::uint64_t count);
    /// 64 lower-case hex digits. Ends the digest: call once.
    std::string hex();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

/// 64 lower-case hex digits of the SHA-256 of all bytes of a file. Holes are not read.
Result<std::string> sha256(const Source& source, const JobControl& control);

/// Of bytes at hand.
std::string sha256(ByteView bytes);

} // namespace coredact
