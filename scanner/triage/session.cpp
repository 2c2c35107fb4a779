// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/session.h"

#include "scanner/base/descriptor.h"
#include "scanner/triage/statement.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>

namespace coredact {

struct Session::Database {
    sqlite3* handle = nullptr;
    DumpKey dump;

    Database() = default;
    ~Database() { sqlite3_close(handle); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Status run(std::string_view sql) { return Statement(handle, sql).run(); }
};

namespace {

constexpr std::int64_t applicationId = 0x43445253; // "CDRS"
constexpr std::int64_t schemaVersion = 1;
constexpr off_t largestFile = off_t(256) << 20;
constexpr int longestText = 1 << 20;
constexpr std::size_t mostRows = 2000000;

constexpr std::string_view schema[] = {
    "CREATE TABLE dump (sha256 TEXT NOT NULL, size INTEGER NOT NULL)",
    "CREATE TABLE verdict (rule TEXT NOT NULL, first INTEGER NOT NULL, length INTEGER NOT NULL, "
    "finding TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL, "
    "PRIMARY KEY (rule, first, length))",
    "CREATE TABLE bookmark (first INTEGER NOT NULL, length INTEGER NOT NULL, "
    "label TEXT NOT NULL, PRIMARY KEY (first, length))",
    "CREATE TABLE position (id INTEGER PRIMARY KEY CHECK (id = 1), first INTEGER NOT NULL)",
};

Error malformed(std::string what)
{
    return {ErrorCode::Malformed, "the session file " + std::move(what), std::nullopt};
}

/// Makes an empty file of mode 0600; false where there is one already.
Result<bool> makeFile(const std::string& path)
{
    const Descriptor file(
        open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file)
        return true;
    if (errno == EEXIST)
        return false;
    return systemError("cannot make the session file " + path, errno);
}

/// Settings for a file that somebody else may have written.
void distrust(sqlite3* handle)
{
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longestText);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 100000);
    sqlite3_busy_timeout(handle, 2000);
}

Result<std::int64_t> pragma(sqlite3* handle, std::string_view sql)
{
    Statement statement(handle, sql);
    if (!statement.next())
        return statement.failed() ? statement.error() : malformed("gives no answer");
    return statement.number(0).value_or(-1);
}

/// Whether the tables are exactly ours.
Status checkSchema(sqlite3* handle)
{
    const auto id = pragma(handle, "PRAGMA application_id");
    if (!id)
        return id.error();
    const auto version = pragma(handle, "PRAGMA user_version");
    if (!version)
        return version.error();
    if (*id != applicationId)
        return malformed("is no session of Coredact");
    if (*version != schemaVersion)
        return Error {ErrorCode::Unsupported,
                      "the session file is of version " + std::to_string(*version)
                          + "; this program reads version 1",
                      std::nullopt};
    Statement tables(handle, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
    std::size_t count = 0;
    while (tables.next()) {
        if (count >= std::size(schema) || tables.text(0) != std::string(schema[count]))
            return malformed("has tables that are not a session's");
        ++count;
    }
    if (tables.failed())
        return tables.error();
    if (count != std::size(schema))
        return malformed("lacks tables of a session");
    Statement check(handle, "PRAGMA quick_check(1)");
    if (!check.next() || check.text(0) != "ok")
        return malformed("is damaged");
    return {};
}

Result<DumpKey> boundTo(sqlite3* handle)
{
    Statement row(handle, "SELECT sha256, size FROM dump");
    if (!row.next())
        return row.failed() ? row.error() : malformed("names no dump");
    const auto digest = row.text(0);
    const auto size = row.number(1);
    const bool valid = digest && digest->size() == 64 && size && *size >= 0
        && digest->find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!valid || row.next())
        return malformed("does not name one dump");
    return DumpKey {*digest, static_cast<std::uint64_t>(*size)};
}

std::optional<FileRange> rangeFrom(const Statement& row, int column)
{
    const auto first = row.number(column);
    const auto length = row.number(column + 1);
    if (!first || !length || *first < 0 || *length <= 0)
        return std::nullopt;
    return FileRange::make(static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*length));
}

