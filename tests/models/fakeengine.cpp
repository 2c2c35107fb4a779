// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeengine.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace coredact {

namespace {

Error dead() { return {ErrorCode::Sandbox, "the engine died", std::nullopt}; }

} // namespace

FakeEngine::FakeEngine(Dump dump, std::vector<std::uint8_t> bytes)
    : m_dump(std::move(dump))
    , m_bytes(std::move(bytes))
{
}

Result<protocol::Opened> FakeEngine::open(const std::string& path, Form, const Handler&,
                                          const Stop&)
{
    if (path.ends_with("missing"))
        return Error {ErrorCode::System, "cannot open the file", std::nullopt};
    protocol::Opened opened;
    opened.dump = m_dump;
    opened.containerSize = m_dump.size;
    return opened;
}

std::uint64_t FakeEngine::send(const protocol::Request& request, Handler handler)
{
    const std::uint64_t id = ++m_last;
    m_open[id] = std::move(handler);
    if (!m_alive) {
        tell(id, protocol::Failed {dead()});
    } else if (std::holds_alternative<protocol::Scan>(request)) {
        m_scan = id;
    } else if (m_holdsSearches && std::holds_alternative<protocol::Search>(request)) {
        m_search = id;
    } else {
        tell(id, answerTo(request));
    }
    return id;
}

protocol::Event FakeEngine::answerTo(const protocol::Request& request) const
{
    if (const auto* read = std::get_if<protocol::Read>(&request)) {
        protocol::Bytes bytes {read->offset, {}};
        const std::uint64_t end
            = std::min<std::uint64_t>(read->offset + read->size, m_bytes.size());
        for (std::uint64_t at = read->offset; at < end; ++at)
            bytes.bytes.push_back(m_bytes[static_cast<std::size_t>(at)]);
        return bytes;
    }
    if (const auto* search = std::get_if<protocol::Search>(&request)) {
        const auto from = m_bytes.begin() + static_cast<std::ptrdiff_t>(search->from);
        const auto at
            = std::search(from, m_bytes.end(), search->pattern.begin(), search->pattern.end());
        if (at == m_bytes.end())
            return protocol::SearchHit {};
        return protocol::SearchHit {FileRange::make(
            static_cast<std::uint64_t>(at - m_bytes.begin()), search->pattern.size())};
    }
    if (std::holds_alternative<protocol::LoadRules>(request))
        return protocol::RulesLoaded {m_rules, {}, {}};
    if (std::holds_alternative<protocol::MakePlan>(request))
        return protocol::Planned {};
    return protocol::Failed {{ErrorCode::Unsupported, "not faked", std::nullopt}};
}

void FakeEngine::tell(std::uint64_t request, const protocol::Event& event)
{
    const auto open = m_open.find(request);
    if (open == m_open.end())
        return;
    const Handler handler = open->second;
    const bool streams = std::holds_alternative<protocol::FindingSeen>(event)
        || std::holds_alternative<protocol::ProgressMade>(event);
    if (!streams)
        m_open.erase(open);
    // As with a process, handlers run in a thread that is not the window's.
    std::thread([&] { handler(event); }).join();
}

void FakeEngine::cancel(std::uint64_t request)
{
    if (request == m_scan)
        m_scan = 0;
    m_searchesCancelled += request == m_search ? 1 : 0;
    tell(request, protocol::Failed {{ErrorCode::Cancelled, "cancelled", std::nullopt}});
}

Result<HandedOver> FakeEngine::handOver(std::span<const Finding>, const HandOver&, const Handler&,
                                        const Stop& stop)
{
    while (m_holdsExports && !stop())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (stop && stop())
        return Error {ErrorCode::Cancelled, "cancelled", std::nullopt};
    return dead();
}

Result<protocol::Compared> FakeEngine::compare(const std::string&, const Handler&, const Stop&)
{
    if (!m_alive)
        return dead();
    return protocol::Compared {m_differences, true};
}

void FakeEngine::see(const Finding& finding) { tell(m_scan, protocol::FindingSeen {finding}); }

void FakeEngine::progress(std::uint64_t done, std::uint64_t total)
{
    tell(m_scan, protocol::ProgressMade {"scan", done, total});
}

void FakeEngine::searchProgress(std::uint64_t done, std::uint64_t total)
{
    tell(m_search, protocol::ProgressMade {"search", done, total});
}

void FakeEngine::finishScan(std::vector<Finding> findings, std::string rulesDigest)
{
    protocol::Scanned scanned;
    scanned.rulesDigest = std::move(rulesDigest);
    scanned.findings = std::move(findings);
    scanned.scannedBytes = m_dump.size;
    tell(std::exchange(m_scan, 0), scanned);
}

void FakeEngine::die()
{
    m_alive = false;
    while (!m_open.empty())
        tell(m_open.begin()->first, protocol::Failed {dead()});
    m_scan = 0;
}

} // namespace coredact
