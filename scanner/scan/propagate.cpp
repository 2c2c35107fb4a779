// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagate.h"

#include "scanner/base/threads.h"
#include "scanner/scan/presentwords.h"
#include "scanner/scan/propagatematch.h"
#include "scanner/scan/propagatesettle.h"
#include "scanner/scan/windows.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace coredact {

namespace {

constexpr std::size_t readable = 32; ///< bytes that a probe may look at after the last one
constexpr std::size_t enoughOfWord = 10'000; ///< copies

/// Counts the copies of values that may be words.
class WordCounts {
public:
    WordCounts(std::size_t values, std::span<const std::size_t> words)
        : m_counts(words.size())
        , m_numbers(words.empty() ? 0 : values, none)
    {
        for (std::size_t i = 0; i < words.size(); ++i)
            m_numbers[words[i]] = i;
    }

    /// Whether one more copy of the value is wanted.
    bool wants(std::size_t value)
    {
        if (m_numbers.empty() || m_numbers[value] == none)
            return true;
        return m_counts[m_numbers[value]].fetch_add(1, std::memory_order_relaxed) < enoughOfWord;
    }

private:
    static constexpr auto none = static_cast<std::size_t>(-1);
    std::vector<std::atomic<std::uint64_t>> m_counts;
    std::vector<std::size_t> m_numbers; ///< of a count, for each value
};

/// Counts the bytes that all batches have been looked for in, those of each.
class SearchProgress {
public:
    SearchProgress(const JobControl& control, std::uint64_t size, std::size_t batches)
        : m_control(control)
        , m_total(size * batches)
    {
    }

    void add(std::uint64_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        m_done += bytes;
        m_control.report({"propagate", m_done, m_total});
    }

private:
    const JobControl& m_control;
    const std::uint64_t m_total;
    std::mutex m_mutex;
    std::uint64_t m_done = 0; ///< under the mutex
};

/// What the threads of the search for one batch share.
struct SharedSearch {
    const Source& source;
    const FormIndex& index;
    const WorkList& work;
    const DataRuns& data;
    const WindowShape& shape;
    const JobControl& control;
    WordCounts& words;
    SearchProgress& progress;
    std::size_t batches; ///< that are looked for at once
    std::atomic<std::uint64_t> next = 0;
    std::mutex mutex {}; ///< of what follows
    std::vector<Copy> copies {};
    std::vector<Unreadable> unreadable {};
};

class Searcher {
public:
    explicit Searcher(SharedSearch& shared)
        : m_shared(shared)
        , m_matcher(shared.index)
        , m_buffer(shared.shape.context + shared.shape.fresh + 2 * shared.shape.margin + readable)
    {
    }

    void run()
    {
        for (;;) {
            const std::uint64_t number = m_shared.next.fetch_add(1);
            if (number >= m_shared.work.size() || m_shared.control.cancelled())
                break;
            WorkItem item = m_shared.work.item(number);
            if (item.seam != 0)
                item = widened(std::move(item), m_shared.source.size(), m_shared.shape.margin);
            look(item);
        }
        const std::lock_guard lock(m_shared.mutex);
        std::move(m_copies.begin(), m_copies.end(), std::back_inserter(m_shared.copies));
        std::move(m_unreadable.begin(), m_unreadable.end(),
                  std::back_inserter(m_shared.unreadable));
    }

private:
    void look(const WorkItem& item)
    {
        if (std::any_of(item.pieces.begin(), item.pieces.end(),
                        [&](const FileRange& piece) { return m_shared.data.anyIn(piece); }))
            lookAtBytes(item);
        if (item.seam != 0)
            return;
        m_shared.progress.add((item.freshEnd - item.freshBegin) * m_shared.batches);
    }

