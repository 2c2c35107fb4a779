// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagate.h"

#include "scanner/base/threads.h"
#include "scanner/scan/propagatematch.h"
#include "scanner/scan/windows.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <tuple>

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

/// Counts the bytes that all batches have been looked for in.
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

/// What the searches for all batches share.
struct Searched {
    const CommonParts& common; ///< of all values
    const Source& source;
    const Coverage& parts;
    ByteOrder order; ///< of the dump
    const DataRuns& data;
    const JobControl& control;
    WordCounts& words;
    SearchProgress& progress;
    const std::function<void(const FormIndex&)>& alsoWith;
    std::mutex& alsoMutex; ///< held while that is called
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
    std::atomic<std::uint64_t> next = 0;
    std::mutex mutex {}; ///< of what follows
    std::vector<Copy> copies {};
    std::vector<Unreadable> unreadable {};
    std::exception_ptr failure {};
};

/// The bytes around a join in the file, as wide as the longest form on both sides: wider than
/// the seam's own ranges where short pieces follow one another.
WorkItem widened(WorkItem item, const SharedSearch& shared)
{
    if (!item.pieces.front().touches(item.pieces.back()))
        return item;
    const std::uint64_t join = item.pieces.back().first();
    const std::uint64_t first = join - std::min<std::uint64_t>(join, shared.shape.margin);
    const std::uint64_t size
        = std::min<std::uint64_t>(shared.source.size() - first, join - first + shared.shape.margin);
    item.pieces = {*FileRange::make(first, size)};
    item.seam = static_cast<std::size_t>(join - first);
    return item;
}

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
                item = widened(std::move(item), m_shared);
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
        m_shared.progress.add(item.freshEnd - item.freshBegin);
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
    inThreads(threads, [&shared](std::size_t) {
        try {
            Searcher(shared).run();
        } catch (...) {
            const std::lock_guard lock(shared.mutex);
            shared.failure = std::current_exception();
        }
    });
    if (shared.failure)
        std::rethrow_exception(shared.failure);
}

bool isFragment(const Copy& copy) { return copy.encoding.ends_with("fragment"); }

bool inside(const std::vector<FileRange>& ranges, const FileRange& wanted)
{
    const auto it = std::upper_bound(
        ranges.begin(), ranges.end(), wanted.first(),
        [](std::uint64_t offset, const FileRange& range) { return offset < range.first(); });
    return it != ranges.begin() && std::prev(it)->contains(wanted);
}

/// Fragments come sorted by place: one that lies inside the one before says nothing new, and one
/// of the same encoding that overlaps it is joined to it.
void addFragment(std::vector<Copy>& kept, const Copy& copy, std::size_t firstOfSecret)
{
    constexpr std::size_t neighbours = 8; // enough for the readings of one place
    const std::size_t from
        = std::max(firstOfSecret, kept.size() - std::min(kept.size(), neighbours));
    for (std::size_t i = kept.size(); copy.pieces.size() == 1 && i > from; --i) {
        Copy& before = kept[i - 1];
        FileRange& range = before.pieces.front();
        const FileRange& here = copy.pieces.front();
        if (!isFragment(before) || before.pieces.size() != 1 || !range.overlaps(here))
            continue;
        if (range.contains(here))
            return;
        if (before.encoding == copy.encoding || here.contains(range)) {
            range = *FileRange::between(range.first(), std::max(range.last(), here.last()));
            before.encoding = copy.encoding;
            return;
        }
    }
    kept.push_back(copy);
}

/// Wide text beside zeros reads in both byte orders, one byte apart; the dump's own order is
/// taken.
bool isOtherReading(const Copy& copy, const Copy& before)
{
    if (!copy.encoding.starts_with("utf-") || !before.encoding.starts_with("utf-")
        || copy.secret != before.secret || isFragment(before))
        return false;
    const FileRange& here = copy.pieces.front();
    const FileRange& there = before.pieces.front();
    return here.first() - there.first() < 4 && here.overlaps(there);
}

void addWhole(std::vector<Copy>& kept, const Copy& copy, ByteOrder order)
{
    if (kept.empty() || !isOtherReading(copy, kept.back()))
        kept.push_back(copy);
    else if (copy.encoding.ends_with(order == ByteOrder::Little ? "le" : "be"))
        kept.back() = copy;
}

