# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    findings/facetbar.cpp findings/findingdelegate.cpp findings/findingspanel.cpp
    findings/flowlayout.cpp)
