// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison.h"

#include "models/texts.h"
#include "scanner/redact/certificatecheck.h"

#include <QFile>
#include <QThreadPool>

#include <algorithm>

namespace coredact {

namespace {

constexpr qint64 largestCertificate = 256 << 20;
constexpr std::uint64_t nearBytes = 16;
constexpr std::uint64_t besideBytes = 3;

/// The ranges of the certificate beside a copy; nothing where there is none that can be read.
std::optional<std::vector<Edit>> certifiedEdits(const std::string& copy)
{
    QFile file(QFile::decodeName(QByteArray::fromStdString(copy + ".coredact.json")));
    if (!file.open(QFile::ReadOnly) || file.size() > largestCertificate)
        return std::nullopt;
    auto claim = parseCertificate(file.readAll().toStdString());
    if (!claim)
        return std::nullopt;
    return std::move(claim->edits);
}

/// Takes what lies inside `edit` off the list's begin, at `next`; the parts before it are
/// somebody else's change.
class Splitter {
public:
    Splitter(const std::vector<FileRange>& differing, std::vector<Change>& changes)
        : m_differing(differing)
        , m_changes(changes)
    {
    }

    void take(const Edit& edit, const EditReasons& reasons)
    {
        leaveUpTo(edit.range.first());
        bool differs = false;
        while (m_next < m_differing.size() && rest().first() <= edit.range.last()) {
            differs = true;
            if (rest().last() > edit.range.last()) {
                m_from = edit.range.last() + 1;
                break;
            }
            ++m_next;
        }
        if (differs)
            m_changes.push_back({edit.range, Change::Origin::Plan, reasons.of(edit)});
    }

    /// What lies before the offset is in no range of the plan.
    void leaveUpTo(std::uint64_t offset)
    {
        while (m_next < m_differing.size() && rest().first() < offset) {
            const FileRange range = rest();
            const std::uint64_t last = std::min(range.last(), offset - 1);
            m_changes.push_back(
                {*FileRange::between(range.first(), last), Change::Origin::Other, {}});
            if (range.last() >= offset) {
                m_from = offset;
                return;
            }
            ++m_next;
        }
    }

    void leaveAll()
    {
        for (; m_next < m_differing.size(); ++m_next)
            m_changes.push_back({rest(), Change::Origin::Other, {}});
    }

private:
    FileRange rest() const
    {
        const FileRange& range = m_differing[m_next];
        return *FileRange::between(std::max(range.first(), m_from), range.last());
    }

