// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/report.h"

/// A report that uses every field of the types once, with hostile text where a dump has a say.
inline coredact::report::Report sampleReport()
{
    using namespace coredact;
    const auto file = [](std::uint64_t first, std::uint64_t size) {
        return *FileRange::make(first, size);
    };
    const RuleInfo key {"rsa-private-key-bignum", "RSA private key (in memory)",
                        Severity::Critical, "Signs and decrypts as its owner.",
                        "Make a new key pair and revoke the certificate.", {"key"}, 100};
    const RuleInfo token {"example-token", "=Example, \"quoted\" <token>", Severity::Low,
                          "Opens *example*.", "Replace it.", {"cloud"}, 50};

    Finding first;
    first.id = "f1";
    first.rule = key.id;
    first.title = "RSA-2048 private key (in memory)";
    first.severity = key.severity;
    first.confidence = Confidence::Verified;
    first.identity = Identity {"spki-sha256", "00ff"};
    first.proof = "p·q equals n";
    first.explanation = key.explanation;
    first.remediation = key.remediation;
    first.occurrences = {
        {"raw", "[heap]", {{file(4096, 200), 0x7f0000001000}, {file(9000, 56), 0x7f00000010c8}}},
        {"base64", "\x1b[31m/tmp/\xe2\x80\xae" "gpj", {{file(64, 344), std::nullopt}}},
    };

    Finding second;
    second.id = "f2";
    second.rule = token.id;
    second.title = token.title;
    second.severity = token.severity;
    second.confidence = Confidence::Possible;
    second.explanation = token.explanation;
    second.remediation = token.remediation;
    second.occurrences = {{"utf-16le", "kernel", {{file(5ULL << 32, 40), 0xffffffff81000000}}}};

    Finding third = second;
    third.id = "f3";
    third.rule = "given-secret";
    third.title = "Given value";
    third.severity = Severity::High;

    report::ScannedDump dump;
    dump.path = "dumps/core 1.1234";
    dump.dump.format = "elf-core";
    dump.dump.size = 6ULL << 32;
    dump.dump.process = {"ngi\x1b[0mnx", 1234, "x86_64", "--password=never-shown", 11U, 0x10};
    dump.dump.diagnostics = {{64, "the section table is missing", false},
                             {99, "a note is cut off", true}};
    dump.containers = {"zstd"};
    dump.findings = {first, second, third};
    dump.scannedBytes = (6ULL << 32) - 16;
    dump.incomplete = {{99, 16, "a note is cut off"}};
    dump.triage.decisions["f2"] = {Verdict::Keep, Reason::TestData, "from the <fixture>"};
    dump.known = {"f3"};
    dump.belowThreshold = 2;

    report::Report report;
    report.rulesDigest = "sha256:abcd";
    report.rules = {token, key};
    report.dumps = {dump};
    report.skipped = {{"dumps/socket", "a socket", false}, {"dumps/core.2", "cannot open", true}};
    report.compared = true;
    return report;
}

/// A report of one dump in which nothing was found and nothing is missing.
inline coredact::report::Report emptyReport()
{
    coredact::report::Report report;
    report.rulesDigest = "sha256:abcd";
    coredact::report::ScannedDump dump;
    dump.path = "/var/crash/core";
    dump.dump.format = "raw";
    dump.dump.size = dump.scannedBytes = 512;
    report.dumps = {dump};
    return report;
}
