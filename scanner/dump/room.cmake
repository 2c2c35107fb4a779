# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(dump
    SOURCES dump/addressspace.cpp dump/coverage.cpp dump/dump.cpp dump/lanes.cpp dump/savedbytes.cpp
        dump/seams.cpp
    LINK coredact_io)
