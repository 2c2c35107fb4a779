// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/filter.h"

#include <cerrno>
#include <vector>

namespace coredact::sandbox {

static_assert(EPERM == 1 && ENOSYS == 38);

Filter::Filter(std::uint32_t otherwise)
    : m_context(seccomp_init(otherwise))
{
    if (!m_context) {
        m_error = ENOMEM;
        return;
    }
    // Another architecture's calls (32-bit ones on x86_64) have other numbers and end the process.
    note(seccomp_attr_set(m_context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    note(seccomp_attr_set(m_context, SCMP_FLTATR_CTL_TSYNC, 1));
}

Filter::~Filter()
{
    if (m_context)
        seccomp_release(m_context);
}

void Filter::note(int code)
{
    if (code < 0 && m_error == 0)
        m_error = -code;
}

void Filter::add(std::uint32_t action, std::initializer_list<int> calls)
{
    for (const int call : calls)
        addWhen(action, call, {});
}

void Filter::addWhen(std::uint32_t action, int call,
                     std::initializer_list<scmp_arg_cmp> conditions)
{
    if (m_error != 0 || call < 0) // negative: a number that only other architectures have
        return;
    note(seccomp_rule_add_array(m_context, action, call,
                                static_cast<unsigned>(conditions.size()), conditions.begin()));
}

Status Filter::load()
{
    if (m_error == 0)
        note(seccomp_load(m_context));
    if (m_error != 0)
        return systemError("cannot set the system call filter", m_error);
    return {};
}

} // namespace coredact::sandbox
