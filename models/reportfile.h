// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/document.h"

namespace coredact {

/// Writes a report on the open dump with its verdicts; the format follows the name's ending:
/// .json, .sarif, .csv, .html, else text. Refuses a name that exists. Needs Scanned.
Status saveReportOf(const Document& document, const QString& path);

} // namespace coredact
