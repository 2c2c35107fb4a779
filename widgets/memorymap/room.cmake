# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    memorymap/mapcolumns.cpp memorymap/mapinput.cpp memorymap/mapscale.cpp memorymap/mapstrip.cpp
    memorymap/regionbar.cpp memorymap/regionmodel.cpp memorymap/regiontable.cpp)
