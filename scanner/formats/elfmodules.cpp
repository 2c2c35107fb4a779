// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"
#include "scanner/formats/elfimage.h"

#include <algorithm>

namespace coredact {

namespace {

/// All rows of NT_FILE for one file that follow each other.
struct FileRun {
    AddressRange memory;
    std::string path;
    bool fromStart; ///< the first row is the file's beginning
};

std::vector<FileRun> fileRuns(const std::vector<MappedFile>& files)
{
    std::vector<FileRun> runs;
    for (const MappedFile& file : files) {
        const bool goesOn = !runs.empty() && runs.back().path == file.path && file.fileOffset != 0
            && runs.back().memory.first() < file.memory.first();
        if (goesOn)
            runs.back().memory = *AddressRange::between(
                runs.back().memory.first(),
                std::max(runs.back().memory.last(), file.memory.last()));
        else
            runs.push_back({file.memory, file.path, file.fileOffset == 0});
    }
    return runs;
}

/// Parts of the address space that hold code.
class CodeRanges {
public:
    explicit CodeRanges(const std::vector<CoreLoad>& loads)
    {
        for (const CoreLoad& load : loads)
            if (load.access.execute)
                m_ranges.push_back(load.memory);
        std::sort(m_ranges.begin(), m_ranges.end());
    }

    bool anyIn(const AddressRange& memory) const
    {
        const auto next = std::lower_bound(
            m_ranges.begin(), m_ranges.end(), memory.first(),
            [](const AddressRange& range, std::uint64_t first) { return range.first() < first; });
        return next != m_ranges.end() && next->first() <= memory.last();
    }

private:
    std::vector<AddressRange> m_ranges;
};

} // namespace

void findModules(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory)
{
    const CodeRanges code(state.loads);
    const auto add = [&](const AddressRange& range, const std::string& name,
                         const std::optional<ElfImage>& image) {
        if (builder.full(builder.dump.modules.size(), limits::Modules, 0, "modules"))
            return;
        builder.dump.modules.push_back(
            {range, name,
             image ? buildIdOf(builder, memory, state.header, *image) : std::string()});
    };
    for (const FileRun& run : fileRuns(state.files)) {
        // A mapped font or locale archive is no module; without its first page, having code tells.
        const auto image = readElfImage(builder, memory, run.memory.first());
        const bool headerSaved = memory.segmentAt(run.memory.first()) != nullptr;
        if (run.fromStart && (image || (!headerSaved && code.anyIn(run.memory))))
            add(run.memory, run.path, image);
    }
    for (const LinkedObject& object : state.linked)
        add(object.memory, object.path, readElfImage(builder, memory, object.memory.first()));
    const std::uint64_t vdso = state.auxiliaryValue(auxiliary::Vdso);
    const auto image = readElfImage(builder, memory, vdso);
    const Segment* segment = memory.segmentAt(vdso);
    if (image && segment)
        add(segment->memory, "[vdso]", image);
}

} // namespace coredact
