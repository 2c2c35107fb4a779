# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE
    theme/fonts.cpp theme/icons.cpp theme/looks.cpp theme/pills.cpp theme/stylesheet.cpp
    theme/theme.cpp theme/tokens.cpp
    "${CMAKE_SOURCE_DIR}/resources/coredact.qrc")
