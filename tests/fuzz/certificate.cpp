// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificate.h"
#include "scanner/io/digest.h"
#include "scanner/redact/certificatecheck.h"
#include "scanner/redact/planfiller.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memoryfile.h"

namespace coredact::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A copy and the certificate that its owner would make for it.
struct Handed {
    Bytes copy;
    RedactionPlan plan;
    std::string statement;

    explicit Handed(ByteReader in)
        : copy(1 + in.u16() % 4096, '.')
        , plan(*RedactionPlan::fromEdits(edits(in, copy.size()), copy.size(), {}))
    {
        for (const Edit& edit : plan.edits())
            writeFill(edit, edit.range.first(),
                      MutableByteView(copy).subspan(static_cast<std::size_t>(edit.range.first()),
                                                    static_cast<std::size_t>(edit.range.size())));
        VerificationReport verification;
        verification.checks = {{"everything", true, ""}};
        Finding kept;
        kept.rule = "some-rule";
        kept.occurrences = {{"raw", "", {{*FileRange::make(0, 1), std::nullopt}}}};
        const std::vector<Finding> all {kept};
        statement = makeCertificate({"copy",
                                     sha256(copy),
                                     copy.size(),
                                     copy.size(),
                                     std::string(64, 'a'),
                                     "sha256:00",
                                     "redact",
                                     1,
                                     1,
                                     all,
                                     &plan,
                                     &verification,
                                     {"a limit"}})
                        .statement;
    }

private:
    static std::vector<Edit> edits(ByteReader& in, std::uint64_t size)
    {
        std::vector<Edit> all;
        std::uint64_t first = in.u8();
        for (unsigned left = in.u8() % 8; left > 0; --left) {
            const auto range = FileRange::make(first, 1 + in.u8());
            if (range->last() >= size)
                break;
            const auto fill = static_cast<Fill>(in.u8() % 4);
            all.push_back({*range, fill, "some-rule", "", fill == Fill::Token ? "CDR~abcd" : ""});
            first = range->last() + 1 + in.u8();
        }
        return all;
    }
};

bool passes(const CertificateClaim& claim, const Bytes& copy)
{
    const auto report = checkCertificate(claim, *Source::fromBytes(copy), JobControl());
    return report && report->passed();
}

/// An honest certificate fits its copy and no other one; a damaged one does no harm.
void fuzzHonest(ByteView input)
{
    Handed handed {ByteReader(input, ByteOrder::Little)};
    const auto claim = parseCertificate(handed.statement);
    require(claim.ok(), "an honest certificate can be read");
    require(passes(*claim, handed.copy), "a copy passes its own certificate");
    handed.copy[input.size() * 31 % handed.copy.size()] ^= 1;
    require(!passes(*claim, handed.copy), "a changed copy does not pass");
    for (std::size_t i = 0; i + 3 <= input.size(); i += 3) {
        const std::size_t at = (input[i] * 256U + input[i + 1]) % handed.statement.size();
        handed.statement[at] = static_cast<char>(input[i + 2]);
    }
    if (const auto damaged = parseCertificate(handed.statement))
        require(!passes(*damaged, handed.copy), "a changed copy does not pass");
}

/// Any text may be handed in as a certificate.
void fuzzText(std::string_view text)
{
    const auto claim = parseCertificate(text);
    if (!claim)
        return require(!claim.error().message.empty(), "an error says something");
    (void)passes(*claim, Bytes(100, 'X'));
    (void)opensCommitment(text, text, std::string(64, 'a'));
}

void fuzz(ByteView input)
{
    if (input.empty())
        return;
    if ((input[0] & 1) != 0)
        fuzzHonest(input.subspan(1));
    else
        fuzzText(asText(input.subspan(1)));
}

std::vector<Bytes> seeds()
{
    const Bytes honest {1, 0, 15, 10, 3, 40, 0, 5, 40, 3, 5, 16, 1, 0};
    Bytes text {0};
    const Handed handed {ByteReader(ByteView(honest).subspan(1), ByteOrder::Little)};
    text.insert(text.end(), handed.statement.begin(), handed.statement.end());
    return {honest, text};
}

} // namespace

extern const FuzzTarget certificateTarget;
const FuzzTarget certificateTarget {"certificate", fuzz, seeds};

} // namespace coredact::test
