# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(io
    SOURCES io/archive.cpp io/backgrounddigest.cpp io/rangesums.cpp io/containers.cpp
        io/contenttype.cpp io/dataruns.cpp io/digest.cpp io/outputfile.cpp io/packedforms.cpp
        io/source.cpp io/sparsewriter.cpp
    LINK coredact_base OpenSSL::Crypto LibArchive::LibArchive PkgConfig::MAGIC)
