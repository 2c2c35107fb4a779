# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(client
    SOURCES client/cbor.cpp client/channel.cpp client/client.cpp client/copyname.cpp
            client/engineprocess.cpp client/exporthistory.cpp client/files.cpp client/findengine.cpp client/handover.cpp client/openin.cpp
            client/packs.cpp
            client/protocolevents.cpp client/rulecache.cpp client/protocolrequests.cpp client/publication.cpp
            client/room.cpp client/sound.cpp client/values.cpp
    LINK coredact_redact coredact_rules coredact_triage coredact_io coredact_base)
