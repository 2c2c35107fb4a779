# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(io
    SOURCES io/source.cpp
    LINK coredact_base OpenSSL::Crypto LibArchive::LibArchive)
