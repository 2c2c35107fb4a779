# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(report
    SOURCES report/csv.cpp report/escaped.cpp report/fingerprint.cpp report/handover.cpp
        report/html.cpp report/json.cpp report/jsonparts.cpp report/map.cpp report/outcome.cpp report/rulelist.cpp
        report/sarif.cpp report/sarifparts.cpp report/text.cpp report/words.cpp
    LINK coredact_base coredact_dump coredact_scan coredact_triage coredact_redact
        coredact_io nlohmann_json::nlohmann_json)
