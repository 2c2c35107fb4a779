// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/client/room.h"
#include "scanner/redact/certificatecheck.h"
#include "scanner/report/outcome.h"

#include <filesystem>

namespace coredact::cli {

namespace {

struct Options {
    std::string copy;
    std::string certificate;
    std::string original;
    std::string format = "text";
    RuleChoice rules;
    std::string secretsFrom;
    unsigned jobs = 0;
    bool progress = false;
};

using Claim = std::optional<CertificateClaim>;

/// The certificate that was named, or the one beside the copy, or none.
Result<Claim> claimFor(const Options& options, Surroundings& around)
{
    std::string path = options.certificate;
    if (path.empty()) {
        path = options.copy + ".coredact.json";
        if (std::error_code error; !std::filesystem::exists(path, error)) {
            if (!options.original.empty())
                return Error {ErrorCode::Usage,
                              "with --original a certificate is needed: it lists what may differ",
                              std::nullopt};
            warn(around, "no certificate beside " + options.copy
                     + ": only structure, scan and given values are checked");
            return Claim();
        }
    }
    const auto text = readText(path, "the certificate", 256U << 20);
    if (!text)
        return text.error();
    auto claim = parseCertificate(*text);
    if (!claim)
        return Error {claim.error().code, path + ": " + claim.error().message,
                      claim.error().offset};
    return Claim(std::move(*claim));
}

/// A file to check and the place for what comes out of it where it is a container.
struct Subject {
    OpenedFile file;
    Room room;
};

Result<Subject> subjectAt(const std::string& path)
{
    auto file = openDump(path);
    if (!file)
        return file.error();
    auto room = makeRoom();
    if (!room)
        return room.error();
    return Subject {std::move(*file), std::move(*room)};
}

Result<protocol::Verified> verifyIn(Client& engine, const Options& options, const Claim& claim,
                                    const ScanSettings& settings, Surroundings& around)
{
    const auto copy = subjectAt(options.copy);
    if (!copy)
        return copy.error();
    std::vector<int> descriptors {copy->file.descriptor.number(), copy->room.file.number()};
    std::optional<Subject> original;
    if (!options.original.empty()) {
        auto subject = subjectAt(options.original);
        if (!subject)
            return subject.error();
        original = std::move(*subject);
        descriptors.push_back(original->file.descriptor.number());
        descriptors.push_back(original->room.file.number());
    }
    protocol::Verify request;
    request.withOriginal = original.has_value();
    request.byteBudget = copy->room.byteBudget;
    if (claim) {
        request.edits = claim->edits;
        request.kept = claim->kept;
    }
    request.given = settings.given.texts();
    request.threads = settings.threads;
    auto verified = answerAs<protocol::Verified>(engine.call(
        request, descriptors, around.progress.handler(), around.stopper()));
    for (std::string& text : request.given)
        wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return verified;
}

/// What the certificate says of the file as a whole.
void compareWithClaim(const CertificateClaim& claim, protocol::Verified& verified,
                      Surroundings& around)
{
    const bool same = verified.fileSha256 == claim.copySha256 && verified.fileSize == claim.copySize;
    verified.report.checks.insert(
        verified.report.checks.begin(),
        {"the file is the one that the certificate names", same,
         std::to_string(verified.fileSize) + " bytes, SHA-256 " + verified.fileSha256});
    if (!same)
        verified.report.violations.push_back(
            {"certificate", std::nullopt, "size or SHA-256 is another than in the certificate"});
    if (verified.rulesDigest != claim.rulesDigest)
        warn(around, "the certificate was made with other rules than those of this program");
}

int verify(const Options& options, const ScanSettings& settings, Surroundings& around)
{
    const auto claim = claimFor(options, around);
    if (!claim)
        return failed(around, claim.error());
    const auto engine = Client::start();
    if (!engine)
        return failed(around, engine.error());
    around.progress.begin(options.copy);
    const auto rules = loadRules(**engine, settings.rules, around);
    if (!rules)
        return failed(around, rules.error());
    warnOfRules(around, rules->problems);
    auto verified = verifyIn(**engine, options, *claim, settings, around);
    if (!verified)
        return failed(around, verified.error());
    around.progress.clear();
    for (const std::string& limit : verified->limits)
        warn(around, limit);
    if (*claim)
        compareWithClaim(**claim, *verified, around);
    const std::string promised = *claim ? (*claim)->promise : "";
    const Status given
        = giveReport({}, options.format == "json"
                         ? report::verificationToJson(verified->report, promised)
                         : report::verificationToText(verified->report, promised), {});
    if (!given)
        return failed(around, given.error());
    return static_cast<int>(verified->report.passed() ? report::Outcome::Clean
                                                      : report::Outcome::Unverified);
}

} // namespace

Run addVerify(CLI::App& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* command
        = program.add_subcommand("verify", "Check a redacted copy against its certificate");
    command->add_option("out", options->copy, "The redacted copy")->required()->type_name("OUT");
    command->add_option("--certificate", options->certificate,
                        "Its certificate; else OUT.coredact.json where there is one")
        ->type_name("FILE");
    command->add_option("--original", options->original,
                        "The original, where you have it: nothing else may differ")
        ->type_name("IN");
    addTextOrJson(*command, options->format);
    addScanOptions(*command, options->rules, options->secretsFrom, options->jobs,
                   options->progress);
    command->footer("Without the original: the file is the certificate's, each listed range holds only\n"
                    "its fill, the structure reads, a fresh scan finds nothing, and no value of\n"
                    "--secrets-from is in it in any encoding.\n\n"
                    "Examples:\n"
                    "  coredact-cli verify received.core\n"
                    "  coredact-cli verify copy.core --original core.1234 --secrets-from known.txt\n\n"
                    + std::string(exitCodeHelp));
    return [options](StopSignal& stop) {
        ProgressLine progress(options->progress ? ProgressMode::Always : ProgressMode::OnTerminal);
        Surroundings around {stop, progress};
        auto settings = settingsFrom(options->rules, options->secretsFrom, options->jobs);
        return settings ? verify(*options, *settings, around) : failed(around, settings.error());
    };
}

} // namespace coredact::cli
