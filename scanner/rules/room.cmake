# SPDX-License-Identifier: GPL-3.0-or-later
# Detectors in code: each one's own file comes from rules.def, what they share stands here.
set(detector_shared
    rules/detectors.cpp)
# Text rules and their loader.
set(textrule_sources)

coredact_room(rules
    SOURCES ${detector_sources} ${detector_shared} ${textrule_sources}
    LINK coredact_dump coredact_io coredact_base OpenSSL::Crypto)
