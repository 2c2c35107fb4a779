# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(formats
    SOURCES ${format_sources} formats/dumpbuilder.cpp formats/format.cpp formats/privatevalues.cpp
        formats/registers.cpp
        formats/utf16.cpp
        formats/elfbsd.cpp formats/elfheader.cpp formats/elfimage.cpp formats/elflinkmap.cpp formats/elfmachine.cpp
        formats/elfmodules.cpp
        formats/elfnotes.cpp formats/elfprocess.cpp formats/elfregions.cpp
        formats/elfsegments.cpp formats/elfstack.cpp formats/elfthreads.cpp
        formats/minidumpcontext.cpp formats/minidumpcrashpad.cpp formats/minidumplinux.cpp
        formats/minidumpmemory.cpp formats/minidumpmodules.cpp formats/minidumpparameters.cpp
        formats/minidumpregions.cpp
        formats/minidumpsystem.cpp formats/minidumptable.cpp formats/minidumpthreads.cpp
    LINK coredact_dump)