    const std::vector<FileRange>& m_differing;
    std::vector<Change>& m_changes;
    std::size_t m_next = 0;
    std::uint64_t m_from = 0; ///< what lies before it is told
};

} // namespace

std::vector<Change> changesFrom(const std::vector<FileRange>& differing,
                                const std::vector<Edit>* edits, const EditReasons& reasons)
{
    std::vector<Change> changes;
    if (!edits) {
        for (const FileRange& range : differing) {
            if (!changes.empty() && range.first() - changes.back().range.last() <= nearBytes)
                changes.back().range
                    = *FileRange::between(changes.back().range.first(), range.last());
            else
                changes.push_back({range, Change::Origin::Unknown, {}});
        }
        return changes;
    }
    Splitter splitter(differing, changes);
    for (const Edit& edit : *edits)
        splitter.take(edit, reasons);
    splitter.leaveAll();
    return changes;
}

std::vector<FileRange> overwrittenIn(const std::vector<FileRange>& differing,
                                     const std::vector<Edit>* edits)
{
    if (!edits)
        return differing;
    std::vector<FileRange> ranges;
    for (const FileRange& range : differing) {
        const auto edit = std::lower_bound(
            edits->begin(), edits->end(), range.first(),
            [](const Edit& one, std::uint64_t offset) { return one.range.last() < offset; });
        ranges.push_back(range);
        if (edit == edits->end() || !edit->range.contains(range.first()))
            continue;
        const FileRange& whole = edit->range;
        const std::uint64_t first
            = range.first() - std::min(besideBytes, range.first() - whole.first());
        const std::uint64_t last = std::max(
            range.last(),
            range.last() + std::min(besideBytes, whole.last() - std::min(whole.last(), range.last())));
        ranges.push_back(*FileRange::between(first, last));
    }
    return normalised(std::move(ranges));
}

struct Comparison::Found {
    std::shared_ptr<Engine> engine;
    std::uint64_t size = 0;
    std::vector<Change> changes;
    std::vector<FileRange> overwritten;
    bool complete = true;
};

Comparison::Comparison(EngineStarter starter, QObject* parent)
    : QObject(parent)
    , m_starter(std::move(starter))
    , m_box(this)
{
    m_clock.start();
}

Comparison::~Comparison()
{
    m_box.close();
    if (m_stop)
        *m_stop = true;
}

void Comparison::become(State state)
{
    m_state = state;
    emit stateChanged();
}

void Comparison::stop()
{
    ++m_generation;
    if (m_stop)
        *m_stop = true;
    m_stop.reset();
    if (m_engine)
        QThreadPool::globalInstance()->start([engine = std::move(m_engine)] {});
    m_engine.reset();
    m_path.clear();
    m_changes.clear();
    m_overwritten.clear();
    m_bytes.reset(0, {});
    m_failure = {};
    if (m_state != State::None)
        become(State::None);
}

void Comparison::start(std::shared_ptr<Engine> original,
                       std::shared_ptr<const std::vector<Finding>> findings, const QString& copy,
                       std::optional<std::vector<Edit>> edits)
{
    stop();
    m_path = copy;
    m_meter.reset();
    m_progress = {};
    m_stop = std::make_shared<std::atomic<bool>>(false);
    become(State::Working);
    const auto work = [this, box = m_box, stop = m_stop, generation = m_generation,
                       starter = m_starter, original = std::move(original),
                       findings = std::move(findings), edits = std::move(edits),
                       path = QFile::encodeName(copy).toStdString()] {
        const auto answer = [&](std::function<void()> told) {
            box.put([this, generation, told = std::move(told)] {
                if (generation == m_generation)
                    told();
            });
        };
        const auto heard = [&](const protocol::Event& event) {
            if (const auto* made = std::get_if<protocol::ProgressMade>(&event))
                answer([this, made = *made] {
                    m_progress = m_meter.add(made.stage, made.done, made.total, m_clock.elapsed());
                    emit progressChanged();
                });
        };
        static const std::vector<Finding> none;
        auto found = find(starter, *original, findings ? *findings : none, path, edits, heard,
                          [stop] { return stop->load(); });
        if (!found)
            return answer([this, error = found.error()] { failed(error); });
        answer([this, found = std::move(*found)] { ready(found); });
    };
    QThreadPool::globalInstance()->start(work);
}

Result<Comparison::Found> Comparison::find(const EngineStarter& starter, Engine& original,
                                           const std::vector<Finding>& findings,
                                           const std::string& path,
                                           const std::optional<std::vector<Edit>>& edits,
                                           const Engine::Handler& progress,
                                           const Engine::Stop& stop)
{
    auto compared = original.compare(path, progress, stop);
    if (!compared)
        return compared.error();
    auto engine = starter();
    if (!engine)
        return engine.error();
    const auto opened = (*engine)->open(path, Form::Whole, progress, stop);
    if (!opened)
        return opened.error();
    const std::optional<std::vector<Edit>> known = edits ? edits : certifiedEdits(path);
    Found found;
    found.engine = std::move(*engine);
    found.size = opened->dump.size;
    const std::vector<Edit>* plan = known ? &*known : nullptr;
    found.changes = changesFrom(compared->ranges, plan, EditReasons(findings));
    found.overwritten = overwrittenIn(compared->ranges, plan);
    found.complete = compared->complete;
    return found;
}

void Comparison::ready(Found found)
{
    m_engine = std::move(found.engine);
    m_changes = std::move(found.changes);
    m_overwritten = std::move(found.overwritten);
    m_complete = found.complete;
    m_bytes.reset(found.size, [this](std::uint64_t offset, std::uint32_t size) {
        if (!m_engine)
            return false;
        m_engine->send(
            protocol::Read {offset, size},
            [this, box = m_box, generation = m_generation, offset](const protocol::Event& event) {
                box.put([this, generation, offset, event] {
                    if (generation != m_generation)
                        return;
                    if (const auto* bytes = std::get_if<protocol::Bytes>(&event))
                        m_bytes.arrive(offset, bytes->bytes);
                    else
                        m_bytes.fail(offset);
                });
            });
        return true;
    });
    become(State::Ready);
}

void Comparison::failed(const Error& error)
{
    m_failure = error;
    become(State::Failed);
}

int Comparison::changeAt(std::uint64_t offset) const
{
    const auto at = std::lower_bound(
        m_changes.begin(), m_changes.end(), offset,
        [](const Change& change, std::uint64_t wanted) { return change.range.last() < wanted; });
    return at == m_changes.end() ? -1 : static_cast<int>(at - m_changes.begin());
}

} // namespace coredact
