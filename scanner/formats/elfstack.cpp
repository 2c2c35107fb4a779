// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t RandomSize = 16;
/// The vector lies below the random bytes, with at most some padding and names between.
constexpr std::uint64_t VectorReach = 16384;
constexpr std::uint64_t PointersReach = 1U << 20;
constexpr std::uint64_t LongestArguments = limits::Text;
constexpr std::uint64_t LargestBlock = 32U << 20;

/// What Linux puts at the top of the main stack (fs/binfmt_elf.c, create_elf_tables), upwards:
/// argc, pointers to the arguments, 0, pointers to the environment, 0, auxiliary vector, padding,
/// 16 random bytes, platform name, arguments, environment, the program's name.
class InitialStack {
public:
    InitialStack(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory)
        : m_builder(builder)
        , m_state(state)
        , m_memory(memory)
        , m_wordSize(state.header.wordSize)
    {
    }

    void read()
    {
        const std::uint64_t random = m_state.auxiliaryValue(auxiliary::Random);
        if (random == 0)
            return;
        m_builder.memoryField("AT_RANDOM", m_memory, random, RandomSize, FieldKind::Random);
        const std::uint64_t vector = findVector(random);
        if (vector == 0)
            return;
        readPointers(vector);
        const std::uint64_t programName = m_state.auxiliaryValue(auxiliary::ProgramName);
        const std::uint64_t end = programName > random ? programName : 0;
        // The texts lie above the random bytes; pointers elsewhere have been overwritten.
        if (m_arguments < random || end <= m_arguments || end - m_arguments > LargestBlock)
            return;
        nameBlock(end);
    }

private:
    /// The address of the stack's own copy of NT_AUXV; 0 where it is not saved.
    std::uint64_t findVector(std::uint64_t random)
    {
        const std::uint64_t rowSize = 2 * std::uint64_t {m_wordSize};
        const std::uint64_t size = (m_state.auxiliary.size() + 1) * rowSize;
        const auto vector = slice(m_state.auxiliaryBytes, 0, size);
        const std::uint64_t begin = lowestSaved(random, VectorReach);
        const SecretBytes bytes = m_builder.readMemory(m_memory, begin, random - begin);
        if (!vector)
            return 0;
        const auto found
            = std::find_end(bytes.begin(), bytes.end(), vector->begin(), vector->end());
        return found == bytes.end() ? 0
                                    : begin + static_cast<std::uint64_t>(found - bytes.begin());
    }

    /// The lowest address in the segment of `address` that is at most `reach` below.
    std::uint64_t lowestSaved(std::uint64_t address, std::uint64_t reach) const
    {
        const Segment* segment = m_memory.segmentAt(address);
        const std::uint64_t lowest = address - std::min(address, reach);
        return segment ? std::max(lowest, segment->memory.first()) : address;
    }

    /// Walks down from the vector. Programs that rewrite their arguments may have overwritten
    /// pointers too (nginx does); then what was found so far is all.
    void readPointers(std::uint64_t vector)
    {
        const std::uint64_t begin = lowestSaved(vector, PointersReach);
        const SecretBytes bytes = m_builder.readMemory(m_memory, begin, vector - begin);
        std::vector<std::uint64_t> words;
        ByteReader in = m_state.header.reader(bytes);
        in.skip(bytes.size() % m_wordSize);
        while (in.left() >= m_wordSize)
            words.push_back(in.word(m_wordSize));
        if (words.empty() || words.back() != 0)
            return;
        words.pop_back();
        while (!words.empty() && words.back() != 0) {
            m_environment = words.back();
            words.pop_back();
        }
        if (words.empty())
            return;
        words.pop_back();
        for (std::uint64_t count = 0; !words.empty() && words.back() != count; ++count) {
            if (words.back() == 0)
                return;
            m_arguments = words.back();
            words.pop_back();
        }
    }

    void nameBlock(std::uint64_t end)
    {
        const bool split = m_arguments < m_environment && m_environment < end;
        const std::uint64_t argumentsEnd = split ? m_environment : end;
        const SecretBytes block = m_builder.readMemory(m_memory, m_arguments, end - m_arguments);
        const ByteView all(block);
        const auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>(argumentsEnd - m_arguments, all.size()));
        m_builder.memoryValues(m_memory, m_arguments, argumentValues(all.first(size), {}));
        m_builder.memoryValues(m_memory, argumentsEnd,
                               environmentValues(all.subspan(size), {}));
        m_builder.memoryField(split ? "arguments" : "arguments and environment", m_memory,
                              m_arguments, argumentsEnd - m_arguments, FieldKind::Text);
        if (split)
            m_builder.memoryField("environment", m_memory, m_environment, end - m_environment,
                                  FieldKind::Text);
        if (!split)
            return;
        std::string text(asText(all.first(std::min<std::size_t>(size, LongestArguments))));
        while (!text.empty() && text.back() == '\0')
            text.pop_back();
        std::replace(text.begin(), text.end(), '\0', ' ');
        if (!text.empty())
            m_builder.dump.process.arguments = std::move(text);
    }

    DumpBuilder& m_builder;
    const ElfCoreState& m_state;
    const AddressSpace& m_memory;
    unsigned m_wordSize;
    std::uint64_t m_arguments = 0; ///< address of the first one's text
    std::uint64_t m_environment = 0;
};

} // namespace

void readInitialStack(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory)
{
    InitialStack(builder, state, memory).read();
}

} // namespace coredact
