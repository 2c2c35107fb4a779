// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificate.h"
#include "scanner/redact/certificatecheck.h"
#include "scanner/redact/commitment.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;
using Json = nlohmann::json;

namespace {

const RedactionPlan& plan()
{
    static const auto made = RedactionPlan::fromEdits(
        {{range(100, 40), Fill::X, "some-token", "f1", ""},
         {range(200, 40), Fill::Token, "some-token", "f1", "CDR~bcdfgh"}},
        4096, {});
    return *made;
}

const VerificationReport& verification()
{
    static const VerificationReport made {{{"everything", true, ""}}, {}, std::string(64, 'a')};
    return made;
}

/// What a statement in this mode is made from.
CertificateInput inputFor(const char* mode)
{
    CertificateInput input;
    input.copyName = "copy";
    input.copySha256 = std::string(64, 'a');
    input.copySize = input.plainSize = 4096;
    input.originalSha256 = std::string(64, 'b');
    input.rulesDigest = "sha256:rules";
    input.mode = mode;
    input.secretsRedacted = 1;
    input.plan = &plan();
    input.verification = &verification();
    return input;
}

const std::vector<ClassShare>& shares()
{
    static const std::vector<ClassShare> made {
        {DumpClass::Stack, ClassUse::Fill, 10, 0},    {DumpClass::Heap, ClassUse::Keep, 8, 2},
        {DumpClass::Anonymous, ClassUse::Fill, 5, 0}, {DumpClass::Data, ClassUse::Keep, 4, 1},
        {DumpClass::Notes, ClassUse::Keep, 2, 0},     {DumpClass::Code, ClassUse::Scan, 7, 0}};
    return made;
}

const std::vector<ClassRange>& left()
{
    static const std::vector<ClassRange> made {{range(500, 8), DumpClass::Heap},
                                               {range(600, 4), DumpClass::Data},
                                               {range(700, 2), DumpClass::Notes}};
    return made;
}

Json customStatement()
{
    CertificateInput input = inputFor("custom");
    input.shares = shares();
    input.left = left();
    return Json::parse(makeCertificate(input).statement);
}

Json minimisedStatement()
{
    const std::vector<KeptRange> ranges {{range(0, 64), "notes"}, {range(100, 500), "stack"}};
    CertificateInput input = inputFor("minimise");
    input.ranges = ranges;
    return Json::parse(makeCertificate(input).statement);
}

Json plainStatement()
{
    const std::vector kept {finding("f2", {occurrence({range(500, 30)})}, "other-token")};
    CertificateInput input = inputFor("redact");
    input.kept = kept;
    input.secretsKept = 1;
    return Json::parse(makeCertificate(input).statement);
}

std::string limitsOf(const CertificateInput& input)
{
    return Json::parse(makeCertificate(input).statement)["predicate"]["limits"].dump();
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

/// What the members of a statement are called, down to those of the first of each list.
void addPaths(const Json& json, const std::string& at, std::vector<std::string>& paths)
{
    if (!at.empty())
        paths.push_back(at);
    if (json.is_object())
        for (const auto& [name, value] : json.items())
            addPaths(value, at + "/" + name, paths);
    else if (json.is_array() && !json.empty())
        addPaths(json.front(), at + "/0", paths);
}

} // namespace

/// What a certificate says in words, and what of it is checked when it is read.
class TestStatements : public QObject {
    Q_OBJECT

private slots:
    void sayWhatIsTrueOfThisCopy()
    {
        CertificateInput input = inputFor("redact");
        QVERIFY(!has(limitsOf(input), "64 KiB"));
        QVERIFY(has(limitsOf(input), "compressed in a way that is not told by its first bytes"));
        QVERIFY(!has(limitsOf(input), "pseudonym"));
        input.figures.withoutToken = 1;
        QVERIFY(has(limitsOf(input), "1 secret has no pseudonym"));
        input.figures.withoutToken = 3;
        QVERIFY(has(limitsOf(input), "3 secrets have no pseudonym"));
        input = inputFor("minimise");
        QVERIFY(has(limitsOf(input), "64 KiB of them") || has(limitsOf(input), "64 KiB of it"));
        QVERIFY(!has(limitsOf(input), "Loader data"));
        const std::vector<KeptRange> ranges {{range(0, 64), "stack"},
                                             {range(100, 5), "loader data"}};
        input.ranges = ranges;
        QVERIFY(has(limitsOf(input), "Loader data is"));
    }

