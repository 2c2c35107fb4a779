// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stopsignal.h"

#include <cerrno>
#include <csignal>

#include <sys/signalfd.h>

namespace coredact::cli {

namespace {

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

} // namespace

Result<std::unique_ptr<StopSignal>> StopSignal::make()
{
    const sigset_t wanted = stopSignals();
    if (pthread_sigmask(SIG_BLOCK, &wanted, nullptr) != 0)
        return systemError("cannot block signals", errno);
    Descriptor signals(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals)
        return systemError("cannot wait for signals", errno);
    return std::unique_ptr<StopSignal>(new StopSignal(std::move(signals)));
}

bool StopSignal::requested()
{
    signalfd_siginfo signal;
    if (!m_requested && read(m_signals.number(), &signal, sizeof signal) > 0)
        m_requested = true;
    return m_requested;
}

StopSignal::Ending::Ending()
{
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, &m_before);
}

StopSignal::Ending::~Ending() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }

} // namespace coredact::cli
