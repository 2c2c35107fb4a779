// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t ThreadSize = 48;
constexpr std::uint64_t ThreadExSize = 64;
constexpr std::uint64_t ExceptionSize = 168;

/// MINIDUMP_THREAD; MINIDUMP_THREAD_EX has a backing store behind it.
void addThread(DumpBuilder& builder, MinidumpState& state, ByteReader& row, bool extended)
{
    const std::uint64_t offset = row.fileOffset();
    if (builder.full(builder.dump.threads.size(), limits::Threads, offset, "threads"))
        return;
    Thread thread;
    thread.id = row.u32();
    row.skip(12); // SuspendCount, PriorityClass, Priority
    state.tebs.push_back(row.u64());
    MinidumpMemory stack;
    stack.address = row.u64();
    stack.size = row.u32();
    stack.offset = row.u32();
    MinidumpContext context;
    context.threadId = thread.id;
    context.size = row.u32();
    context.offset = row.u32();
    if (extended) {
        MinidumpMemory backing;
        backing.address = row.u64();
        backing.size = row.u32();
        backing.offset = row.u32();
        if (backing.size != 0)
            state.memory.push_back(backing);
    }
    builder.dump.threads.push_back(std::move(thread));
    state.stacks.push_back(stack);
    state.contexts.push_back(context);
}

} // namespace

void readThreadList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    forEachListed(builder, state, stream, ThreadSize, "the thread list",
                  [&](ByteReader& row) { addThread(builder, state, row, false); });
}

void readThreadExList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    forEachListed(builder, state, stream, ThreadExSize, "the extended thread list",
                  [&](ByteReader& row) { addThread(builder, state, row, true); });
}

void readThreadNames(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    constexpr std::uint64_t NameSize = 12;
    forEachListed(builder, state, stream, NameSize, "the list of thread names",
                  [&](ByteReader& row) {
                      const std::uint64_t id = row.u32();
                      const std::uint64_t offset = row.u64();
                      state.threadNames.emplace(
                          id, readMinidumpString(builder, state, offset, "ThreadNames"));
                  });
}

namespace {

/// The address that was touched, where the exception is about one. Windows keeps the address of
/// the instruction there, and what it touched as the second parameter.
std::optional<std::uint64_t> touchedAddress(std::uint32_t platformId, std::uint32_t code,
                                            std::uint64_t address,
                                            std::optional<std::uint64_t> secondParameter)
{
    constexpr std::uint32_t AccessViolation = 0xc0000005;
    constexpr std::uint32_t PageError = 0xc0000006;
    constexpr std::uint32_t MachBadAccess = 1;
    if (platformId == platform::WindowsNt)
        return code == AccessViolation || code == PageError ? secondParameter : std::nullopt;
    if (platformId == platform::MacOs || platformId == platform::Ios)
        return code == MachBadAccess ? std::optional(address) : std::nullopt;
    const bool fault = code == 4 || code == 7 || code == 8 || code == 11; // signals, on Linux
    return fault ? std::optional(address) : std::nullopt;
}

} // namespace

void readException(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    const SecretBytes bytes
        = builder.read(stream.offset, std::min(stream.size, ExceptionSize));
    ByteReader in = state.reader(bytes, stream.offset);
    MinidumpException exception;
    exception.threadId = in.u32();
    in.skip(4);
    exception.code = in.u32();
    in.skip(12); // ExceptionFlags, ExceptionRecord
    const std::uint64_t address = in.u64();
    const std::uint32_t parameters = in.u32();
    in.skip(12); // padding, first parameter
    const std::uint64_t touched = in.u64();
    in.seek(160);
    exception.context.threadId = exception.threadId;
    exception.context.size = in.u32();
    exception.context.offset = in.u32();
    builder.structure(stream.offset, std::min(stream.size, ExceptionSize));
    if (!in.ok()) {
        builder.diagnose(stream.offset, "the exception stream is cut off", true);
        return;
    }
    exception.faultAddress
        = touchedAddress(state.platform, exception.code, address,
                         parameters >= 2 ? std::optional(touched) : std::nullopt);
    state.exception = exception;
}

void finishThreads(DumpBuilder& builder, MinidumpState& state)
{
    bool crashed = false;
    for (std::size_t i = 0; i < builder.dump.threads.size(); ++i) {
        Thread& thread = builder.dump.threads[i];
        const auto name = state.threadNames.find(thread.id);
        if (name != state.threadNames.end())
            thread.name = name->second;
        readContext(builder, state, state.contexts[i], thread);
        if (!state.exception || state.exception->threadId != thread.id || crashed)
            continue;
        crashed = true;
        thread.signal = state.exception->code;
        // The registers at the crash, not those inside the handler that wrote the dump.
        if (state.exception->context.offset != state.contexts[i].offset)
            readContext(builder, state, state.exception->context, thread);
    }
    if (!state.exception)
        return;
    if (!crashed) {
        Thread unlisted;
        unlisted.id = state.exception->threadId;
        readContext(builder, state, state.exception->context, unlisted);
    }
    builder.dump.process.signal = state.exception->code;
    builder.dump.process.faultAddress = state.exception->faultAddress;
}

} // namespace coredact
