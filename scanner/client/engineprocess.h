// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

#include <chrono>
#include <string>

#include <sys/types.h>

namespace coredact {

/// A running engine program, our child. Movable; not thread-safe. Whoever destroys it ends the
/// process and collects it, so that none is left behind. SIGCHLD is left alone.
class EngineProcess {
public:
    /// Starts the program at `path` with `socket` as its descriptor 3, the file that keeps compiled
    /// rules (see `openRuleCache`) as 4, and nothing else of ours: no other descriptor, an empty
    /// environment, a process group of its own (an interrupt from the keyboard is for the front
    /// end, which then cancels).
    static Result<EngineProcess> start(const std::string& path, const Descriptor& socket);
    ~EngineProcess();
    EngineProcess(EngineProcess&& other) noexcept;
    EngineProcess& operator=(EngineProcess&&) = delete;

    pid_t id() const { return m_id; }
    /// Waits until the process has ended, kills it when it takes longer than `patience`, and
    /// says how it ended: "it was killed by signal 9 (Killed)".
    std::string end(std::chrono::milliseconds patience);

private:
    explicit EngineProcess(pid_t id)
        : m_id(id)
    {
    }

    pid_t m_id = -1; ///< -1: collected
};

/// The folder of the running program; "" where that is not known.
std::string folderOfProgram();

/// The rules as the build compiled them: ../share/coredact/rules.cache from the program. Compiling
/// takes most of a second, which a first start has no time for.
std::string shippedRuleCache();

/// rules.cache in the user's cache folder for Coredact, open for reading and writing, made where it
/// is missing; none where there is no such folder. Shared by all engines; holds rules only. Where
/// it is missing or older than the file `shipped`, it begins as a copy of that.
Descriptor openRuleCache(const std::string& shipped = shippedRuleCache());

/// The engine program: beside the running program, in ../libexec/coredact, or on PATH.
Result<std::string> findEngine();

} // namespace coredact
