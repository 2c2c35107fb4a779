# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    export/checklist.cpp export/classtable.cpp export/exportdialog.cpp export/modechoice.cpp
    export/outcomepage.cpp export/planpage.cpp export/signingchoice.cpp export/workpage.cpp)