std::int64_t signedOf(std::uint64_t number) { return static_cast<std::int64_t>(number); }

Status rollBack(sqlite3* handle, Status status)
{
    (void)Statement(handle, "ROLLBACK").run();
    return status;
}

} // namespace

Session::Session(std::unique_ptr<Database> database)
    : m_database(std::move(database))
{
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const DumpKey& Session::dump() const { return m_database->dump; }

Result<Session> Session::openExisting(const std::string& path)
{
    struct stat status = {};
    if (lstat(path.c_str(), &status) != 0)
        return systemError("cannot open the session file " + path, errno);
    if (!S_ISREG(status.st_mode))
        return malformed("is not a regular file");
    if (status.st_size > largestFile)
        return Error {ErrorCode::TooLarge, "the session file is larger than 256 MiB", std::nullopt};
    auto database = std::make_unique<Database>();
    const int code = sqlite3_open_v2(path.c_str(), &database->handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, nullptr);
    if (code != SQLITE_OK)
        return Error {ErrorCode::System,
                      "cannot open the session file " + path + ": " + sqlite3_errstr(code),
                      std::nullopt};
    distrust(database->handle);
    for (const std::string_view setting :
         {"PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0", "PRAGMA temp_store = MEMORY",
          "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"})
        if (const Status set = database->run(setting); !set)
            return set.error();
    if (const Status checked = checkSchema(database->handle); !checked)
        return checked.error();
    auto dump = boundTo(database->handle);
    if (!dump)
        return dump.error();
    database->dump = std::move(*dump);
    return Session(std::move(database));
}

namespace {

Status makeTables(const std::string& path, const DumpKey& dump)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closer(handle, sqlite3_close);
    if (code != SQLITE_OK)
        return Error {ErrorCode::System,
                      "cannot make the session file " + path + ": " + sqlite3_errstr(code),
                      std::nullopt};
    std::vector<std::string> steps {"BEGIN",
                                    "PRAGMA application_id = " + std::to_string(applicationId),
                                    "PRAGMA user_version = " + std::to_string(schemaVersion)};
    steps.insert(steps.end(), std::begin(schema), std::end(schema));
    for (const std::string& sql : steps)
        if (const Status status = Statement(handle, sql).run(); !status)
            return status;
    Statement row(handle, "INSERT INTO dump VALUES (?, ?)");
    if (const Status status = row.bind(dump.sha256).bind(signedOf(dump.size)).run(); !status)
        return status;
    return Statement(handle, "COMMIT").run();
}

} // namespace

Result<Session> Session::open(const std::string& path, const DumpKey& dump)
{
    const auto isNew = makeFile(path);
    if (!isNew)
        return isNew.error();
    if (*isNew) {
        if (const Status made = makeTables(path, dump); !made) {
            unlink(path.c_str());
            return made.error();
        }
    }
    auto session = openExisting(path);
    if (session && session->dump() != dump)
        return Error {ErrorCode::Refused, "the session file belongs to another dump", std::nullopt};
    return session;
}

Result<std::vector<StoredVerdict>> Session::verdicts() const
{
    Statement row(m_database->handle,
                  "SELECT rule, first, length, finding, verdict, reason, note FROM verdict "
                  "ORDER BY rowid");
    std::vector<StoredVerdict> stored;
    while (row.next()) {
        const auto rule = row.text(0);
        const auto place = rangeFrom(row, 1);
        const auto finding = row.text(3);
        const auto verdict = verdictFrom(row.text(4).value_or("?"));
        const auto reason = reasonFrom(row.text(5).value_or("?"));
        const auto note = row.text(6);
        if (!rule || !place || !finding || !verdict || !reason || !note)
            return malformed("holds a decision that is none");
        if (stored.size() == mostRows)
            return malformed("holds more than two million decisions");
        stored.push_back({*finding, *rule, place, {*verdict, *reason, *note}});
    }
    if (row.failed())
        return row.error();
    return stored;
}

