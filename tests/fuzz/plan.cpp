// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/digest.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verifybytes.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memoryfile.h"
#include "tests/support/scannedsums.h"

#include <algorithm>

namespace coredact::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A dump, findings and verdicts as the input says, also such as no scan would make.
struct Case {
    Dump dump;
    std::vector<Finding> findings;
    Triage triage;
    PlanPolicy policy;
    Bytes bytes;
};

class CaseReader {
public:
    explicit CaseReader(ByteView input)
        : m_in(input, ByteOrder::Little)
    {
    }

    Case read()
    {
        constexpr std::uint64_t largeUnit = 2048; // so that edits cross the windows of 1 MiB
        Case made;
        const unsigned flags = m_in.u8();
        m_unit = (flags & 1) != 0 ? largeUnit : 1;
        made.dump.size = (m_in.u16() % 1024 + 1) * m_unit;
        made.policy = {static_cast<Fill>(flags >> 1 & 3), (flags & 8) != 0, (flags & 16) != 0};
        made.dump.structure = ranges(m_in.u8() % 6);
        std::erase_if(made.dump.structure,
                      [&](const FileRange& one) { return one.last() >= made.dump.size; });
        made.dump.structure = normalised(std::move(made.dump.structure));
        for (const FileRange& field : ranges(m_in.u8() % 4))
            if (field.last() < made.dump.size)
                made.dump.fields.push_back({"field", field, static_cast<FieldKind>(m_in.u8() % 5)});
        for (unsigned left = m_in.u8() % 12; left > 0; --left)
            addFinding(made);
        fill(made);
        return made;
    }

private:
    FileRange range()
    {
        const std::uint64_t first = m_in.u16() % 1200 * m_unit + m_in.u8() % 4;
        return *FileRange::make(first, m_in.u8() % 64 * m_unit + 1 + m_in.u8() % 16);
    }

    std::vector<FileRange> ranges(unsigned count)
    {
        std::vector<FileRange> all;
        for (; count > 0; --count)
            all.push_back(range());
        return all;
    }

    void addFinding(Case& made)
    {
        constexpr const char* encodings[] {"raw", "utf-16le", "utf-16be", "base64"};
        Finding finding;
        finding.id = "f" + std::to_string(made.findings.size() + 1);
        finding.rule = "some-token";
        for (unsigned left = 1 + m_in.u8() % 3; left > 0; --left) {
            finding.occurrences.push_back({encodings[m_in.u8() % 4], "file", {}});
            for (const FileRange& piece : ranges(1 + m_in.u8() % 2))
                finding.occurrences.back().pieces.push_back({piece, std::nullopt});
        }
        made.triage.decisions[finding.id].verdict = static_cast<Verdict>(m_in.u8() % 3);
        made.findings.push_back(std::move(finding));
    }

    /// Data without pattern, and a hole where the input says.
    void fill(Case& made)
    {
        made.bytes.resize(static_cast<std::size_t>(made.dump.size));
        std::uint32_t state = m_in.u32() | 1;
        for (std::uint8_t& byte : made.bytes) {
            state = state * 1664525 + 1013904223;
            byte = static_cast<std::uint8_t>(state >> 24);
        }
        const FileRange hole = range();
        for (std::uint64_t at = hole.first(); at <= hole.last() && at < made.dump.size; ++at)
            made.bytes[static_cast<std::size_t>(at)] = 0;
    }

    ByteReader m_in;
    std::uint64_t m_unit = 1;
};

Source sourceFrom(const Bytes& bytes)
{
    constexpr std::size_t page = 4096;
    const Descriptor file = memoryFile();
    for (std::size_t at = 0; at < bytes.size(); at += page) {
        const ByteView part = ByteView(bytes).subspan(at, std::min(page, bytes.size() - at));
        if (std::any_of(part.begin(), part.end(), [](std::uint8_t byte) { return byte != 0; }))
            writeAt(file.number(), at, part);
    }
    require(ftruncate(file.number(), static_cast<off_t>(bytes.size())) == 0, "a file is made");
    return sourceOf(file.number());
}