    void sayWhatFillingCostsAndKeepingLeaves()
    {
        CertificateInput input = inputFor("custom");
        input.shares = shares();
        const std::string said = limitsOf(input);
        QVERIFY(has(said, "Cost of filled stacks"));
        QCOMPARE(said.find("Cost of"), said.rfind("Cost of")); // other memory costs nothing
        QVERIFY(has(said, "\\\"heap\\\" was kept as it was, with 2 places of known secrets"));
        QVERIFY(has(said, "\\\"data\\\" was kept as it was, with 1 place of a known secret;"));
        QVERIFY(has(said, "\\\"notes\\\" was kept as it was, with no place of a known secret"));
        QVERIFY(!has(said, "code"));
    }

    void promiseWhatACustomCopyHolds()
    {
        const auto with = [](std::uint64_t secrets, std::vector<ClassShare> some) {
            return promise("custom", secrets, some);
        };
        const ClassShare fill {DumpClass::Heap, ClassUse::Fill, 1, 0};
        const ClassShare keep {DumpClass::Data, ClassUse::Keep, 1, 0};
        const ClassShare look {DumpClass::Code, ClassUse::Scan, 1, 0};
        const ClassShare more {DumpClass::Notes, ClassUse::Scan, 1, 0};
        QCOMPARE(
            with(0, {fill}),
            std::string("filled whole: heap; no secret was found that had to go and went whole"));
        QCOMPARE(
            with(1, {look, more}),
            std::string("scanned: code, notes; no copy of 1 secret remains; unknown secrets may "
                        "remain in what was scanned"));
        QCOMPARE(with(2, {keep}),
                 std::string("kept as they were, secrets included: data; no copy of 2 secrets "
                             "remains; unknown secrets may remain in what was kept"));
        QVERIFY(with(1, {fill, keep, look}).ends_with("in what was scanned or kept"));
        QVERIFY(with(1, {fill, keep, look}).starts_with("filled whole: heap; kept as they were"));
    }

    void nameTheirMode()
    {
        PlanPolicy policy;
        QCOMPARE(modeOf(Form::Whole, policy), std::string("redact"));
        QCOMPARE(modeOf(Form::Minimised, policy), std::string("minimise"));
        policy.classes.emplace();
        QCOMPARE(modeOf(Form::Whole, policy), std::string("custom"));
    }

    void countTheSecretsThatGo()
    {
        std::vector<Finding> findings;
        for (const char* const id : {"f1", "f2", "f3", "f4"})
            findings.push_back(finding(id, {occurrence({range(10, 8)})}));
        QCOMPARE(secretsToGo(findings, {}, {}), std::uint64_t(4));
        findings[0].notSought = NotSought::CommonWord;
        Triage triage;
        triage.decisions["f2"] = {Verdict::Keep, Reason::FalsePositive, ""};
        triage.decisions["f3"] = {Verdict::Redact, Reason::FalsePositive, ""};
        QCOMPARE(secretsToGo(findings, triage, {}), std::uint64_t(2));
        // One stays with its class; that another is shared with a kept one does not keep it.
        const std::vector<Conflict> conflicts {{range(10, 8), "f3", "kept with its class: heap"},
                                               {range(10, 8), "f4", "shared with f2"}};
        QCOMPARE(secretsToGo(findings, triage, conflicts), std::uint64_t(1));
        QCOMPARE(secretsToGo(findings, triage, std::span(conflicts).last(1)), std::uint64_t(2));
    }

