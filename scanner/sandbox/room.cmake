# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(sandbox
    SOURCES sandbox/enter.cpp sandbox/enginefilter.cpp sandbox/filter.cpp sandbox/landlock.cpp
            sandbox/network.cpp sandbox/nocore.cpp sandbox/selftest.cpp
            sandbox/standardfiles.cpp
    LINK coredact_base PkgConfig::SECCOMP)
