# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE compare/compareview.cpp)