    void areReadBack()
    {
        for (const Json& good : {plainStatement(), customStatement(), minimisedStatement()}) {
            const auto claim = parseCertificate(good.dump());
            QVERIFY2(claim.ok(), claim ? "" : claim.error().message.c_str());
            QCOMPARE(claim->choices().has_value(), claim->mode == "custom");
            QCOMPARE(claim->rulesDigest, std::string("sha256:rules"));
            QVERIFY(claim->left == (claim->mode == "custom" ? left() : std::vector<ClassRange>()));
        }
        const auto choices = *parseCertificate(customStatement().dump())->choices();
        QCOMPARE(choices.size(), shares().size());
        QVERIFY(choices[1] == (ClassChoice {DumpClass::Heap, ClassUse::Keep}));
    }

    /// Each member left out, and each of another type: what people or programs go by is missed.
    void areRefusedWithoutAnythingThatCounts_data()
    {
        QTest::addColumn<QByteArray>("statement");
        QTest::newRow("redact") << QByteArray::fromStdString(plainStatement().dump());
        QTest::newRow("custom") << QByteArray::fromStdString(customStatement().dump());
        QTest::newRow("minimise") << QByteArray::fromStdString(minimisedStatement().dump());
    }
    void areRefusedWithoutAnythingThatCounts()
    {
        QFETCH(const QByteArray, statement);
        const Json good = Json::parse(statement.toStdString());
        // Said for people only, or beside what is checked; a copy's name may be any.
        static constexpr std::array free {"/predicate/tool",
                                          "/predicate/rules",
                                          "/predicate/inputCommitment",
                                          "/predicate/verification/checks/0/name",
                                          "/predicate/verification/checks/0/detail",
                                          "/subject/0/name",
                                          "/predicate/kept/0/rule",
                                          "/predicate/kept/0/",
                                          "/predicate/keptRanges/0/what",
                                          "/predicate/classes/0/secretPlacesLeft"};
        const auto isFree = [&](const std::string& path) {
            return std::any_of(free.begin(), free.end(),
                               [&](const char* one) { return path.starts_with(one); });
        };
        std::vector<std::string> paths;
        addPaths(good, "", paths);
        QVERIFY(paths.size() > 30);
        for (const std::string& path : paths) {
            const bool isPlace = path.ends_with("/offset") || path.ends_with("/length");
            if (isFree(path) && !isPlace)
                continue;
            const Json::json_pointer member(path);
            if (good[member.parent_pointer()].is_object()) {
                Json shorter = good;
                shorter[member.parent_pointer()].erase(member.back());
                QVERIFY2(!parseCertificate(shorter.dump()).ok(), path.c_str());
            }
            for (const Json& other : {Json(), Json(7), Json("?"), Json::object(), Json::array()}) {
                Json spoilt = good;
                spoilt[Json::json_pointer(path)] = other;
                const bool same = spoilt == good;
                QVERIFY2(same || !parseCertificate(spoilt.dump()).ok()
                             || (other.is_array() && path == "/predicate/kept"),
                         (path + " = " + other.dump()).c_str());
            }
        }
    }

