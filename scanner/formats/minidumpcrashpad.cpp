// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include <algorithm>

namespace coredact {

namespace {

/// Crashpad's minidump_extensions.h: annotations of the process and of its modules.
class CrashpadReader {
public:
    CrashpadReader(DumpBuilder& builder, const MinidumpState& state)
        : m_builder(builder)
        , m_state(state)
    {
    }

    void read(const MinidumpStream& stream)
    {
        constexpr std::uint64_t Size = 64;
        const SecretBytes bytes = m_builder.read(stream.offset, std::min(stream.size, Size));
        ByteReader in = m_state.reader(bytes, stream.offset);
        in.skip(36); // version, report_id, client_id
        const MinidumpStream annotations = location(in);
        const MinidumpStream modules = location(in);
        if (!in.ok()) {
            m_builder.diagnose(stream.offset, "CrashpadInfo is cut off", true);
            return;
        }
        m_builder.structure(stream.offset, std::min(stream.size, Size));
        readDictionary(annotations);
        readRows(modules, 12, "the list of annotated modules", [&](ByteReader& row) {
            row.skip(4); // minidump_module_list_index
            readModule(location(row));
        });
    }

private:
    static MinidumpStream location(ByteReader& in)
    {
        MinidumpStream place;
        place.size = in.u32();
        place.offset = in.u32();
        return place;
    }

    void readRows(const MinidumpStream& place, std::uint64_t rowSize, std::string_view what,
                  const std::function<void(ByteReader&)>& visit)
    {
        if (place.size == 0)
            return;
        const SecretBytes head = m_builder.read(place.offset, 4);
        ByteReader in = m_state.reader(head, place.offset);
        const std::uint64_t count = in.u32();
        if (!in.ok())
            return m_builder.diagnose(place.offset, std::string(what) + " is cut off", true);
        forEachRow(m_builder, m_state, place, {4, count, rowSize, rowSize, what}, visit);
    }

    void readModule(const MinidumpStream& place)
    {
        // The annotation objects came later; older writers end before them.
        constexpr std::uint64_t OldSize = 20;
        constexpr std::uint64_t Size = 28;
        const SecretBytes bytes = m_builder.read(place.offset, std::min(place.size, Size));
        ByteReader in = m_state.reader(bytes, place.offset);
        in.skip(4); // version
        const MinidumpStream list = location(in);
        const MinidumpStream dictionary = location(in);
        const MinidumpStream objects = place.size > OldSize ? location(in) : MinidumpStream {};
        if (!in.ok())
            return m_builder.diagnose(place.offset, "a module's annotations are cut off", true);
        m_builder.structure(place.offset, std::min(place.size, Size));
        readRows(list, 4, "a list of annotations", [&](ByteReader& row) { readValue(row.u32()); });
        readDictionary(dictionary);
        readRows(objects, 12, "a list of annotation objects", [&](ByteReader& row) {
            const std::uint32_t name = row.u32();
            row.skip(4); // type, reserved
            const std::uint32_t value = row.u32();
            readValue(name);
            readValue(value);
        });
    }

    void readDictionary(const MinidumpStream& place)
    {
        readRows(place, 8, "a dictionary of annotations", [&](ByteReader& row) {
            const std::uint32_t key = row.u32();
            const std::uint32_t value = row.u32();
            readValue(key);
            readValue(value);
        });
    }

    /// MinidumpUTF8String or MinidumpByteArray: a 32-bit length and that many bytes.
    void readValue(std::uint64_t offset)
    {
        if (offset == 0)
            return;
        const SecretBytes head = m_builder.read(offset, 4);
        ByteReader in = m_state.reader(head, offset);
        const std::uint64_t size = in.u32();
        if (!in.ok() || size > m_builder.dump.size - offset - 4)
            return m_builder.diagnose(offset, "an annotation reaches past the end of the file",
                                      true);
        m_builder.structure(offset, 4);
        m_builder.field("CrashpadInfo.annotation", offset + 4, size, FieldKind::Text);
    }

    DumpBuilder& m_builder;
    const MinidumpState& m_state;
};

} // namespace

void readCrashpadInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    CrashpadReader(builder, state).read(stream);
}

} // namespace coredact
