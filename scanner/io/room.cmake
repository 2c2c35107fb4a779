coredact_room(io
    SOURCES io/source.cpp
    LINK coredact_base OpenSSL::Crypto LibArchive::LibArchive)
