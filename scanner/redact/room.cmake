# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(redact
    SOURCES
        redact/export.cpp
        redact/plan.cpp
        redact/token.cpp
    LINK coredact_triage coredact_scan coredact_formats coredact_dump coredact_io coredact_base
        OpenSSL::Crypto nlohmann_json::nlohmann_json)
