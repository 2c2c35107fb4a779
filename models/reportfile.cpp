// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/reportfile.h"

#include "models/texts.h"
#include "scanner/report/report.h"

#include <QFile>

#include <map>


namespace coredact {

namespace {

std::string textOf(const report::Report& made, const QString& path)
{
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive))
        return report::toJson(made);
    if (path.endsWith(QLatin1String(".sarif"), Qt::CaseInsensitive))
        return report::toSarif(made);
    if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        return report::toCsv(made);
    if (path.endsWith(QLatin1String(".html"), Qt::CaseInsensitive))
        return report::toHtml(made);
    return report::toText(made);
}

/// The rules that found something, as the findings tell of them.
std::vector<RuleInfo> rulesOf(const std::vector<Finding>& findings)
{
    std::map<std::string, RuleInfo> rules;
    for (const Finding& finding : findings) {
        RuleInfo& rule = rules[finding.rule];
        rule.id = finding.rule;
        rule.title = finding.title;
        rule.severity = finding.severity;
        rule.explanation = finding.explanation;
        rule.remediation = finding.remediation;
    }
    std::vector<RuleInfo> list;
    for (auto& [id, rule] : rules)
        list.push_back(std::move(rule));
    return list;
}

} // namespace

Status saveReportOf(const Document& document, const QString& path)
{
    if (document.state() != Document::State::Scanned)
        return Error {ErrorCode::Usage, "the scan is not complete", std::nullopt};
    report::Report made;
    made.rulesDigest = document.outcome().rulesDigest;
    made.rules = rulesOf(*document.findings());
    report::ScannedDump dump;
    dump.path = QFile::encodeName(document.path()).toStdString();
    dump.dump = *document.dump();
    dump.containers = document.containers();
    dump.findings = *document.findings();
    dump.scannedBytes = document.outcome().scannedBytes;
    dump.incomplete = document.outcome().incomplete;
    dump.triage = document.verdicts().triage();
    made.dumps.push_back(std::move(dump));
    const std::string text = textOf(made, path);

    QFile file(path);
    if (!file.open(QFile::WriteOnly | QFile::NewOnly))
        return Error {ErrorCode::System,
                      "cannot write the report: " + Texts::toUtf8(file.errorString()),
                      std::nullopt};
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const bool written = file.write(text.data(), static_cast<qint64>(text.size()))
            == static_cast<qint64>(text.size())
        && file.flush();
    if (written)
        return {};
    file.remove();
    return Error {ErrorCode::System,
                  "cannot write the report: " + Texts::toUtf8(file.errorString()), std::nullopt};
}

} // namespace coredact
