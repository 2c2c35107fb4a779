// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/statement.h"

namespace coredact {

Statement::Statement(sqlite3* database, std::string_view sql)
    : m_database(database)
    , m_code(sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &m_statement,
                                nullptr))
{
}

Statement& Statement::bind(std::string_view text)
{
    if (!failed())
        m_code = sqlite3_bind_text64(m_statement, ++m_bound, text.data() ? text.data() : "",
                                     text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind(std::int64_t number)
{
    if (!failed())
        m_code = sqlite3_bind_int64(m_statement, ++m_bound, number);
    return *this;
}

bool Statement::next()
{
    if (failed())
        return false;
    m_code = sqlite3_step(m_statement);
    return m_code == SQLITE_ROW;
}

Status Statement::run()
{
    while (next()) { }
    return failed() ? Status(error()) : Status();
}

Error Statement::error() const
{
    return {ErrorCode::System, std::string("the session file: ") + sqlite3_errmsg(m_database),
            std::nullopt};
}

std::optional<std::string> Statement::text(int column) const
{
    if (sqlite3_column_type(m_statement, column) != SQLITE_TEXT)
        return std::nullopt;
    const auto* bytes = sqlite3_column_text(m_statement, column);
    return std::string(reinterpret_cast<const char*>(bytes),
                       static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}

std::optional<std::int64_t> Statement::number(int column) const
{
    if (sqlite3_column_type(m_statement, column) != SQLITE_INTEGER)
        return std::nullopt;
    return sqlite3_column_int64(m_statement, column);
}

} // namespace coredact
