// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <vector>

namespace coredact {

/// Which pieces of a value nobody would write by accident, for the verification: code and tables
/// of its own, so that no mistake is the scanner's too. All are a little stricter than the search
/// for copies, which must have redacted whatever is told of here.
namespace telling {

/// Eight bytes: six of them differ, they do not count by equal steps, and in printable text three
/// neighbours are a letter beside a digit or two letters that are seldom written so, or four
/// change between small letters, capitals and digits. `inRandom`: all of them lie in random runs;
/// two of both together are enough then.
bool isTelling(ByteView eight, bool inRandom);
/// Sixteen bytes, though they read like words: six differ, and so do the steps between them.
bool isTellingTogether(ByteView sixteen);
/// Which bytes of a text lie in runs of twelve and more digits of base64 or base64url of whose
/// pieces a third tell: random ones, of which some read like words by chance. `isPublic` ends runs.
std::vector<bool> randomRuns(ByteView text, const std::vector<bool>& isPublic);

} // namespace telling

} // namespace coredact