Status Session::record(const Finding& finding, const Decision& decision)
{
    const std::pair<const Finding*, Decision> one(&finding, decision);
    return record({&one, 1});
}

Status Session::record(std::span<const std::pair<const Finding*, Decision>> decisions)
{
    sqlite3* handle = m_database->handle;
    if (const Status begun = Statement(handle, "BEGIN IMMEDIATE").run(); !begun)
        return begun;
    for (const auto& [finding, decision] : decisions) {
        const StoredVerdict stored = storedVerdict(*finding, decision);
        if (!stored.place)
            return rollBack(handle, malformed("cannot keep a finding without a place"));
        Statement row(handle, "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?)");
        row.bind(stored.rule)
            .bind(signedOf(stored.place->first()))
            .bind(signedOf(stored.place->size()))
            .bind(stored.finding)
            .bind(toText(decision.verdict))
            .bind(toText(decision.reason))
            .bind(decision.note);
        if (const Status status = row.run(); !status)
            return rollBack(handle, status);
    }
    if (const Status done = Statement(handle, "COMMIT").run(); !done)
        return rollBack(handle, done);
    return {};
}

Result<std::vector<Bookmark>> Session::bookmarks() const
{
    Statement row(m_database->handle,
                  "SELECT first, length, label FROM bookmark ORDER BY first, length");
    std::vector<Bookmark> stored;
    while (row.next()) {
        const auto place = rangeFrom(row, 0);
        const auto label = row.text(2);
        if (!place || !label || stored.size() == mostRows)
            return malformed("holds a bookmark that is none");
        stored.push_back({*place, *label});
    }
    if (row.failed())
        return row.error();
    return stored;
}

Status Session::addBookmark(const Bookmark& bookmark)
{
    Statement row(m_database->handle, "INSERT OR REPLACE INTO bookmark VALUES (?, ?, ?)");
    return row.bind(signedOf(bookmark.place.first()))
        .bind(signedOf(bookmark.place.size()))
        .bind(bookmark.label)
        .run();
}

Status Session::removeBookmark(const FileRange& place)
{
    Statement row(m_database->handle, "DELETE FROM bookmark WHERE first = ? AND length = ?");
    return row.bind(signedOf(place.first())).bind(signedOf(place.size())).run();
}

Result<std::optional<std::uint64_t>> Session::lastPosition() const
{
    Statement row(m_database->handle, "SELECT first FROM position");
    if (!row.next()) {
        if (row.failed())
            return row.error();
        return std::optional<std::uint64_t>();
    }
    const auto first = row.number(0);
    if (!first || *first < 0)
        return malformed("holds a position that is none");
    return std::optional(static_cast<std::uint64_t>(*first));
}

Status Session::setLastPosition(std::uint64_t offset)
{
    Statement row(m_database->handle, "INSERT OR REPLACE INTO position VALUES (1, ?)");
    return row.bind(signedOf(offset)).run();
}

Status Session::saveAs(const std::string& path) const
{
    const auto isNew = makeFile(path);
    if (!isNew)
        return isNew.error();
    if (!*isNew)
        return Error {ErrorCode::Refused, "there is a file " + path + " already", std::nullopt};
    sqlite3* target = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_backup* backup = sqlite3_backup_init(target, "main", m_database->handle, "main");
        code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(target);
        if (backup)
            sqlite3_backup_finish(backup);
    }
    sqlite3_close(target);
    if (code == SQLITE_DONE)
        return {};
    unlink(path.c_str());
    return Error {ErrorCode::System,
                  "cannot write the session file " + path + ": " + sqlite3_errstr(code),
                  std::nullopt};
}

std::string defaultSessionFolder()
{
    const char* folder = std::getenv("XDG_DATA_HOME");
    if (folder && folder[0] == '/')
        return std::string(folder) + "/coredact/sessions";
    const char* home = std::getenv("HOME");
    return home && home[0] == '/' ? std::string(home) + "/.local/share/coredact/sessions"
                                  : std::string();
}

std::string sessionFileName(const DumpKey& dump) { return dump.sha256 + ".coredact-session"; }

} // namespace coredact
