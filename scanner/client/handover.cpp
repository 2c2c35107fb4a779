// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/client.h"
#include "scanner/client/exporthistory.h"
#include "scanner/client/publication.h"
#include "scanner/client/room.h"
#include "scanner/redact/certificate.h"
#include "scanner/redact/envelope.h"
#include "scanner/redact/morefills.h"

#include <algorithm>

#include <fcntl.h>

namespace coredact {
namespace {

using namespace protocol;

bool isKept(const Finding& finding, const Triage& triage)
{
    return triage.decisionFor(finding.id).verdict == Verdict::Keep;
}

/// What the steps of one hand-over share.
struct Steps {
    const OpenedFile& original;
    std::span<const Finding> findings;
    const HandOver& options;
    const Client::Handler& progress;
    const std::function<bool()>& stop;
};

Result<Exported> exportBy(Client& scanned, const Steps& steps,
                          const std::vector<FileRange>& foundAgain, int output, int values)
{
    const auto plain = makeRoom(folderOf(steps.options.target));
    if (!plain)
        return plain.error();
    const int descriptors[] = {output, values, plain->file.number()};
    auto event = scanned.call(Export {steps.options.triage, steps.options.policy, foundAgain},
                              descriptors, steps.progress, steps.stop);
    if (!event)
        return event.error();
    return std::get<Exported>(std::move(*event));
}

std::vector<Finding> keptFindings(const Steps& steps)
{
    std::vector<Finding> kept;
    std::copy_if(steps.findings.begin(), steps.findings.end(), std::back_inserter(kept),
                 [&](const Finding& finding) { return isKept(finding, steps.options.triage); });
    return kept;
}

/// The same file for reading only, so that who verifies cannot write; where /proc is not there,
/// the descriptor itself.
Descriptor forReading(int file)
{
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    if (Descriptor reading(open(path.c_str(), O_RDONLY | O_CLOEXEC)); reading)
        return reading;
    return Descriptor(fcntl(file, F_DUPFD_CLOEXEC, 0));
}

Status loadRules(Client& engine, const Steps& steps)
{
    LoadRules request {{}, steps.options.ruleOptions};
    for (const RuleFile& file : steps.options.ruleFiles)
        request.files.emplace_back(file.name, file.text);
    const auto loaded = engine.call(request, {}, steps.progress, steps.stop);
    return loaded ? Status() : Status(loaded.error());
}

Result<Verified> verifyByAFreshEngine(const Steps& steps, const Exported& exported, int output,
                                      int values)
{
    auto engine = Client::start(steps.options.enginePath);
    if (!engine)
        return engine.error();
    if (const Status loaded = loadRules(**engine, steps); !loaded)
        return loaded.error();
    const auto copyRoom = makeRoom(folderOf(steps.options.target));
    if (!copyRoom)
        return copyRoom.error();
    const auto originalRoom = makeRoom(folderOf(steps.options.target));
    if (!originalRoom)
        return originalRoom.error();
    Verify request;
    request.withOriginal = true;
    request.minimised = steps.options.form == Form::Minimised;
    request.ranges = steps.options.kept;
    request.withValues = true;
    request.byteBudget = copyRoom->byteBudget;
    request.edits = exported.edits;
    request.threads = steps.options.threads;
    request.kept = keptFindings(steps);
    request.packsLeft = steps.options.packs.packsWith(PackUse::Show);
    request.classes = steps.options.policy.classes;
    request.left = exported.left;
    const Descriptor copy = forReading(output);
    const int descriptors[]
        = {copy.number(), copyRoom->file.number(), steps.original.descriptor.number(),
           originalRoom->file.number(), values};
    auto event = (*engine)->call(request, descriptors, steps.progress, steps.stop);
    if (!event)
        return event.error();
    return std::get<Verified>(std::move(*event));
}

Result<Certificate> certificateFor(const Steps& steps, const Exported& exported,
                                   const Verified& verified)
{
    const auto plan = RedactionPlan::fromEdits(exported.edits, exported.report.bytesWritten, {});
    if (!plan)
        return plan.error();
    if (plan->digest() != exported.planDigest)
        return Error {ErrorCode::Sandbox, "the engine told two different plans", std::nullopt};
    const std::vector<Finding> kept = keptFindings(steps);
    CertificateInput input;
    input.copyName = steps.options.target.substr(steps.options.target.rfind('/') + 1);
    input.copySha256 = verified.fileSha256;
    input.copySize = verified.fileSize;
    input.plainSize = exported.report.bytesWritten;
    input.originalSha256 = exported.originalSha256;
    input.rulesDigest = verified.rulesDigest;
    input.mode = modeOf(steps.options.form, steps.options.policy);
    input.ranges = steps.options.kept;
    input.shares = exported.shares;
    input.left = exported.left;
    input.figures = exported.figures;
    input.roundUp = steps.options.policy.roundUp;
    input.kept = kept;
    input.secretsKept = kept.size();
    input.secretsRedacted = secretsToGo(steps.findings, steps.options.triage, exported.conflicts);
    input.plan = &*plan;
    input.verification = &verified.report;
    input.limits = exported.limits;
    for (const std::string& limit : verified.limits)
        if (std::find(input.limits.begin(), input.limits.end(), limit) == input.limits.end())
            input.limits.push_back(limit);
    for (std::string& limit : packLimits(steps.options.packs))
        input.limits.push_back(std::move(limit));
    return makeCertificate(input);
}

/// What two exports of one input differ in. Read by nobody but a digest.
std::string policyText(const Steps& steps)
{
    const PlanPolicy& policy = steps.options.policy;
    std::string text = modeOf(steps.options.form, policy) + " " + std::string(toText(policy.fill));
    for (const bool flag :
         {policy.vectorRegisters, policy.randomSeed, policy.values, policy.unknown, policy.roundUp})
        text += flag ? " 1" : " 0";
    for (const DumpClass kind : dumpClasses())
        text += " "
            + std::string(toText(useOf(policy.classes.value_or(std::vector<ClassChoice>()), kind)));
    for (const auto& [pack, use] : steps.options.packs.uses)
        text += " " + pack + "=" + std::to_string(static_cast<int>(use));
    for (const Finding& finding : steps.findings)
        if (isKept(finding, steps.options.triage))
            text += " " + finding.id;
    return text;
}

/// A history that cannot be had warns of nothing: it must not cost a copy that is whole.
std::uint64_t earlierPolicies(const Steps& steps, const Exported& exported)
{
    if (steps.options.historyFolder.empty())
        return 0;
    const auto others = ExportHistory(steps.options.historyFolder)
                            .note(exported.originalSha256, policyText(steps));
    return others ? *others : 0;
}

PublicationNames namesFor(const HandOver& options)
{
    PublicationNames names {options.target, options.certificate, {}, options.privateRecord};
    if (names.certificate.empty())
        names.certificate = options.target + ".coredact.json";
    if (options.signer)
        names.signature = names.certificate + ".sig";
    return names;
}

PublicationTexts textsOf(const Certificate& certificate, const SigningKey* signer)
{
    if (!signer)
        return {certificate.statement, {}, certificate.privateRecord};
    std::string sealed = sealedStatement(certificate.statement, *signer);
    std::string signature = sshSignature(sealed, *signer);
    return {std::move(sealed), std::move(signature), certificate.privateRecord};
}

/// A copy, nameless yet, and what verification says of it.
struct VerifiedCopy {
    Publication publication;
    Exported exported;
    Verified verified;
};

Result<VerifiedCopy> makeCopy(Client& scanned, const Steps& steps,
                              const std::vector<FileRange>& foundAgain)
{
    auto publication
        = Publication::make(namesFor(steps.options), steps.original.descriptor.number());
    if (!publication)
        return publication.error();
    const auto values = memoryFile();
    if (!values)
        return values.error();
    auto exported = exportBy(scanned, steps, foundAgain, publication->copy(), values->number());
    if (!exported)
        return exported.error();
    if (const Status sealed = publication->copyIsWritten(); !sealed)
        return sealed.error();
    auto verified = verifyByAFreshEngine(steps, *exported, publication->copy(), values->number());
    if (!verified)
        return verified.error();
    return VerifiedCopy {std::move(*publication), std::move(*exported), std::move(*verified)};
}

/// What verification finds in a copy may be filled as well: then another copy is made.
Result<VerifiedCopy> makeCopyThatHolds(Client& scanned, const Steps& steps)
{
    MoreFills more;
    for (;;) {
        auto made = makeCopy(scanned, steps, more.places());
        if (!made || !more.take(made->verified.report, made->exported.edits))
            return made;
    }
}

} // namespace

Status canHandOver(const OpenedFile& original, const HandOver& options)
{
    const auto possible = Publication::make(namesFor(options), original.descriptor.number());
    return possible ? Status() : Status(possible.error());
}

Result<HandedOver> handOver(Client& scanned, const OpenedFile& original,
                            std::span<const Finding> findings, const HandOver& options,
                            const Client::Handler& progress, const std::function<bool()>& stop)
{
    const Steps steps {original, findings, options, progress, stop};
    const PublicationNames names = namesFor(options);
    auto made = makeCopyThatHolds(scanned, steps);
    if (!made)
        return made.error();
    const Verified& verified = made->verified;

    HandedOver done;
    done.exported = std::move(made->exported);
    done.verification = verified.report;
    done.form = options.form;
    done.mode = modeOf(options.form, options.policy);
    done.roundUp = options.policy.roundUp;
    done.kept = options.kept;
    done.target = names.copy;
    done.certificate = names.certificate;
    done.signature = names.signature;
    done.signer = options.signer ? options.signer->publicKey().fingerprint() : "";
    if (!done.verification.passed())
        return done;
    const auto certificate = certificateFor(steps, done.exported, verified);
    if (!certificate)
        return certificate.error();
    if (const Status published
        = made->publication.publish(textsOf(*certificate, options.signer.get()));
        !published)
        return published.error();
    done.published = true;
    done.earlierPolicies = earlierPolicies(steps, done.exported);
    return done;
}

} // namespace coredact
