# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(formats
    SOURCES ${format_sources} formats/dumpbuilder.cpp formats/format.cpp
    LINK coredact_dump)
