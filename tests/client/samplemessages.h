// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/protocol.h"

/// One message of each kind, with every member away from its default.
namespace coredact::protocol {

inline FileRange fileRange(std::uint64_t first, std::uint64_t size)
{
    return *FileRange::make(first, size);
}

inline Finding sampleFinding()
{
    Finding finding;
    finding.id = "f1";
    finding.rule = "sample-rule";
    finding.title = "A sample";
    finding.severity = Severity::Critical;
    finding.confidence = Confidence::Verified;
    finding.identity = Identity {"spki-sha256", "0123"};
    finding.proof = "p q = n";
    finding.explanation = "why";
    finding.remediation = "how";
    finding.occurrences
        = {{"raw", "[heap]", {{fileRange(0x500, 7), 0x1500}, {fileRange(0x700, 3), std::nullopt}}},
           {"base64", "psargs", {{fileRange(0x900, 16), std::nullopt}}}};
    return finding;
}

inline Dump sampleDump(std::size_t segments)
{
    Dump dump;
    dump.format = "elf-core";
    dump.size = 0x1000 + segments * 0x1000;
    dump.order = ByteOrder::Big;
    dump.wordSize = 4;
    dump.contentType = "application/x-coredump";
    dump.process = {"prog\xff", 42, "x86_64", "prog -x", 11U, 0xdeadU};
    for (std::size_t i = 0; i < segments; ++i)
        dump.segments.push_back({*AddressRange::make(0x7f0000000000 + i * 0x2000, 0x1000),
                                 fileRange(0x1000 + i * 0x1000, 0x1000),
                                 {true, i % 2 == 0, false},
                                 RegionKind::Heap,
                                 "/usr/lib/x86_64-linux-gnu/libc.so.6"});
    dump.regions = {{*AddressRange::make(0x1000, 0x1000), {}, RegionKind::Stack, "[stack]", 5},
                    {*AddressRange::between(0xfffffffffffff000, 0xffffffffffffffff),
                     {},
                     RegionKind::Vdso,
                     "[vsyscall]",
                     0}};
    dump.modules = {{*AddressRange::make(0x400000, 0x2000), "/bin/prog", "00ff"}};
    dump.threads = {{7, "worker", 1, 2, 6U, {{"rip", 1}, {"rsp", 2}}}};
    dump.fields = {{"NT_PRPSINFO.psargs", fileRange(0x200, 80), FieldKind::Text}};
    dump.structure = {fileRange(0, 0x40), fileRange(0x100, 0x10)};
    dump.diagnostics = {{64, "something is odd", true}};
    return dump;
}

inline std::vector<Edit> sampleEdits()
{
    return {{fileRange(0x500, 7), Fill::X, "sample-rule", "f1", ""},
            {fileRange(0x600, 9), Fill::Token, "sample-rule", "f2", "CDR~abcd"}};
}

inline Triage sampleTriage()
{
    Triage triage;
    triage.decisions["f1"] = {Verdict::Keep, Reason::AcceptedRisk, "known"};
    triage.decisions["f2"] = {Verdict::Redact, Reason::None, ""};
    return triage;
}

inline std::vector<Request> sampleRequests()
{
    return {Open {1ULL << 40, true},
            LoadRules {{{"mine.toml", "[[rules]]"}}, {false, {"a-rule", "b-rule"}, {"a-pack"}, -1}},
            Scan {3, {"given value", "other"}, true},
            Read {0x123456789abc, 4096},
            Search {{1, 2, 0xff}, true, true, 99, true},
            MakePlan {sampleTriage(), {Fill::A5, false, true}},
            Export {sampleTriage(), {Fill::Token, true, false}},
            Verify {true,
                    true,
                    77,
                    sampleEdits(),
                    {sampleFinding()},
                    {"given"},
                    2,
                    true,
                    {{fileRange(3, 4), "stack"}, {fileRange(9, 1), "notes"}},
                    {"a-pack"},
                    {{{DumpClass::Unclaimed, ClassUse::Keep}}},
                    {{fileRange(3, 4), DumpClass::Unclaimed}, {fileRange(7, 1), DumpClass::Stack}}},
            MakePlan {sampleTriage(),
                      {Fill::Zero,
                       true,
                       true,
                       true,
                       false,
                       {{{DumpClass::Heap, ClassUse::Fill}, {DumpClass::Code, ClassUse::Keep}}},
                       true}},
            Compare {99},
            SandboxCheck {},
            Cancel {12}};
}

inline std::vector<Event> sampleEvents()
{
    const std::vector<Conflict> conflicts = {{fileRange(0, 4), "f1", "structural bytes"}};
    VerificationReport report;
    report.checks = {{"bytes", true, "1 of 1"}};
    report.violations = {{"fill", 5, "not filled"}, {"rescan", std::nullopt, "found"}};
    report.sha256 = "ab";
    return {Opened {sampleDump(3),
                    {"zstd", "gzip"},
                    1234,
                    {"no Landlock"},
                    {{*FileRange::make(0, 1), "notes"}}},
            RulesLoaded {{{"id", "Title", Severity::Low, "e", "r", {"cloud"}, -1}},
                         {{"f.toml", "id", "bad", true}},
                         "sha256:00"},
            FindingSeen {sampleFinding()},
            Scanned {{sampleFinding()}, 1000, {{5, 6, "damaged"}}, "sha256:00"},
            Bytes {17, SecretBytes {1, 2, 3}},
            SearchHit {fileRange(3, 4)},
            SearchHit {},
            Planned {sampleEdits(),
                     conflicts,
                     "sha256:11",
                     {{DumpClass::Notes, ClassUse::Keep, 12, 3}},
                     {1, 2, 3}},
            Exported {{10, 5, "cd"},
                      sampleEdits(),
                      conflicts,
                      "sha256:11",
                      "ef",
                      {"limit"},
                      {{DumpClass::Heap, ClassUse::Fill, 99, 0}},
                      {{fileRange(3, 4), DumpClass::Notes}},
                      {4, 5, 6}},
            Verified {report, "aa", 1000, "sha256:00", {"gap"}},
            CheckMade {{"fill", true, "3 ranges"}},
            Compared {{fileRange(3, 4), fileRange(9, 1)}, true},
            SandboxChecked {{{"open", true, "refused"}}},
            ProgressMade {"scan", 5, 10},
            Failed {{ErrorCode::Truncated, "the file ends", 99}}};
}

} // namespace coredact::protocol
