# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(triage
    SOURCES
        triage/session.cpp
        triage/statement.cpp
        triage/storedverdict.cpp
        triage/triage.cpp
        triage/verdictfile.cpp
    LINK coredact_base SQLite::SQLite3 nlohmann_json::nlohmann_json)
