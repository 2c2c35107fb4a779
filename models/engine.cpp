// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/engine.h"

namespace coredact {

namespace {

class ProcessEngine : public Engine {
public:
    ProcessEngine(std::unique_ptr<Client> client, std::string enginePath)
        : m_client(std::move(client))
        , m_enginePath(std::move(enginePath))
    {
    }

    Result<protocol::Opened> open(const std::string& path, Form form, const Handler& progress,
                                  const Stop& stop) override
    {
        auto file = openDump(path);
        if (!file)
            return file.error();
        m_file = std::move(*file);
        return openIn(*m_client, m_file, progress, stop, form);
    }

    std::uint64_t send(const protocol::Request& request, Handler handler) override
    {
        return m_client->send(request, {}, std::move(handler));
    }

    void cancel(std::uint64_t request) override { m_client->cancel(request); }
    bool alive() const override { return m_client->alive(); }

    Result<HandedOver> handOver(std::span<const Finding> findings, const HandOver& options,
                                const Handler& progress, const Stop& stop) override
    {
        HandOver complete = options;
        complete.enginePath = m_enginePath;
        return coredact::handOver(*m_client, m_file, findings, complete, progress, stop);
    }

    Result<protocol::Compared> compare(const std::string& path, const Handler& progress,
                                       const Stop& stop) override
    {
        return compareIn(*m_client, path, progress, stop);
    }

private:
    std::unique_ptr<Client> m_client;
    std::string m_enginePath;
    OpenedFile m_file;
};

} // namespace

EngineStarter engineProcesses(std::string enginePath)
{
    return [enginePath = std::move(enginePath)]() -> Result<std::shared_ptr<Engine>> {
        auto client = Client::start(enginePath);
        if (!client)
            return client.error();
        return std::shared_ptr<Engine>(
            std::make_shared<ProcessEngine>(std::move(*client), enginePath));
    };
}

} // namespace coredact
