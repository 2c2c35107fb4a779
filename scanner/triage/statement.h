// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace coredact {

/// One prepared SQL statement. Parameters are bound in their order; a failure of any step is
/// told by `run` or `failed`, with SQLite's own words.
class Statement {
public:
    Statement(sqlite3* database, std::string_view sql);
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(std::string_view text);
    Statement& bind(std::int64_t number);

    /// Steps to the next row; false at the end and at a failure.
    bool next();
    /// Runs a statement that gives no rows.
    Status run();
    bool failed() const
    {
        return m_code != SQLITE_OK && m_code != SQLITE_ROW && m_code != SQLITE_DONE;
    }
    Error error() const;

    /// Columns, as the row holds them; nothing when the type is another one.
    std::optional<std::string> text(int column) const;
    std::optional<std::int64_t> number(int column) const;

private:
    sqlite3* m_database;
    sqlite3_stmt* m_statement = nullptr;
    int m_code = SQLITE_OK;
    int m_bound = 0;
};

} // namespace coredact
