# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(scan
    SOURCES
        scan/base64view.cpp
        scan/bytemasks.cpp
        scan/bytemasksavx2.cpp
        scan/bytemasksavx512.cpp
        scan/cast5keys.cpp
        scan/collector.cpp
        scan/decompress.cpp
        scan/escapes.cpp
        scan/escapeview.cpp
        scan/generators.cpp
        scan/hexview.cpp
        scan/joins.cpp
        scan/pass.cpp
        scan/keypieces.cpp
        scan/listview.cpp
        scan/passes.cpp
        scan/places.cpp
        scan/probekernel.cpp
        scan/propagate.cpp
        scan/propagateencodings.cpp
        scan/propagateescapes.cpp
        scan/commonparts.cpp scan/propagateforms.cpp
        scan/propagateindex.cpp
        scan/propagatematch.cpp
        scan/propagatepublic.cpp
        scan/scan.cpp
        scan/streamfinder.cpp
        scan/streammagic.cpp
        scan/streamreader.cpp
        scan/streams.cpp
        scan/streamwalk.cpp
        scan/textfeed.cpp
        scan/tokensecrets.cpp
        scan/unpackedfeed.cpp
        scan/vaguewindows.cpp
        scan/viewbuffer.cpp
        scan/views.cpp
        scan/walks.cpp
        scan/wideview.cpp
        scan/windows.cpp
        scan/wordkernel.cpp
        scan/worker.cpp
    LINK coredact_rules coredact_dump coredact_io coredact_base ZLIB::ZLIB BZip2::BZip2
        LibLZMA::LibLZMA PkgConfig::ZSTD PkgConfig::LZ4)
