// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"
#include "scanner/formats/utf16.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t LargestEnvironment = 1U << 20;
/// A 32-bit process on 64-bit Windows has its own TEB behind the 64-bit one.
constexpr std::uint64_t Wow64Teb = 0x2000;

/// Where Windows keeps a process's parameters: TEB, PEB, RTL_USER_PROCESS_PARAMETERS (winternl.h;
/// the members that it hides are the same since Windows XP).
struct ParameterLayout {
    unsigned wordSize;
    std::uint64_t self; ///< in the TEB: its own address
    std::uint64_t peb; ///< in the TEB
    std::uint64_t parameters; ///< in the PEB
    std::uint64_t directory;
    std::uint64_t imagePath;
    std::uint64_t commandLine;
    std::uint64_t environment;
    std::uint64_t environmentSize;
};
constexpr ParameterLayout Wide {8, 0x30, 0x60, 0x20, 0x38, 0x60, 0x70, 0x80, 0x3f0};
constexpr ParameterLayout Narrow {4, 0x18, 0x30, 0x10, 0x24, 0x38, 0x40, 0x48, 0x290};

class ParameterReader {
public:
    ParameterReader(DumpBuilder& builder, const MinidumpState& state, const AddressSpace& memory,
                    const ParameterLayout& layout)
        : m_builder(builder)
        , m_state(state)
        , m_memory(memory)
        , m_layout(layout)
    {
    }

    /// False where the thread's TEB does not lead to saved parameters.
    bool read(std::uint64_t teb)
    {
        if (teb == 0 || pointer(teb + m_layout.self) != teb)
            return false;
        const std::uint64_t peb = pointer(teb + m_layout.peb);
        const std::uint64_t block = peb == 0 ? 0 : pointer(peb + m_layout.parameters);
        if (block == 0 || !m_memory.segmentAt(block))
            return false;
        text(block + m_layout.directory, "current directory");
        text(block + m_layout.imagePath, "image path");
        readCommandLine(block);
        readEnvironment(block);
        return true;
    }

private:
    /// 0 where it is not saved.
    std::uint64_t pointer(std::uint64_t address)
    {
        const SecretBytes bytes = m_builder.readMemory(m_memory, address, m_layout.wordSize);
        ByteReader in = m_state.reader(bytes);
        return bytes.size() < m_layout.wordSize ? 0 : in.word(m_layout.wordSize);
    }

    struct Text {
        std::uint64_t address = 0;
        SecretBytes bytes;
    };

    /// A UNICODE_STRING: length and room in bytes, padding, pointer.
    Text text(std::uint64_t address, std::string_view name)
    {
        const SecretBytes head = m_builder.readMemory(m_memory, address, 2);
        ByteReader in = m_state.reader(head);
        const std::uint64_t size = head.size() < 2 ? 0 : in.u16();
        Text found;
        found.address = pointer(address + m_layout.wordSize);
        if (found.address == 0 || size == 0)
            return found;
        found.bytes = m_builder.readMemory(m_memory, found.address, size);
        m_builder.memoryField(name, m_memory, found.address, size, FieldKind::Text);
        return found;
    }

    void readCommandLine(std::uint64_t block)
    {
        const Text line = text(block + m_layout.commandLine, "command line");
        m_builder.memoryValues(
            m_memory, line.address,
            argumentValues(line.bytes, {.unit = 2, .order = m_state.order, .separator = ' '}));
        if (!line.bytes.empty() && m_builder.dump.process.arguments.empty())
            m_builder.dump.process.arguments = utf8FromUtf16(line.bytes, m_state.order);
    }

    void readEnvironment(std::uint64_t block)
    {
        const std::uint64_t address = pointer(block + m_layout.environment);
        if (address == 0)
            return;
        const std::uint64_t told = pointer(block + m_layout.environmentSize);
        SecretBytes bytes = m_builder.readMemory(
            m_memory, address, told == 0 ? LargestEnvironment : std::min(told, LargestEnvironment));
        bytes.resize(static_cast<std::size_t>(lengthOf(bytes)));
        m_builder.memoryField("environment", m_memory, address, bytes.size(), FieldKind::Text);
        m_builder.memoryValues(m_memory, address,
                               environmentValues(bytes, {.unit = 2, .order = m_state.order}));
    }

    /// Up to the empty text that ends the block; before Windows Vista nothing else tells.
    static std::uint64_t lengthOf(ByteView bytes)
    {
        std::size_t at = 0;
        const auto empty = [&](std::size_t i) { return bytes[i] == 0 && bytes[i + 1] == 0; };
        while (at + 4 <= bytes.size() && !(empty(at) && empty(at + 2)))
            at += 2;
        return at + 4 <= bytes.size() ? at + 2 : bytes.size() / 2 * 2;
    }

    DumpBuilder& m_builder;
    const MinidumpState& m_state;
    const AddressSpace& m_memory;
    const ParameterLayout& m_layout;
};

} // namespace

void readProcessParameters(DumpBuilder& builder, const MinidumpState& state)
{
    if (state.platform != platform::WindowsNt)
        return;
    const AddressSpace memory(builder.dump.segments);
    const bool wide = builder.dump.wordSize == 8;
    ParameterReader own(builder, state, memory, wide ? Wide : Narrow);
    ParameterReader wow64(builder, state, memory, Narrow);
    bool read = false;
    bool read32 = !wide;
    for (std::size_t i = 0; i < state.tebs.size() && !(read && read32); ++i) {
        read = read || own.read(state.tebs[i]);
        read32 = read32 || wow64.read(state.tebs[i] + Wow64Teb);
    }
}

} // namespace coredact