    void lookAtBytes(const WorkItem& item)
    {
        const std::size_t size
            = readItem(m_shared.source, m_shared.data, item, m_buffer.bytes(), m_unreadable);
        const std::size_t begin = item.seam != 0 ? 0 : item.freshBegin;
        const std::size_t end = item.seam != 0 ? size : item.freshEnd;
        const PieceMap map(item.pieces);
        for (const FormCopy& copy : m_matcher.find(m_buffer.bytes().first(size), begin, end)) {
            if (item.seam != 0 && !(copy.begin < item.seam && item.seam < copy.end))
                continue;
            const SecretForm& form = m_shared.index.forms()[copy.form];
            const std::string encoding = copy.whole ? form.encoding
                : form.encoding == "raw"            ? "fragment"
                                                    : form.encoding + " fragment";
            for (const std::size_t secret : form.secrets)
                if (m_shared.words.wants(secret))
                    m_copies.push_back({secret, encoding, map.fileRanges(copy.begin, copy.end)});
        }
    }

    SharedSearch& m_shared;
    FormMatcher m_matcher;
    SecureBuffer m_buffer;
    std::vector<Copy> m_copies;
    std::vector<Unreadable> m_unreadable;
};

void searchAll(SharedSearch& shared, unsigned threads)
{
    inParallel(threads, threads, [&] { return [&](std::size_t) { Searcher(shared).run(); }; });
}

/// Looks for batches of values, any number of them at once. Any thread calls `run`.
class BatchSearch {
public:
    struct Input {
        const CommonParts& common; ///< of all values
        const Source& source;
        const Coverage& parts;
        ByteOrder order; ///< of the dump
        const DataRuns& data;
        const JobControl& control;
        WordCounts& words;
        SearchProgress& progress;
        const std::function<void(const FormIndex&)>& alsoWith;
        const PresentWords* present; ///< nullptr: one batch at a time
        std::span<const ValueBatch> batches;
        unsigned threads; ///< for one search
    };

    explicit BatchSearch(const Input& input)
        : m_in(input)
    {
    }

    /// Takes batches until none is left.
    void run()
    {
        Group group;
        for (std::size_t i = m_next++; i < m_in.batches.size(); i = m_next++) {
            if (m_in.control.cancelled())
                return;
            add(group, i);
            if (!m_in.present || group.index.memory() >= mostMemory
                || group.batches.size() >= m_mostTogether)
                search(std::exchange(group, {}));
        }
        search(std::move(group));
    }

    /// Sorted by secret, then place. To be called once, when all threads have run.
    std::vector<Copy> take()
    {
        // A secret is in one batch only.
        std::stable_sort(m_copies.begin(), m_copies.end(),
                         [](const Copy& a, const Copy& b) { return a.secret < b.secret; });
        return std::move(m_copies);
    }
    const std::vector<Unreadable>& unreadable() const { return m_unreadable; }

private:
    static constexpr std::size_t mostMemory = 48U << 20;

    struct Group {
        FormIndex index;
        std::vector<std::size_t> batches; ///< their numbers
    };

    void add(Group& group, std::size_t number)
    {
        const ValueBatch& batch = m_in.batches[number];
        std::vector<SecretForm> forms = formsOf(batch.values, m_in.common, batch.first);
        const bool isLong = std::any_of(forms.begin(), forms.end(), [&](const SecretForm& form) {
            return m_in.present && form.bytes.size() > m_in.present->longestForm();
        });
        if (isLong) {
            // Of what lies so far from a seam the words may be others.
            Group alone;
            alone.index.add(std::move(forms), nullptr);
            alone.batches.push_back(number);
            search(std::move(alone));
            return;
        }
        group.index.add(std::move(forms), m_in.present);
        group.batches.push_back(number);
    }

    void search(Group group)
    {
        if (group.index.build() && group.batches.size() > 1) {
            searchHalves(group.batches);
            return;
        }
        if (group.index.forms().empty()) {
            m_in.progress.add(m_in.source.size() * group.batches.size());
            return;
        }
        WindowShape shape;
        shape.margin = (group.index.longest() + readable + 4095) / 4096 * 4096;
        shape.context = shape.margin;
        const WorkList work(m_in.parts, shape);
        SharedSearch shared {m_in.source,  group.index, work,          m_in.data,           shape,
                             m_in.control, m_in.words,  m_in.progress, group.batches.size()};
        searchAll(shared, m_in.threads);
        std::vector<Copy> copies = settled(std::move(shared.copies), m_in.order);
        const std::lock_guard lock(m_mutex);
        if (m_in.alsoWith)
            m_in.alsoWith(group.index);
        std::move(copies.begin(), copies.end(), std::back_inserter(m_copies));
        m_unreadable.insert(m_unreadable.end(), shared.unreadable.begin(), shared.unreadable.end());
    }

