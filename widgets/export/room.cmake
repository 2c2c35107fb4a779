# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    export/exportdialog.cpp export/outcomepage.cpp export/planpage.cpp
    export/workpage.cpp)