/// The copies of one secret, sorted by place: equal ones once, fragments inside whole copies
/// left out, overlapping fragments as one.
void settle(std::vector<Copy>& kept, std::span<Copy> copies, ByteOrder order)
{
    std::vector<FileRange> whole;
    for (const Copy& copy : copies)
        if (!isFragment(copy))
            whole.insert(whole.end(), copy.pieces.begin(), copy.pieces.end());
    whole = normalised(std::move(whole));
    const std::size_t firstOfSecret = kept.size();
    for (std::size_t i = 0; i < copies.size(); ++i) {
        Copy& copy = copies[i];
        if (i > 0 && copies[i - 1].pieces == copy.pieces && copies[i - 1].encoding == copy.encoding)
            continue;
        if (!isFragment(copy)) {
            addWhole(kept, copy, order);
        } else if (!std::all_of(copy.pieces.begin(), copy.pieces.end(),
                                [&](const FileRange& piece) { return inside(whole, piece); })) {
            addFragment(kept, copy, firstOfSecret);
        }
    }
}

bool comesBefore(const Copy& first, const Copy& second)
{
    return std::tie(first.secret, first.pieces, first.encoding)
        < std::tie(second.secret, second.pieces, second.encoding);
}

/// By secret, then place, then encoding. What is compared first is put aside, and each copy is
/// moved once: of a common word there may be a hundred thousand.
std::vector<Copy> sorted(std::vector<Copy> copies)
{
    struct Key {
        std::size_t secret;
        std::uint64_t first;
        std::size_t index;
    };
    std::vector<Key> keys;
    keys.reserve(copies.size());
    for (std::size_t i = 0; i < copies.size(); ++i)
        keys.push_back({copies[i].secret, copies[i].pieces.front().first(), i});
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        return a.secret != b.secret ? a.secret < b.secret
            : a.first != b.first    ? a.first < b.first
                                    : comesBefore(copies[a.index], copies[b.index]);
    });
    std::vector<Copy> inOrder;
    inOrder.reserve(copies.size());
    for (const Key& key : keys)
        inOrder.push_back(std::move(copies[key.index]));
    return inOrder;
}

std::vector<Copy> settled(std::vector<Copy> copies, ByteOrder order)
{
    copies = sorted(std::move(copies));
    std::vector<Copy> kept;
    for (std::size_t begin = 0; begin < copies.size();) {
        std::size_t end = begin;
        while (end < copies.size() && copies[end].secret == copies[begin].secret)
            ++end;
        settle(kept, std::span(copies).subspan(begin, end - begin), order);
        begin = end;
    }
    return kept;
}

struct BatchFound {
    std::vector<Copy> copies {}; ///< sorted by secret, then place
    std::vector<Unreadable> unreadable {};
    std::exception_ptr failure {};
};

BatchFound searchBatch(const ValueBatch& batch, const Searched& in, unsigned threads)
{
    try {
        const FormIndex index(formsOf(batch.values, in.common, batch.first));
        if (index.forms().empty())
            return {};
        WindowShape shape;
        shape.margin = (index.longest() + readable + 4095) / 4096 * 4096;
        shape.context = shape.margin;
        const WorkList work(in.parts, shape);
        SharedSearch shared {in.source, index,      work,     in.data,
                             shape,     in.control, in.words, in.progress};
        searchAll(shared, threads);
        if (in.alsoWith) {
            const std::lock_guard lock(in.alsoMutex);
            in.alsoWith(index);
        }
        return {settled(std::move(shared.copies), in.order), std::move(shared.unreadable)};
    } catch (...) {
        return {{}, {}, std::current_exception()};
    }
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
    // Making an index takes as long as looking through many megabytes: two batches at a time.
    const unsigned rows = batches.size() > 1 && threads > 1 ? 2 : 1;
    WordCounts words(values.size(), options.words);
    SearchProgress progress(control, source.size(), batches.size());
    std::vector<BatchFound> found(batches.size());
    std::mutex alsoMutex;
    std::atomic<std::size_t> next = 0;
    inThreads(rows, [&](std::size_t) {
        for (std::size_t i = next++; i < batches.size() && !control.cancelled(); i = next++)
            found[i] = searchBatch(batches[i],
                                   {common, source, parts, dump.order, *data, control, words,
                                    progress, options.alsoWith, alsoMutex},
                                   threads / rows);
    });
    if (control.cancelled())
        return Error {ErrorCode::Cancelled, "the search for copies was cancelled", std::nullopt};
    std::vector<Copy> copies;
    for (BatchFound& batch : found) {
        if (batch.failure)
            std::rethrow_exception(batch.failure);
        // A secret is in one batch only.
        std::move(batch.copies.begin(), batch.copies.end(), std::back_inserter(copies));
        if (options.unreadable)
            options.unreadable->insert(options.unreadable->end(), batch.unreadable.begin(),
                                       batch.unreadable.end());
    }
    return copies;
}

} // namespace coredact
