# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(coredact_widgets PRIVATE jobs/filechoice.cpp jobs/messagebar.cpp jobs/searchfield.cpp jobs/statusline.cpp)