/// For each byte of the file, whether it must be overwritten.
std::vector<bool> mustGo(const Case& made)
{
    std::vector<bool> all(made.bytes.size(), false);
    const auto mark = [&](const FileRange& range, bool value) {
        for (std::uint64_t at = range.first(); at <= range.last() && at < all.size(); ++at)
            all[static_cast<std::size_t>(at)] = value;
    };
    for (const Finding& finding : made.findings)
        if (made.triage.decisionFor(finding.id).verdict != Verdict::Keep)
            for (const Occurrence& occurrence : finding.occurrences)
                for (const Piece& piece : occurrence.pieces)
                    mark(piece.file, true);
    for (const Field& field : made.dump.fields)
        if ((field.kind == FieldKind::VectorRegisters && made.policy.vectorRegisters)
            || (field.kind == FieldKind::Random && made.policy.randomSeed))
            mark(field.file, true);
    for (const FileRange& range : made.dump.structure)
        mark(range, false);
    return all;
}

std::uint8_t fillByte(const Edit& edit, std::uint64_t at)
{
    switch (edit.fill) {
    case Fill::Zero:
        return 0;
    case Fill::A5:
        return 0xa5;
    case Fill::X:
        return 'X';
    case Fill::Token:
        break;
    }
    return static_cast<std::uint8_t>(
        edit.token[static_cast<std::size_t>((at - edit.range.first()) % edit.token.size())]);
}

/// Bytes outside the plan are those of the original, bytes inside are the fill, and the plan
/// covers exactly what must go.
void checkCopy(const Case& made, const RedactionPlan& plan, const Bytes& copy)
{
    require(copy.size() == made.bytes.size(), "the copy has the original's size");
    const std::vector<bool> gone = mustGo(made);
    auto edit = plan.edits().begin();
    for (std::size_t at = 0; at < copy.size(); ++at) {
        while (edit != plan.edits().end() && edit->range.last() < at)
            ++edit;
        const bool planned = edit != plan.edits().end() && edit->range.contains(at);
        require(planned == gone[at], "the plan covers what must go, and nothing else");
        require(copy[at] == (planned ? fillByte(*edit, at) : made.bytes[at]),
                "a byte is the fill inside the plan and unchanged outside");
    }
}

bool verifies(const Bytes& copy, const Source& original, const RedactionPlan& plan)
{
    VerificationNotes notes;
    const auto digest = verifyBytes(sourceFrom(copy), &original, plan, notes, JobControl());
    return digest && std::move(notes).finish(*digest).passed();
}

void fuzz(ByteView input)
{
    const Case made = CaseReader(input).read();
    const Source original = sourceFrom(made.bytes);
    const auto plan = RedactionPlan::make(made.dump, made.findings, made.triage, made.policy);
    require(RedactionPlan::fromEdits(plan.edits(), made.dump.size, made.dump.structure).ok(),
            "a plan keeps its invariant");
    const Descriptor target = memoryFile();
    const auto report
        = exportCopy(original, test::sumsOf(original), plan, target.number(), JobControl());
    require(report.ok(), "a plan of the same file can be carried out");
    Bytes copy = contents(target.number());
    checkCopy(made, plan, copy);
    require(report->bytesChanged == plan.bytes(), "the report counts the planned bytes");
    require(report->sourceSha256 == sha256(made.bytes),
            "the report has the digest of what was read");
    require(verifies(copy, original, plan), "an honest copy is verified");
    copy[input.size() * 31 % copy.size()] ^= 1;
    require(!verifies(copy, original, plan), "a changed byte is noticed");
}

std::vector<Bytes> seeds()
{
    std::vector<Bytes> all;
    for (std::uint8_t flags = 0; flags < 32; flags = static_cast<std::uint8_t>(flags + 5)) {
        Bytes bytes(120);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::uint8_t>(flags + i * 37);
        bytes[0] = flags;
        all.push_back(std::move(bytes));
    }
    return all;
}

} // namespace

extern const FuzzTarget planTarget;
const FuzzTarget planTarget {"plan", fuzz, seeds};

} // namespace coredact::test
