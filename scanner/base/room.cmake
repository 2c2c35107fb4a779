# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(base
    SOURCES base/bytereader.cpp base/characters.cpp base/result.cpp base/securebuffer.cpp base/vectors.cpp
    LINK Threads::Threads)