    void areRefusedWithRangesOutOfOrderOrAtNoPlace()
    {
        const auto refused = [](Json statement, const char* path, const Json& value) {
            statement[Json::json_pointer(path)] = value;
            return !parseCertificate(statement.dump()).ok();
        };
        const char* const most = "18446744073709551615";
        for (const char* const list : {"kept", "ranges"})
            QVERIFY(refused(plainStatement(),
                            (std::string("/predicate/") + list + "/0/length").c_str(),
                            list == std::string("kept") ? "0" : most));
        QVERIFY(refused(customStatement(), "/predicate/keptClassRanges/1/offset", "507"));
        QVERIFY(refused(customStatement(), "/predicate/keptClassRanges/0/length", most));
        QVERIFY(refused(customStatement(), "/predicate/keptClassRanges/0/class", "data"));
        QVERIFY(refused(customStatement(), "/predicate/classes/0/class", "heap"));
        QVERIFY(refused(customStatement(), "/predicate/classes/1/bytes", "9"));
        QVERIFY(!refused(customStatement(), "/predicate/classes/1/bytes", "8"));
        QVERIFY(refused(minimisedStatement(), "/predicate/keptRanges/1/offset", "63"));
        QVERIFY(!refused(minimisedStatement(), "/predicate/keptRanges/1/offset", "64"));
        QVERIFY(refused(minimisedStatement(), "/predicate/keptRanges/1/length", most));
        QVERIFY(refused(plainStatement(), "/predicate/ranges/0/token",
                        "CDR~bcdfgh")); // no token's fill
        QVERIFY(refused(plainStatement(), "/predicate/ranges/1/token", std::string(5000, 'b')));
        QVERIFY(refused(plainStatement(), "/subject/1", Json::object()));
        for (const char* const digits : {"", "4096x", " 4096", "-1", "18446744073709551616"})
            QVERIFY2(refused(plainStatement(), "/predicate/size", digits), digits);
        for (const std::string& digest :
             {std::string(63, 'a'), std::string(65, 'a'), std::string(63, 'a') + "A"})
            QVERIFY(refused(plainStatement(), "/subject/0/digest/sha256", digest));
    }

    /// A reader's program makes the sentences anew, so that no signature is needed for them.
    void areRefusedWhereALetterOfTheirProseIsAnother_data()
    {
        areRefusedWithoutAnythingThatCounts_data();
    }
    void areRefusedWhereALetterOfTheirProseIsAnother()
    {
        QFETCH(const QByteArray, statement);
        const Json good = Json::parse(statement.toStdString());
        const Json& limits = good["predicate"]["limits"];
        QVERIFY(limits.size() >= 4);
        const auto refused = [](const Json& spoilt) { return !parseCertificate(spoilt.dump()); };
        for (std::size_t i = 0; i < limits.size(); ++i) {
            const auto sentence = limits[i].get<std::string>();
            for (const std::size_t at :
                 {std::size_t {0}, sentence.size() / 2, sentence.size() - 1}) {
                Json spoilt = good;
                std::string other = sentence;
                other[at] = other[at] == 'x' ? 'y' : 'x';
                spoilt["predicate"]["limits"][i] = other;
                QVERIFY2(refused(spoilt), other.c_str());
            }
            Json shorter = good;
            shorter["predicate"]["limits"].erase(i);
            QVERIFY2(refused(shorter), sentence.c_str());
        }
        // What only the owner's machine knew comes behind.
        Json longer = good;
        longer["predicate"]["limits"].push_back("The sandbox was not available.");
        QVERIFY(!refused(longer));
        longer["predicate"]["limits"].insert(longer["predicate"]["limits"].begin(), "It is clean.");
        QVERIFY(refused(longer));
    }

    void areRefusedWithOtherFiguresThanTheirWords()
    {
        CertificateInput input = inputFor("redact");
        input.roundUp = true;
        input.figures = {2, 1, 3};
        const Json good = Json::parse(makeCertificate(input).statement);
        QVERIFY(parseCertificate(good.dump()).ok());
        const auto refused = [&](const char* path, const Json& value) {
            Json spoilt = good;
            spoilt[Json::json_pointer(path)] = value;
            return !parseCertificate(spoilt.dump()).ok();
        };
        QVERIFY(refused("/predicate/lengths/roundedUp", false));
        QVERIFY(refused("/predicate/lengths/hidden", "3"));
        QVERIFY(refused("/predicate/lengths/shown", "2"));
        QVERIFY(refused("/predicate/secretsWithoutPseudonym", "2"));
        QVERIFY(refused("/predicate/totals/0/reason", "other-token"));
        QVERIFY(refused("/predicate/totals/0/ranges", "1"));
        QVERIFY(refused("/predicate/totals/0/bytes", "79"));
        QVERIFY(refused("/predicate/totals/1", good["predicate"]["totals"][0]));
        QVERIFY(refused("/predicate/verification/passed", false));
        QVERIFY(refused("/predicate/verification/checks/0/passed", false));
        QVERIFY(refused("/predicate/verification/checks/0/name", ""));
        QVERIFY(refused("/predicate/verification/checks", Json::array()));
        QVERIFY(refused("/predicate/secretsKept", "1"));
        input.roundUp = false;
        input.figures = {};
        Json hiding = Json::parse(makeCertificate(input).statement);
        QVERIFY(parseCertificate(hiding.dump()).ok());
        hiding["predicate"]["lengths"]["hidden"] = "1";
        QVERIFY(!parseCertificate(hiding.dump()).ok());
        Json kept = plainStatement();
        for (const char* const secrets : {"0", "2"}) {
            kept["predicate"]["secretsKept"] = secrets;
            QVERIFY(!parseCertificate(kept.dump()).ok());
        }
    }

