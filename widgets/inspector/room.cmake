# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    inspector/buttonrow.cpp inspector/datapanel.cpp inspector/inspector.cpp inspector/inspectorlayout.cpp
    inspector/keybutton.cpp inspector/severityicon.cpp)
