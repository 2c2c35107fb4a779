// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/client.h"
#include "scanner/client/room.h"
#include "scanner/io/contenttype.h"

namespace coredact {

Result<protocol::Opened> openIn(Client& client, const OpenedFile& file,
                                const Client::Handler& progress, const std::function<bool()>& stop,
                                Form form)
{
    const auto room = makeRoom();
    if (!room)
        return room.error();
    const auto database = openMagicDatabase(); // not having it costs the content type only
    std::vector<int> descriptors = {file.descriptor.number(), room->file.number()};
    if (database)
        descriptors.push_back(database->number());
    auto event = client.call(protocol::Open {room->byteBudget, form == Form::Minimised},
                             descriptors, progress, stop);
    if (!event)
        return event.error();
    return std::get<protocol::Opened>(std::move(*event));
}

Result<protocol::Compared> compareIn(Client& client, const std::string& path,
                                     const Client::Handler& progress,
                                     const std::function<bool()>& stop)
{
    const auto file = openDump(path);
    if (!file)
        return file.error();
    const auto room = makeRoom();
    if (!room)
        return room.error();
    const int descriptors[] = {file->descriptor.number(), room->file.number()};
    auto event = client.call(protocol::Compare {room->byteBudget}, descriptors, progress, stop);
    if (!event)
        return event.error();
    return std::get<protocol::Compared>(std::move(*event));
}

} // namespace coredact
