# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(redact
    SOURCES
        redact/certificate.cpp
        redact/certificatecheck.cpp
        redact/classes.cpp
        redact/commitment.cpp
        redact/differences.cpp
        redact/envelope.cpp
        redact/export.cpp
        redact/gaps.cpp
        redact/keeplist.cpp
        redact/keeplistminidump.cpp
        redact/minidumplists.cpp
        redact/mallocchunks.cpp
        redact/minimise.cpp
        redact/minimiseelf.cpp
        redact/minimiseminidump.cpp
        redact/needles.cpp
        redact/plan.cpp
        redact/planfiller.cpp
        redact/roundup.cpp
        redact/signingkey.cpp
        redact/sshwire.cpp
        redact/telling.cpp
        redact/token.cpp
        redact/unpackedsearch.cpp
        redact/unpacking.cpp
        redact/verify.cpp
        redact/verifybytes.cpp
        redact/verifyclasses.cpp
        redact/verifyholes.cpp
        redact/verifystreams.cpp
        redact/verifystructure.cpp
        redact/verifyvalues.cpp
        redact/writings.cpp
    LINK coredact_triage coredact_scan coredact_formats coredact_dump coredact_io coredact_base
        OpenSSL::Crypto nlohmann_json::nlohmann_json)
