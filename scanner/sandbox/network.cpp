// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/filter.h"
#include "scanner/sandbox/sandbox.h"

#include <sys/socket.h>

namespace coredact::sandbox {

std::vector<std::string> denyNetwork()
{
    Filter filter(SCMP_ACT_ALLOW);
    filter.addWhen(refuse, SCMP_SYS(socket), {SCMP_A0(SCMP_CMP_NE, AF_UNIX)});
    // On 32-bit x86 the family hides behind a pointer; the C library has not used it since 2.23.
    filter.add(refuse, {SCMP_SYS(socketcall)});
    // io_uring opens sockets without a system call that a filter sees.
    filter.add(refuse,
               {SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
                SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
                SCMP_SYS(bpf), SCMP_SYS(userfaultfd), SCMP_SYS(perf_event_open),
                SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(init_module),
                SCMP_SYS(finit_module), SCMP_SYS(delete_module)});
    if (const Status done = filter.load(); !done)
        return {done.error().message};
    return {};
}

} // namespace coredact::sandbox
