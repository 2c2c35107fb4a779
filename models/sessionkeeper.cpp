// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sessionkeeper.h"

#include "models/texts.h"
#include "scanner/io/digest.h"
#include "scanner/triage/verdictfile.h"

#include <QDir>
#include <QFile>
#include <QThreadPool>

#include <chrono>

namespace coredact {

namespace {

std::string nativePath(const QString& path) { return QFile::encodeName(path).toStdString(); }

Result<DumpKey> keyOf(const std::string& path, const JobControl& control)
{
    auto file = openDump(path);
    if (!file)
        return file.error();
    const auto source = Source::fromDescriptor(std::move(file->descriptor));
    if (!source)
        return source.error();
    auto digest = sha256(*source, control);
    if (!digest)
        return digest.error();
    return DumpKey {std::move(*digest), source->size()};
}

} // namespace

SessionKeeper::SessionKeeper(Document& document, QString folder, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_folder(std::move(folder))
    , m_box(this)
{
    m_placeTimer.setSingleShot(true);
    m_placeTimer.setInterval(std::chrono::seconds(1));
    connect(&m_placeTimer, &QTimer::timeout, this, &SessionKeeper::writePlace);
    connect(&document, &Document::dumpOpened, this, &SessionKeeper::dumpOpened);
    connect(&document, &Document::stateChanged, this, [this](Document::State state) {
        if (state == Document::State::Empty)
            stop();
        if (state == Document::State::Scanned)
            adoptEarlier();
    });
    connect(&document.verdicts(), &Verdicts::changed, this, &SessionKeeper::record);
    connect(&document.bookmarks(), &Bookmarks::changed, this, &SessionKeeper::recordBookmark);
}

SessionKeeper::~SessionKeeper()
{
    m_box.close();
    stop();
}

void SessionKeeper::stop()
{
    if (m_placeTimer.isActive())
        writePlace();
    if (m_hashing)
        m_hashing->cancel();
    m_hashing.reset();
    m_path.clear();
    m_key.reset();
    m_session.reset();
    m_adopted = false;
    m_complained = false;
}

void SessionKeeper::dumpOpened()
{
    if (m_path == m_document.path() || m_folder.isEmpty())
        return; // the same dump in a new engine
    stop();
    m_path = m_document.path();
    m_hashing = std::make_shared<JobControl>();
    QThreadPool::globalInstance()->start(
        [this, box = m_box, hashing = m_hashing, path = nativePath(m_path)] {
            auto key = keyOf(path, *hashing);
            box.put([this, hashing, key = std::move(key)] {
                if (hashing == m_hashing)
                    keyKnown(key);
            });
        });
}

void SessionKeeper::keyKnown(Result<DumpKey> key)
{
    m_hashing.reset();
    if (!key)
        return complain(key.error());
    m_key = std::move(*key);
    openSession();
    adoptEarlier();
}

void SessionKeeper::openSession()
{
    if (!QDir().mkpath(m_folder))
        return complain({ErrorCode::System, "cannot make the folder for sessions", std::nullopt});
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const QString name = Texts::fromUtf8(sessionFileName(*m_key));
    auto session = Session::open(nativePath(QDir(m_folder).filePath(name)), *m_key);
    if (!session)
        return complain(session.error());
    m_session = std::move(*session);
    adoptBookmarks();
    if (const auto place = m_session->lastPosition(); place && *place && **place != 0)
        emit placeRestored(**place);
}

void SessionKeeper::adoptBookmarks()
{
    const auto stored = m_session->bookmarks();
    if (!stored)
        return complain(stored.error());
    std::vector<Bookmark> inside;
    for (const Bookmark& bookmark : *stored) {
        if (bookmark.place.last() < m_document.dump()->size)
            inside.push_back(bookmark);
    }
    for (const Bookmark& bookmark : m_document.bookmarks().all())
        recordBookmark(std::nullopt, bookmark);
    m_document.bookmarks().restore(inside);
}

void SessionKeeper::recordBookmark(const std::optional<Bookmark>& before,
                                   const std::optional<Bookmark>& after)
{
    if (!m_session)
        return; // written when the session is there
    Status written;
    if (before)
        written = m_session->removeBookmark(before->place);
    if (written && after)
        written = m_session->addBookmark(*after);
    if (!written)
        complain(written.error());
}

void SessionKeeper::adoptEarlier()
{
    if (!m_session || m_document.state() != Document::State::Scanned)
        return;
    const auto stored = m_session->verdicts();
    if (!stored)
        return complain(stored.error());
    const AdoptedVerdicts adopted = adopt(*stored, *m_document.findings());
    const bool first = !m_adopted;
    m_adopted = true;
    m_document.verdicts().restore(adopted.triage);
    recordAll();
    if (first && !stored->empty())
        emit restored(static_cast<int>(adopted.triage.decisions.size()),
                      static_cast<int>(adopted.unmatched.size()));
}

void SessionKeeper::record(const QStringList& ids)
{
    if (!saved())
        return; // written when the session is there
    std::vector<std::pair<const Finding*, Decision>> decisions;
    for (const QString& id : ids) {
        const int row = m_document.findingsModel().rowOf(id);
        if (row < 0)
            continue;
        const Finding& finding = *m_document.findingsModel().findingAt(row);
        decisions.emplace_back(&finding, m_document.verdicts().decisionFor(finding.id));
    }
    if (const Status written = m_session->record(decisions); !written)
        complain(written.error());
}

void SessionKeeper::recordAll()
{
    QStringList ids;
    for (const auto& [id, decision] : m_document.verdicts().triage().decisions)
        ids << Texts::fromUtf8(id);
    if (!ids.isEmpty())
        record(ids);
}

void SessionKeeper::remember(std::uint64_t fileOffset)
{
    m_place = fileOffset;
    if (m_session)
        m_placeTimer.start();
}

void SessionKeeper::writePlace()
{
    m_placeTimer.stop();
    if (m_session) {
        if (const Status written = m_session->setLastPosition(m_place); !written)
            complain(written.error());
    }
}

Status SessionKeeper::saveAs(const QString& path)
{
    if (!saved())
        return Error {ErrorCode::Usage, "the session is not ready yet", std::nullopt};
    return m_session->saveAs(nativePath(path));
}

Result<int> SessionKeeper::take(const QString& path)
{
    if (m_document.state() != Document::State::Scanned)
        return Error {ErrorCode::Usage, "the scan is not complete", std::nullopt};
    const auto stored = readVerdicts(nativePath(path), m_document.dump()->size);
    if (!stored)
        return stored.error();
    const AdoptedVerdicts adopted = adopt(*stored, *m_document.findings());
    m_document.verdicts().replace(adopted.triage);
    return static_cast<int>(adopted.triage.decisions.size());
}

void SessionKeeper::complain(const Error& error)
{
    if (error.code == ErrorCode::Cancelled || std::exchange(m_complained, true))
        return;
    emit failed(error);
}

} // namespace coredact
