// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/document.h"

#include "models/exportpreview.h"
#include "models/texts.h"

#include <QFile>
#include <QThreadPool>

#include <chrono>

namespace coredact {

using namespace std::chrono_literals;

Document::Document(EngineStarter starter, QObject* parent)
    : QObject(parent)
    , m_starter(std::move(starter))
    , m_box(this)
{
    m_flush.setSingleShot(true);
    m_flush.setInterval(50ms);
    connect(&m_flush, &QTimer::timeout, this, &Document::flushSeen);
    m_watch.setInterval(500ms);
    connect(&m_watch, &QTimer::timeout, this, &Document::watchEngine);
    m_clock.start();
}

Document::~Document()
{
    m_box.close();
    if (m_stop)
        *m_stop = true;
}

QString Document::name() const { return Texts::fromDump(fileName(Texts::toUtf8(m_path))); }

void Document::become(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    emit stateChanged(state);
}

void Document::open(const QString& path, Form form)
{
    close();
    m_path = path;
    m_form = form;
    start(false);
}

void Document::close()
{
    dropEngine();
    m_path.clear();
    m_dump.reset();
    m_places.reset();
    m_containers.clear();
    m_sandboxGaps.clear();
    m_kept.clear();
    m_provisional.clear();
    m_findings.reset();
    m_outcome = {};
    m_failure = {};
    m_bytes.reset(0, {});
    m_verdicts.load({});
    m_findingsModel.reset(nullptr);
    m_bookmarks.reset(nullptr);
    become(State::Empty);
}

void Document::restart()
{
    dropEngine();
    if (!m_path.isEmpty())
        start(m_dump != nullptr);
}

void Document::dropEngine()
{
    ++m_generation;
    if (m_stop)
        *m_stop = true;
    m_stop.reset();
    m_watch.stop();
    m_flush.stop();
    m_seen.clear();
    m_scanRequest = 0;
    m_searchRequest = 0;
    // Ending a process may take a moment, which the window need not wait for.
    if (m_engine)
        QThreadPool::globalInstance()->start([engine = std::move(m_engine)] {});
    m_engine.reset();
}

void Document::start(bool keepFindings)
{
    m_meter.reset();
    m_progress = {};
    m_stop = std::make_shared<std::atomic<bool>>(false);
    become(State::Opening);
    const std::string path = QFile::encodeName(m_path).toStdString();
    const std::uint64_t generation = m_generation;
    QThreadPool::globalInstance()->start([this, box = m_box, stop = m_stop, starter = m_starter,
                                          path, form = m_form, generation, keepFindings] {
        const auto answer = [&](std::function<void()> work) {
            box.put([this, generation, work = std::move(work)] {
                if (generation == m_generation)
                    work();
            });
        };
        auto engine = starter();
        if (!engine)
            return answer([this, error = engine.error()] { fail(error); });
        auto opened = (*engine)->open(
            path, form,
            [&](const protocol::Event& event) {
                if (const auto* made = std::get_if<protocol::ProgressMade>(&event))
                    answer([this, made = *made] { progressed(made); });
            },
            [stop] { return stop->load(); });
        if (!opened)
            return answer([this, error = opened.error()] { fail(error); });
        answer([this, engine = std::move(*engine), opened = std::move(*opened), keepFindings] {
            openedBy(engine, opened, keepFindings);
        });
    });
}

void Document::openedBy(std::shared_ptr<Engine> engine, protocol::Opened opened, bool keepFindings)
{
    const bool same = keepFindings && m_dump && m_dump->size == opened.dump.size
        && m_dump->format == opened.dump.format;
    if (keepFindings && !same) {
        m_engine = std::move(engine);
        return fail({ErrorCode::Changed,
                     "the file is not the one that was open: its size or format differs",
                     std::nullopt});
    }
    m_engine = std::move(engine);
    m_dump = std::make_shared<const Dump>(std::move(opened.dump));
    m_places = std::make_shared<const PlaceMap>(m_dump);
    m_containers = std::move(opened.containers);
    m_containerSize = opened.containerSize;
    m_sandboxGaps = std::move(opened.sandboxGaps);
    m_kept = std::move(opened.kept);
    serveBytes();
    if (!same) {
        m_findingsModel.reset(m_places);
        m_bookmarks.reset(m_places);
    }
    m_watch.start();
    become(State::Opened);
    emit dumpOpened();
    scan();
}

void Document::serveBytes()
{
    const auto ask = [this](std::uint64_t offset, std::uint32_t size) {
        return this->ask(protocol::Read {offset, size}, [this, offset](const auto& event) {
            if (const auto* bytes = std::get_if<protocol::Bytes>(&event))
                m_bytes.arrive(offset, bytes->bytes);
            else
                m_bytes.fail(offset);
        });
    };
    if (m_bytes.fileSize() == m_dump->size)
        m_bytes.forgetFailures(ask);
    else
        m_bytes.reset(m_dump->size, ask);
}

bool Document::ask(const protocol::Request& request, Answer answer)
{
    if (!m_engine)
        return false;
    m_engine->send(request,
                   [this, box = m_box, generation = m_generation,
                    answer = std::move(answer)](const protocol::Event& event) {
                       box.put([this, generation, answer, event] {
                           if (generation == m_generation)
                               answer(event);
                       });
                   });
    return true;
}

void Document::scan()
{
    if (!m_engine || m_state == State::Scanning)
        return;
    m_meter.reset();
    m_seen.clear();
    become(State::Scanning);
    protocol::LoadRules rules;
    rules.options.packsOff = m_packs.packsWith(PackUse::Off);
    ask(rules, [this](const protocol::Event& event) {
        if (const auto* loaded = std::get_if<protocol::RulesLoaded>(&event))
            m_rules = loaded->rules;
        else if (const auto* failed = std::get_if<protocol::Failed>(&event))
            fail(failed->error);
    });
    m_scanRequest = m_engine->send(
        protocol::Scan {},
        [this, box = m_box, generation = m_generation](const protocol::Event& event) {
            box.put([this, generation, event] {
                if (generation == m_generation)
                    scanEvent(event);
            });
        });
}

void Document::cancel()
{
    if (m_state == State::Scanning && m_engine)
        m_engine->cancel(m_scanRequest);
    else if (m_state == State::Opening)
        close();
}

void Document::scanEvent(const protocol::Event& event)
{
    if (const auto* finding = std::get_if<protocol::FindingSeen>(&event))
        return seen(finding->finding);
    if (const auto* progress = std::get_if<protocol::ProgressMade>(&event))
        return progressed(*progress);
    flushSeen();
    if (const auto* done = std::get_if<protocol::Scanned>(&event))
        return scanned(*done);
    if (const auto* failed = std::get_if<protocol::Failed>(&event)) {
        if (failed->error.code == ErrorCode::Cancelled)
            return become(State::Opened);
        fail(failed->error);
    }
}

void Document::seen(const Finding& finding)
{
    if (m_findings)
        return; // scanned before: the known list stays until the new one is complete
    m_seen.push_back(m_provisional.named(finding));
    if (!m_flush.isActive())
        m_flush.start();
}

void Document::flushSeen()
{
    m_flush.stop();
    const std::vector<FindingPtr> seen = std::exchange(m_seen, {});
    if (!seen.empty())
        m_findingsModel.add(seen);
}

void Document::scanned(const protocol::Scanned& scanned)
{
    const auto list = std::make_shared<const std::vector<Finding>>(scanned.findings);
    std::vector<FindingPtr> rows;
    rows.reserve(list->size());
    for (const Finding& finding : *list)
        rows.push_back(FindingPtr(list, &finding));
    // Ids hold for one set of rules only: with another, decisions are found by their places.
    if (m_findings && m_outcome.rulesDigest != scanned.rulesDigest)
        m_verdicts.load(carriedOver(m_verdicts.triage(), *m_findings, *list));
    m_findings = list;
    m_outcome = {scanned.scannedBytes, scanned.incomplete, scanned.rulesDigest};
    m_verdicts.rename(finalNames(m_provisional.all(), *list));
    m_findingsModel.assign(rows);
    m_provisional.clear();
    applyPacks();
    become(State::Scanned);
}

void Document::applyPacks()
{
    Triage triage = m_verdicts.triage();
    leaveShownPacks(triage, *m_findings, m_rules, m_packs);
    m_verdicts.assume(std::move(triage));
}

void Document::setPacks(PackPolicy packs)
{
    const bool otherRules = packs.packsWith(PackUse::Off) != m_packs.packsWith(PackUse::Off);
    m_packs = std::move(packs);
    if (otherRules && m_engine && m_state != State::Opening)
        scan();
    else if (m_state == State::Scanned)
        applyPacks();
}

void Document::progressed(const protocol::ProgressMade& progress)
{
    m_progress = m_meter.add(progress.stage, progress.done, progress.total, m_clock.elapsed());
    emit progressChanged();
}

void Document::search(const protocol::Search& search)
{
    cancelSearch();
    m_searchMeter.reset();
    m_searchProgress = {};
    if (!m_engine) {
        emit searchFailed({ErrorCode::Sandbox, "no engine is running", std::nullopt});
        return;
    }
    // The number is known only after the request is sent, and its answer may be quicker.
    const auto number = std::make_shared<std::uint64_t>(0);
    m_searchRequest = *number = m_engine->send(
        search,
        [this, box = m_box, generation = m_generation, number](const protocol::Event& event) {
            box.put([this, generation, number, event] {
                if (generation == m_generation && *number == m_searchRequest)
                    searchEvent(event);
            });
        });
}

void Document::cancelSearch()
{
    if (m_engine && searching())
        m_engine->cancel(m_searchRequest);
    m_searchRequest = 0;
}

void Document::searchEvent(const protocol::Event& event)
{
    if (const auto* made = std::get_if<protocol::ProgressMade>(&event)) {
        m_searchProgress
            = m_searchMeter.add(made->stage, made->done, made->total, m_clock.elapsed());
        emit searchProgressed();
        return;
    }
    m_searchRequest = 0;
    if (const auto* place = std::get_if<protocol::SearchHit>(&event))
        emit found(place->range);
    else if (const auto* failed = std::get_if<protocol::Failed>(&event))
        emit searchFailed(failed->error);
}

void Document::fail(const Error& error)
{
    flushSeen();
    dropEngine();
    if (error.code == ErrorCode::Cancelled && !m_dump)
        return close();
    m_failure = error;
    m_state = State::Failed;
    emit stateChanged(m_state);
}

void Document::watchEngine()
{
    if (m_engine && !m_engine->alive())
        fail({ErrorCode::Sandbox, "the engine process ended on its own", std::nullopt});
}

} // namespace coredact
