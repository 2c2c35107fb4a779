// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/landlock.h"

#include "scanner/base/descriptor.h"

#include <cerrno>
#include <cstdint>

#include <sys/syscall.h>

namespace coredact::sandbox {
namespace {

// From Documentation/userspace-api/landlock.rst. The numbers are the same on every architecture;
// named here because the system's headers may be older than its kernel.
constexpr long createRuleset = 444;
constexpr long restrictSelf = 446;
constexpr unsigned askVersion = 1;

struct RulesetAttributes {
    std::uint64_t handledFileAccess = 0;
    std::uint64_t handledNetwork = 0;
    std::uint64_t scoped = 0;
};

constexpr std::uint64_t lowest(unsigned count)
{
    return (std::uint64_t {1} << count) - 1;
}

/// How many access rights for files each version knows, by version from 1 on.
unsigned fileRights(long version)
{
    if (version >= 5)
        return 16; // and ioctl on devices
    if (version >= 3)
        return 15; // and truncate
    return version == 2 ? 14 : 13; // 2: and refer
}

/// Older kernels take a shorter structure, and refuse a longer one unless its tail is zero.
std::size_t attributesSize(long version)
{
    if (version >= 6)
        return sizeof(RulesetAttributes);
    return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

} // namespace

Status denyAllPaths()
{
    const long version = syscall(createRuleset, nullptr, std::size_t {0}, askVersion);
    if (version < 1)
        return systemError("this kernel offers no Landlock", errno);
    RulesetAttributes attributes;
    attributes.handledFileAccess = lowest(fileRights(version));
    if (version >= 4)
        attributes.handledNetwork = lowest(2); // bind and connect
    if (version >= 6)
        attributes.scoped = lowest(2); // abstract sockets and signals
    const Descriptor ruleset(static_cast<int>(
        syscall(createRuleset, &attributes, attributesSize(version), 0U)));
    if (!ruleset)
        return systemError("cannot make a Landlock rule set", errno);
    if (syscall(restrictSelf, ruleset.number(), 0U) != 0)
        return systemError("cannot enter the Landlock rule set", errno);
    return {};
}

} // namespace coredact::sandbox
