// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/client.h"

#include <functional>
#include <memory>
#include <string>

namespace coredact {

/// One engine with one dump, as a document uses it: a process, or a stand-in of a test. Threads
/// as Client says: handlers are called in a thread of the engine's. Calls that block say so.
class Engine {
public:
    using Handler = std::function<void(const protocol::Event&)>;
    using Stop = std::function<bool()>;

    virtual ~Engine() = default;

    /// Opens the dump; blocks. Call it once, before anything else.
    virtual Result<protocol::Opened> open(const std::string& path, Form form,
                                          const Handler& progress, const Stop& stop)
        = 0;
    virtual std::uint64_t send(const protocol::Request& request, Handler handler) = 0;
    virtual void cancel(std::uint64_t request) = 0;
    virtual bool alive() const = 0;
    /// Export, verification and publication, as coredact::handOver says; blocks.
    virtual Result<HandedOver> handOver(std::span<const Finding> findings, const HandOver& options,
                                        const Handler& progress, const Stop& stop)
        = 0;
    /// Where the file at `path` differs from the open dump; blocks.
    virtual Result<protocol::Compared> compare(const std::string& path, const Handler& progress,
                                               const Stop& stop)
        = 0;
};

using EngineStarter = std::function<Result<std::shared_ptr<Engine>>()>;

/// Starts engine processes; the path as Client::start has it.
EngineStarter engineProcesses(std::string enginePath = {});

} // namespace coredact
