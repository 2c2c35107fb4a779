// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/engine.h"

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

namespace coredact {

/// An engine without a process: a test says what it finds and when it dies.
class FakeEngine : public Engine {
public:
    explicit FakeEngine(Dump dump, std::vector<std::uint8_t> bytes);

    Result<protocol::Opened> open(const std::string& path, Form form, const Handler& progress,
                                  const Stop& stop) override;
    std::uint64_t send(const protocol::Request& request, Handler handler) override;
    void cancel(std::uint64_t request) override;
    bool alive() const override { return m_alive; }
    Result<HandedOver> handOver(std::span<const Finding> findings, const HandOver& options,
                                const Handler& progress, const Stop& stop) override;
    Result<protocol::Compared> compare(const std::string& path, const Handler& progress,
                                       const Stop& stop) override;
    void differAt(std::vector<FileRange> ranges) { m_differences = std::move(ranges); }

    void see(const Finding& finding);
    void progress(std::uint64_t done, std::uint64_t total);
    void finishScan(std::vector<Finding> findings, std::string rulesDigest = {});
    /// As a killed process: every open request fails, and later ones at once.
    void die();
    bool scanning() const { return m_scan != 0; }
    /// Searches are answered by a cancel only.
    void holdSearches() { m_holdsSearches = true; }
    void know(std::vector<RuleInfo> rules) { m_rules = std::move(rules); }
    /// Exports go on until they are cancelled.
    void holdExports(bool held) { m_holdsExports = held; }
    void searchProgress(std::uint64_t done, std::uint64_t total);
    int searchesCancelled() const { return m_searchesCancelled; }

private:
    void tell(std::uint64_t request, const protocol::Event& event);
    protocol::Event answerTo(const protocol::Request& request) const;

    Dump m_dump;
    std::vector<std::uint8_t> m_bytes;
    std::atomic<bool> m_alive = true;
    std::uint64_t m_last = 0;
    std::uint64_t m_scan = 0;
    std::uint64_t m_search = 0;
    bool m_holdsSearches = false;
    std::atomic<bool> m_holdsExports = false;
    int m_searchesCancelled = 0;
    std::vector<FileRange> m_differences;
    std::vector<RuleInfo> m_rules;
    std::map<std::uint64_t, Handler> m_open;
};

} // namespace coredact
