// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/keyfile.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/client/room.h"
#include "scanner/redact/certificatecheck.h"
#include "scanner/redact/envelope.h"
#include "scanner/report/outcome.h"

#include <filesystem>

namespace coredact::cli {

namespace {

struct Options {
    std::string copy;
    std::string certificate;
    std::string original;
    std::string signer;
    std::string format = "text";
    RuleChoice rules;
    std::string secretsFrom;
    unsigned jobs = 0;
    bool progress = false;
};

constexpr std::uint64_t largestCertificate = 384U << 20;

/// What came with the copy, and who is asked to have signed it.
struct Testimony {
    std::optional<CertificateClaim> claim; ///< none where there is no certificate
    std::optional<PublicKey> signer; ///< whose signature must hold
    bool signatureHolds = false;
};

Error inFile(const std::string& path, const Error& error)
{
    return {error.code, path + ": " + error.message, error.offset};
}

/// The certificate that was named, or the one beside the copy; "" where there is none.
Result<std::string> certificatePath(const Options& options, Surroundings& around)
{
    if (!options.certificate.empty())
        return options.certificate;
    const std::string path = options.copy + ".coredact.json";
    if (std::error_code error; std::filesystem::exists(path, error))
        return path;
    if (!options.original.empty() || !options.signer.empty())
        return Error {ErrorCode::Usage,
                      "no certificate beside " + options.copy
                          + ": --original and --signer need one",
                      std::nullopt};
    warn(around, "no certificate beside " + options.copy
             + ": only structure, scan and given values are checked");
    return std::string();
}

Result<Testimony> testimonyFor(const Options& options, Surroundings& around)
{
    Testimony testimony;
    if (!options.signer.empty()) {
        const auto key = readPublicKey(options.signer);
        if (!key)
            return key.error();
        testimony.signer = *key;
    }
    const auto path = certificatePath(options, around);
    if (!path || path->empty())
        return path ? Result<Testimony>(std::move(testimony)) : path.error();
    const auto text = readText(*path, "the certificate", largestCertificate);
    if (!text)
        return text.error();
    const auto opened
        = openCertificate(*text, testimony.signer ? &*testimony.signer : nullptr);
    testimony.signatureHolds = opened.ok() && opened->signatureHolds;
    if (testimony.signer && !testimony.signatureHolds)
        return testimony; // nothing that it says is believed
    if (!opened)
        return inFile(*path, opened.error());
    if (!testimony.signer && !opened->keyId.empty())
        warn(around, "the certificate is signed; --signer PUBLICKEY would check by whom");
    auto claim = parseCertificate(opened->statement);
    if (!claim)
        return inFile(*path, claim.error());
    testimony.claim = std::move(*claim);
    return testimony;
}

Check signatureCheck(const Testimony& testimony)
{
    return {"the certificate is signed with the key that was given, and untouched since",
            testimony.signatureHolds, testimony.signer->fingerprint()};
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

using Claim = std::optional<CertificateClaim>;

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
        request.minimised = claim->mode == "minimise";
        request.ranges = claim->ranges;
        request.classes = claim->choices();
        request.left = claim->left;
    }
    request.given = settings.given.texts();
    request.threads = settings.threads;
    request.packsLeft = settings.rules.packs.packsWith(PackUse::Show);
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

int tell(const VerificationReport& report, const std::string& promised, const Options& options,
         Surroundings& around)
{
    const Status given = giveReport({}, options.format == "json"
                                        ? report::verificationToJson(report, promised)
                                        : report::verificationToText(report, promised), {});
    if (!given)
        return failed(around, given.error());
    return static_cast<int>(report.passed() ? report::Outcome::Clean
                                            : report::Outcome::Unverified);
}

int verify(const Options& options, const ScanSettings& settings, Surroundings& around)
{
    const auto testimony = testimonyFor(options, around);
    if (!testimony)
        return failed(around, testimony.error());
    if (testimony->signer && !testimony->signatureHolds) {
        const VerificationReport refused {
            {signatureCheck(*testimony)},
            {{"signature", std::nullopt,
              "the certificate is not signed with this key, or was changed"}},
            {}};
        return tell(refused, {}, options, around);
    }
    const Claim& claim = testimony->claim;
    const auto engine = Client::start();
    if (!engine)
        return failed(around, engine.error());
    around.progress.begin(options.copy);
    const auto rules = loadRules(**engine, settings.rules, around);
    if (!rules)
        return failed(around, rules.error());
    warnOfRules(around, rules->problems);
    auto verified = verifyIn(**engine, options, claim, settings, around);
    if (!verified)
        return failed(around, verified.error());
    around.progress.clear();
    for (const std::string& limit : verified->limits)
        warn(around, limit);
    if (claim)
        compareWithClaim(*claim, *verified, around);
    if (claim && !testimony->signatureHolds)
        warn(around, "not checked, for want of a signature: " + std::string(takenOnTrust));
    if (testimony->signer)
        verified->report.checks.insert(verified->report.checks.begin(),
                                       signatureCheck(*testimony));
    return tell(verified->report, claim ? claim->promise : "", options, around);
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
    command->add_option("--signer", options->signer,
                        "A public key: the certificate must be signed with its private key")
        ->type_name("PUBLICKEY");
    addTextOrJson(*command, options->format);
    addScanOptions(*command, options->rules, options->secretsFrom, options->jobs,
                   options->progress);
    command->footer("Without the original: the file is the certificate's, each listed range holds only\n"
                    "its fill, the structure reads, a fresh scan finds nothing, and no value of\n"
                    "--secrets-from is in it in any encoding. A signature is checked only with --signer;\n"
                    "ssh-keygen -Y verify -n coredact with CERTIFICATE.sig checks the same.\n\n"
                    "Examples:\n"
                    "  coredact-cli verify received.core\n"
                    "  coredact-cli verify received.core --signer sender.pub\n"
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
