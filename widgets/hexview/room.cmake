# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    hexview/bytelayout.cpp hexview/findingmarks.cpp hexview/hexaccess.cpp hexview/hexcells.cpp hexview/hexcursor.cpp
    hexview/hexgeometry.cpp hexview/hexinput.cpp hexview/hexmarks.cpp hexview/hexoverview.cpp
    hexview/hexpainter.cpp hexview/hextext.cpp hexview/hexview.cpp hexview/intervalindex.cpp
    hexview/layoutbuilder.cpp hexview/scrollmap.cpp hexview/secretclipboard.cpp)
