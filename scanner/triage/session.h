// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/triage/storedverdict.h"

#include <memory>

namespace coredact {

/// What a session is bound to.
struct DumpKey {
    std::string sha256; ///< 64 lower-case hex digits, of the file as it lies there
    std::uint64_t size = 0;

    bool operator==(const DumpKey&) const = default;
};

struct Bookmark {
    FileRange place;
    std::string label; ///< the analyst's own words

    bool operator==(const Bookmark&) const = default;
};

/// Decisions, bookmarks and the last position over one dump, in a SQLite file of mode 0600. Every
/// change is on the disk when its function returns. The file never holds a byte of a dump. It is
/// read as untrusted input: schema, version, sizes, types and values are checked, and what is in
/// it is never run (no triggers, views or functions of the file's own).
/// Movable; one thread at a time. Opens files: for front ends.
class Session {
public:
    static constexpr std::string_view signature {"SQLite format 3\0", 16};

    /// Opens the session at `path`, or makes one where there is no file. Refuses one of another
    /// dump.
    static Result<Session> open(const std::string& path, const DumpKey& dump);
    static Result<Session> openExisting(const std::string& path);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;

    const DumpKey& dump() const;
    /// In the order in which they were made.
    Result<std::vector<StoredVerdict>> verdicts() const;
    /// Stores the decision in place of the finding's earlier one.
    Status record(const Finding& finding, const Decision& decision);
    /// All of them, or none.
    Status record(std::span<const std::pair<const Finding*, Decision>> decisions);

    Result<std::vector<Bookmark>> bookmarks() const; ///< by place
    Status addBookmark(const Bookmark& bookmark);
    Status removeBookmark(const FileRange& place);

    Result<std::optional<std::uint64_t>> lastPosition() const; ///< offset in the file
    Status setLastPosition(std::uint64_t offset);

    /// A copy for somebody else; refuses to replace a file.
    Status saveAs(const std::string& path) const;

private:
    struct Database;
    explicit Session(std::unique_ptr<Database> database);

    std::unique_ptr<Database> m_database;
};

/// $XDG_DATA_HOME/coredact/sessions or ~/.local/share/coredact/sessions; "" where neither
/// variable is set. Not made here.
std::string defaultSessionFolder();
/// "<sha256>.coredact-session".
std::string sessionFileName(const DumpKey& dump);

} // namespace coredact
