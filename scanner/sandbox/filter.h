// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"

#include <initializer_list>
#include <string_view>

#include <seccomp.h>

namespace coredact::sandbox {

/// A system call filter in the making. The first rule that cannot be added makes the filter
/// fail, and `load` says so. Calls that this architecture does not have are passed over.
/// Not thread-safe.
class Filter {
public:
    /// `otherwise` is what happens to a call that no rule names.
    explicit Filter(std::uint32_t otherwise);
    ~Filter();
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    void add(std::uint32_t action, std::initializer_list<int> calls);
    /// The action is for calls whose arguments hold all `conditions`.
    void addWhen(std::uint32_t action, int call,
                 std::initializer_list<scmp_arg_cmp> conditions);

    /// Puts the filter into force, for good, for every thread of the process.
    Status load();

private:
    void note(int code);

    scmp_filter_ctx m_context = nullptr;
    int m_error = 0;
};

/// What a forbidden call answers: the caller sees a plain error, and a self-test can look.
constexpr std::uint32_t refuse = SCMP_ACT_ERRNO(1); // EPERM
/// What a call answers for which the C library has an older way that the filter can judge.
constexpr std::uint32_t unknownCall = SCMP_ACT_ERRNO(38); // ENOSYS

/// The allow-list of the engine.
Status loadEngineFilter();

} // namespace coredact::sandbox
