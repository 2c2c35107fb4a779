// SPDX-License-Identifier: GPL-3.0-or-later
// Times each part of a scan by itself, on one thread, over the same bytes in memory.
// coredact-bench-kernels FILE...
#include "scanner/dump/coverage.h"
#include "scanner/formats/format.h"
#include "scanner/rules/anchorpass.h"
#include "scanner/rules/ruleset.h"
#include "scanner/rules/walk.h"
#include "scanner/scan/propagate.h"
#include "scanner/scan/views.h"
#include "scanner/scan/walks.h"
#include "scanner/scan/windows.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string>

#include <fcntl.h>

using namespace coredact;

namespace {

double secondsOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    return passed.count();
}

/// The middle one of three runs after one that is not counted.
double medianOf(const std::function<void()>& work)
{
    work();
    std::vector<double> runs {secondsOf(work), secondsOf(work), secondsOf(work)};
    std::sort(runs.begin(), runs.end());
    return runs[1];
}

void print(const std::string& name, std::uint64_t bytes, double seconds,
           const std::string& more = {})
{
    std::printf("  %-42s %8.3f s %8.2f GB/s %s\n", name.c_str(), seconds,
                static_cast<double>(bytes) / 1e9 / seconds, more.c_str());
    std::fflush(stdout);
}

class Counter : public MatchSink {
public:
    void add(Match) override { ++matches; }
    std::uint64_t matches = 0;
};

/// Gives each window of the file to `look`, from bytes that are read once beforehand.
class Windows {
public:
    Windows(const Source& source, const Dump& dump, const WindowShape& shape)
        : m_parts(coverage(dump))
        , m_work(m_parts, shape)
    {
        const auto data = DataRuns::of(source);
        std::vector<Unreadable> unreadable;
        for (std::uint64_t i = 0; i < m_work.size(); ++i) {
            WorkItem item = m_work.item(i);
            if (item.seam != 0)
                continue;
            std::vector<std::uint8_t> bytes(shape.context + shape.fresh + 2 * shape.margin);
            bytes.resize(readItem(source, *data, item, bytes, unreadable));
            m_bytes.push_back(std::move(bytes));
            m_items.push_back(std::move(item));
        }
    }

    void forEach(const std::function<void(const Window&)>& look) const
    {
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            const PieceMap map(m_items[i].pieces);
            for (const FreshRun& run :
                 worthyRuns(m_bytes[i], m_items[i].freshBegin, m_items[i].freshEnd))
                look({m_bytes[i], run.begin, run.end, &map, "raw", m_items[i].address});
        }
    }

private:
    Coverage m_parts;
    WorkList m_work;
    std::vector<std::vector<std::uint8_t>> m_bytes;
    std::vector<WorkItem> m_items;
};

std::vector<SecretValue> madeSecrets(std::size_t count)
{
    std::mt19937 dice(1);
    std::vector<SecretValue> secrets(count);
    for (std::size_t i = 0; i < count; ++i) {
        secrets[i].form = i % 2 == 0 ? ValueForm::Text : ValueForm::Number;
        for (std::size_t k = 0; k < (i % 2 == 0 ? 40U : 128U); ++k)
            secrets[i].value.push_back(
                static_cast<std::uint8_t>(i % 2 == 0 ? 'A' + dice() % 58 : dice()));
    }
    return secrets;
}

/// Each round of a walk by itself.
void measureWalk(const Detector& detector, const Source& source, const Dump& dump,
                 const Windows& windows, std::uint64_t size)
{
    const AddressSpace memory(dump.segments);
    const JobControl control;
    const auto walk = detector.newWalk(dump);
    if (!walk) // it has nothing to look for in such a dump
        return;
    const WalkContext context {source, dump, memory, control};
    walk->begin(context);
    Counter counter;
    for (int number = 1; const auto round = walk->newRound(); ++number) {
        RoundPart part;
        part.add(*round);
        print("walk " + std::string(detector.name) + ", round " + std::to_string(number), size,
              medianOf([&] {
                  windows.forEach([&](const Window& window) { part.look(window, nullptr); });
              }));
        const double seconds = secondsOf([&] { (void)walk->endRound(*round, context, counter); });
        std::printf("    and its end %.3f s\n", seconds);
    }
}

void measure(const std::string& path, const RuleSet& rules)
{
    auto source = Source::fromDescriptor(Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)));
    if (!source) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), source.error().message.c_str());
        return;
    }
    const JobControl control;
    const auto dump = readDump(*source, control);
    if (!dump) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), dump.error().message.c_str());
        return;
    }
    const std::uint64_t size = source->size();
    std::printf("%s: %.0f MB, parts of the scan, one thread, bytes in memory\n", path.c_str(),
                static_cast<double>(size) / 1e6);
    const Windows windows(*source, *dump, {});
    print("pages of one byte left out", size,
          medianOf([&] { windows.forEach([](const Window&) {}); }));
    for (const Detector* detector : detectors()) {
        Counter counter;
        if (detector->scan) {
            const double seconds = medianOf([&] {
                windows.forEach([&](const Window& window) { detector->scan(window, counter); });
            });
            print("detector " + std::string(detector->name), size, seconds);
        }
        if (detector->newWalk)
            measureWalk(*detector, *source, *dump, windows, size);
    }
    Counter counter;
    print("anchors of all detectors", size, medianOf([&] {
              windows.forEach([&](const Window& window) { scanAnchors(window, counter); });
          }));
    const auto text = rules.newTextScanner();
    print("text rules", size, medianOf([&] {
              windows.forEach([&](const Window& window) { text->scan(window, counter); });
          }));
    std::uint64_t viewed = 0;
    const double views = medianOf([&] {
        viewed = 0;
        windows.forEach([&](const Window& window) {
            forEachView(window,
                        [&](const Window& view) { viewed += view.freshEnd - view.freshBegin; });
        });
    });
    print("views alone", size, views, "(" + std::to_string(viewed / 1000) + " kB seen)");
    for (const std::size_t count : {20U, 1000U}) {
        const auto secrets = madeSecrets(count);
        print("search for copies of " + std::to_string(count) + " values", size,
              medianOf([&] { (void)findCopies(*source, *dump, secrets, {1}, control); }));
    }
}

} // namespace

int main(int count, char** arguments)
{
    const auto rules = RuleSet::load({}, {});
    if (!rules) {
        std::fprintf(stderr, "%s\n", rules.error().message.c_str());
        return 2;
    }
    print("loading and compiling the default rules (1 B)", 1,
          secondsOf([] { (void)RuleSet::load({}, {}); }));
    for (int i = 1; i < count; ++i)
        measure(arguments[i], *rules);
}
