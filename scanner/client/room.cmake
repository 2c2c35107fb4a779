# SPDX-License-Identifier: GPL-3.0-or-later
coredact_room(client
    SOURCES client/cbor.cpp client/channel.cpp client/client.cpp client/engineprocess.cpp
            client/files.cpp client/findengine.cpp client/protocolevents.cpp
            client/protocolrequests.cpp client/sound.cpp
    LINK coredact_base coredact_io)