    void areNoStatementsAboutAnythingElse()
    {
        Json other = plainStatement();
        other["predicateType"] = "https://slsa.dev/provenance/v1";
        QVERIFY(!parseCertificate(other.dump()).ok());
        other = plainStatement();
        other["_type"] = "https://in-toto.io/Statement/v0.1";
        QVERIFY(!parseCertificate(other.dump()).ok());
        for (const char* const text : {"null", "7", "\"text\"", "[]", "{\"subject\": []}"})
            QVERIFY(!parseCertificate(text).ok());
    }

    /// Refused by its size: there is nothing behind it that could be read.
    void areNotLookedAtWhereTheyAreTooLarge()
    {
        const std::size_t size = (std::size_t {256} << 20) + 1;
        void* const nothing
            = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        QVERIFY(nothing != MAP_FAILED);
        const auto read = parseCertificate({static_cast<const char*>(nothing), size});
        QVERIFY(!read && read.error().code == ErrorCode::TooLarge);
        munmap(nothing, size);
    }

    /// Ranges of a claim that was not read from a certificate may be anything.
    void areNotCheckedWithRangesOutsideTheCopy()
    {
        CertificateClaim claim = *parseCertificate(plainStatement().dump());
        const auto copy = Source::fromBytes(std::vector<std::uint8_t>(4096, 'X'));
        QVERIFY(checkCertificate(claim, *copy, JobControl())->checks.front().passed);
        ++claim.copySize;
        QVERIFY(!checkCertificate(claim, *copy, JobControl())->checks.front().passed);
        claim.plainSize = 239;
        QVERIFY(!checkCertificate(claim, *copy, JobControl()));
    }

    void openTheirCommitmentWithTheRecordOnly()
    {
        const Certificate made = makeCertificate(inputFor("redact"));
        const std::string digest(64, 'b');
        QVERIFY(*opensCommitment(made.statement, made.privateRecord, digest));
        for (const char* const record :
             {"", "{", "[]", "{}", "{\"salt\": 5}", "{\"salt\": \"\"}", "{\"salt\": \"abc\"}",
              "{\"salt\": \"xy\"}", "{\"salt\": \"AB\"}"})
            QVERIFY2(!opensCommitment(made.statement, record, digest).ok(), record);
        QVERIFY(!*opensCommitment(made.statement, "{\"salt\": \"ab\"}", digest));
        QVERIFY(!opensCommitment("{}", made.privateRecord, digest).ok());
    }

    void readHexAsTheyWriteIt()
    {
        const QByteArray bytes = randomKey(9, 33);
        const auto again = bytesFromHex(hexFromBytes(view(bytes)));
        QVERIFY(again && std::equal(again->begin(), again->end(), view(bytes).begin()));
        QCOMPARE(hexFromBytes(view(bytes)), bytes.toHex().toStdString());
        for (const char* const text : {"", "a", "abc", "0g", "AB", "0x12", "ab "})
            QVERIFY2(!bytesFromHex(text), text);
    }
};

QTEST_APPLESS_MAIN(TestStatements)
#include "tst_statements.moc"