    /// What one window leaves out of so many is looked for with fewer beside it.
    void searchHalves(const std::vector<std::size_t>& batches)
    {
        const std::size_t half = (batches.size() + 1) / 2;
        std::size_t before = m_mostTogether;
        while (half < before && !m_mostTogether.compare_exchange_weak(before, half)) { }
        for (const auto& part :
             {std::span(batches).first(half), std::span(batches).subspan(half)}) {
            Group group;
            for (const std::size_t number : part)
                add(group, number);
            search(std::move(group));
        }
    }

    const Input& m_in;
    std::atomic<std::size_t> m_next = 0;
    /// Batches that are looked for at once.
    std::atomic<std::size_t> m_mostTogether = static_cast<std::size_t>(-1);
    std::mutex m_mutex; ///< of what follows, and held while alsoWith is called
    std::vector<Copy> m_copies;
    std::vector<Unreadable> m_unreadable;
};

/// What stands in the dump, and what else is looked through; nothing where finding that out would
/// take longer than it spares.
std::unique_ptr<PresentWords> wordsIn(const Source& source, const Coverage& parts,
                                      const DataRuns& data, std::size_t batches, unsigned threads,
                                      const CopySearchOptions& options, const JobControl& control)
{
    constexpr std::size_t fewest = 3; // batches
    constexpr std::uint64_t ofABatch = std::uint64_t {64} << 20; // as many bytes as it takes long
    constexpr std::size_t longestForm = 64U << 10;
    std::uint64_t bytes = 0;
    for (const Extent& extent : parts.extents)
        for (const FileRange& piece : extent.pieces)
            data.forEachIn(piece, [&](const FileRange& run) { bytes += run.size(); });
    if (batches < fewest || bytes / batches > ofABatch || (options.alsoWith && !options.alsoIn))
        return nullptr;
    auto words = std::make_unique<PresentWords>(bytes, longestForm);
    std::vector<Unreadable> unreadable;
    addWords(*words, source, parts, data, threads, control, unreadable);
    if (options.alsoIn)
        options.alsoIn(*words);
    if (options.unreadable)
        options.unreadable->insert(options.unreadable->end(), unreadable.begin(), unreadable.end());
    return words;
}

} // namespace

Result<std::vector<Copy>> findCopies(const Source& source, const Dump& dump,
                                     std::span<const SecretValue> values,
                                     const CopySearchOptions& options, const JobControl& control)
{
    const Result<DataRuns> data
        = options.data ? Result<DataRuns>(*options.data) : DataRuns::of(source);
    if (!data)
        return data.error();
    const Coverage parts = coverage(dump);
    const CommonParts common(values);
    const std::vector<ValueBatch> batches = inBatches(values);
    const unsigned threads = options.threads != 0
        ? options.threads
        : std::max(1U, std::thread::hardware_concurrency());
    const auto present = wordsIn(source, parts, *data, batches.size(), threads, options, control);
    // Making an index takes as long as looking through many megabytes: two at a time.
    const unsigned rows = batches.size() > 1 && threads > 1 ? 2 : 1;
    WordCounts words(values.size(), options.words);
    SearchProgress progress(control, source.size(), batches.size());
    const BatchSearch::Input input {
        common,   source,           parts,         dump.order, *data,         control, words,
        progress, options.alsoWith, present.get(), batches,    threads / rows};
    BatchSearch search(input);
    inParallel(rows, rows, [&] { return [&](std::size_t) { search.run(); }; });
    if (control.cancelled())
        return Error {ErrorCode::Cancelled, "the search for copies was cancelled", std::nullopt};
    if (options.unreadable)
        options.unreadable->insert(options.unreadable->end(), search.unreadable().begin(),
                                   search.unreadable().end());
    return search.take();
}

} // namespace coredact
