// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/openeddump.h"

#include "scanner/formats/format.h"
#include "scanner/io/containers.h"
#include "scanner/io/contenttype.h"
#include "scanner/io/packedforms.h"

#include <cerrno>

#include <sys/mman.h>

namespace coredact::engine {
namespace {

constexpr std::uint64_t contentTypeBytes = 1U << 20;

/// The plain bytes of a file, and what there is to say of the container.
struct Unpacked {
    Source plain;
    std::vector<std::string> containers;
    std::optional<Diagnostic> diagnostic;
};

bool endsTheJob(ErrorCode code)
{
    return code == ErrorCode::TooLarge || code == ErrorCode::Cancelled || code == ErrorCode::System
        || code == ErrorCode::Changed;
}

/// Takes `room` only for a container.
Result<Unpacked> unpack(const Source& file, Descriptor& room, std::uint64_t byteBudget,
                        const JobControl& control)
{
    if (!detectContainer(file))
        return Unpacked {file, {}, std::nullopt};
    auto unpacked = decompress(file, room.number(), byteBudget, control);
    if (!unpacked && endsTheJob(unpacked.error().code))
        return unpacked.error();
    if (!unpacked)
        return Unpacked {
            file,
            {},
            Diagnostic {unpacked.error().offset.value_or(0),
                        "the compressed file cannot be read: " + unpacked.error().message, true}};
    auto plain = Source::fromDescriptor(std::move(room));
    if (!plain)
        return plain.error();
    std::optional<Diagnostic> damage;
    if (unpacked->damage)
        damage = Diagnostic {plain->size(),
                             "the compressed file is damaged, and what follows is missing: "
                                 + unpacked->damage->message,
                             true};
    return Unpacked {std::move(*plain), std::move(unpacked->containers), std::move(damage)};
}

Result<OpenedDump> minimised(OpenedDump whole, Descriptor room, const JobControl& control)
{
    Descriptor target = whole.containers.empty() && room
        ? std::move(room)
        : Descriptor(memfd_create("minimised", MFD_CLOEXEC));
    if (!target)
        return systemError("cannot make a file for the minimised dump", errno);
    if (ftruncate(target.number(), 0) != 0) // a container that could not be unpacked left a part
        return systemError("cannot empty the file for the minimised dump", errno);
    auto kept = minimise(whole.plain, whole.dump, target.number(), control);
    if (!kept)
        return kept.error();
    auto plain = Source::fromDescriptor(std::move(target));
    if (!plain)
        return plain.error();
    auto dump = readDump(*plain, control);
    if (!dump)
        return dump.error();
    dump->diagnostics = std::move(whole.dump.diagnostics);
    whole.plain = std::move(*plain);
    whole.dump = std::move(*dump);
    whole.kept = std::move(*kept);
    return whole;
}

} // namespace

Result<OpenedDump> takeDump(Descriptor file, Descriptor room, std::uint64_t byteBudget, Form form,
                            const JobControl& control)
{
    auto source = Source::fromDescriptor(std::move(file));
    if (!source)
        return source.error();
    auto unpacked = unpack(*source, room, byteBudget, control);
    if (!unpacked)
        return unpacked.error();
    auto dump = readDump(unpacked->plain, control);
    if (!dump)
        return dump.error();
    if (unpacked->diagnostic)
        dump->diagnostics.push_back(std::move(*unpacked->diagnostic));
    OpenedDump opened {std::move(*source),
                       std::move(unpacked->plain),
                       std::move(unpacked->containers),
                       std::move(*dump),
                       {}};
    if (form == Form::Whole)
        return opened;
    return minimised(std::move(opened), std::move(room), control);
}

Status mayBeCopied(const OpenedDump& dump)
{
    const std::string cannot = "no redacted copy can be made of ";
    const std::string since = ": secrets inside it would stay in the copy. ";
    if (detectContainer(dump.plain))
        return Error {ErrorCode::Unsupported,
                      cannot + "a compressed file that cannot be read" + since
                          + "Mend or unpack it, and open what comes out.",
                      std::nullopt};
    if (const auto form = dump.dump.format == "raw" ? packedForm(dump.plain) : std::nullopt)
        return Error {ErrorCode::Unsupported,
                      cannot + std::string(form->name) + since + std::string(form->advice),
                      std::nullopt};
    return {};
}

std::string contentTypeOf(const Source& plain, const Descriptor& database)
{
    const auto start = plain.read(0, contentTypeBytes);
    if (!start)
        return {};
    const auto type = ContentType::load(database);
    return type ? type->mimeType(*start) : std::string();
}

} // namespace coredact::engine
