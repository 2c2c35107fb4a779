// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"
#include "scanner/formats/elfmachine.h"
#include "scanner/formats/format.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t LargestHeader = 64;

bool recognises(const Source& source)
{
    const auto bytes = source.read(0, LargestHeader);
    if (!bytes)
        return false;
    const auto header = parseElfHeader(*bytes);
    return header && header->type == elf::TypeCore;
}

void readNote(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note)
{
    if (readBsdNote(builder, state, note))
        return;
    const NoteKind& kind = noteKind(note);
    switch (kind.use) {
    case NoteUse::Status:
        return readThread(builder, state, note);
    case NoteUse::ProcessInfo:
        return readProcessInfo(builder, state, note);
    case NoteUse::AuxiliaryVector:
        return readAuxiliaryVector(builder, state, note);
    case NoteUse::MappedFiles:
        return readMappedFiles(builder, state, note);
    case NoteUse::SignalInfo:
        return readSignalInfo(builder, state, note);
    case NoteUse::Vectors:
        return addVectorRegisters(builder, state, note, kind.name);
    case NoteUse::General:
        return builder.field(threadFieldName(builder, kind.name), note.bodyOffset, note.bodySize,
                             FieldKind::GeneralRegisters);
    case NoteUse::Keys:
        return builder.field(threadFieldName(builder, kind.name), note.bodyOffset, note.bodySize,
                             FieldKind::Random);
    case NoteUse::Text:
        return builder.field(std::string(kind.name), note.bodyOffset, note.bodySize,
                             FieldKind::Text);
    case NoteUse::Structure:
        return builder.structure(note.bodyOffset, note.bodySize);
    case NoteUse::Unknown:
        return builder.field("note of type " + std::to_string(note.type), note.bodyOffset,
                             note.bodySize, FieldKind::Opaque);
    }
}

/// The signal of the crash, where only the thread's status has it, and the process's id.
void completeProcess(Dump& dump)
{
    if (dump.threads.empty())
        return;
    Thread& first = dump.threads.front();
    if (!dump.process.signal)
        dump.process.signal = first.signal;
    const bool told = std::any_of(dump.threads.begin(), dump.threads.end(),
                                  [](const Thread& thread) { return thread.signal.has_value(); });
    if (!told)
        first.signal = dump.process.signal;
    if (dump.process.id == 0)
        dump.process.id = first.id;
}

Result<Dump> read(const Source& source, const JobControl& control)
{
    const auto first = source.read(0, LargestHeader);
    if (!first)
        return first.error();
    const auto header = parseElfHeader(*first);
    if (!header)
        return Error {ErrorCode::Malformed, "no ELF header", 0};

    DumpBuilder builder(source, "elf-core");
    ElfCoreState state;
    state.header = *header;
    builder.dump.order = header->order;
    builder.dump.wordSize = header->wordSize;
    builder.dump.process.architecture = architectureName(*header);
    builder.structure(0, header->size());
    if (!header->complete) {
        builder.diagnose(source.size(), "the file ends inside its ELF header", true);
        return builder.finish();
    }
    for (const NoteSegment& notes : readProgramHeaders(builder, state)) {
        forEachNote(builder, *header, notes.offset, notes.size,
                    [&](const ElfNote& note) { readNote(builder, state, note); });
        if (control.cancelled())
            return Error {ErrorCode::Cancelled, "stopped", std::nullopt};
    }
    completeProcess(builder.dump);
    const AddressSpace memory(builder.dump.segments);
    readInitialStack(builder, state, memory);
    readLinkMap(builder, state, memory);
    nameRegions(builder, state, memory);
    findModules(builder, state, memory);
    return builder.finish();
}

} // namespace

extern const Format elfcoreFormat;
const Format elfcoreFormat {"elf-core", "ELF core (Linux, BSD)", recognises, read};

} // namespace coredact
