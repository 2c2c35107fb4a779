// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/certificates.h"
#include "scanner/rules/keys/signedtokens.h"
#include "scanner/rules/keys/tlssecrets.h"
#include "scanner/rules/ruleset.h"
#include "scanner/rules/walk.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/pass.h"
#include "scanner/scan/streams.h"

namespace coredact {

/// What a scan takes the dump past. Everything it refers to must outlive the call.
struct AllPasses {
    const WalkContext& context;
    const RuleSet& rules;
    const WorkList& work;
    const DataRuns& data;
    const WindowShape& shape;
    Collector& collector;
    Streams& streams;
    unsigned threads;
    RangeSums* sums; ///< takes sums of the bytes that detectors and rules see, if wanted
};

/// What the passes leave beside matches.
struct PassResult {
    CertificateHarvest certificates;
    std::vector<SignedToken> tokens; ///< signed ones, each once
    TlsProofs tls;
    std::map<SecretBytes, std::string> owners; ///< of AES keys: what else they are used for
    std::vector<Unreadable> unreadable;
    std::vector<Error> failures; ///< why walks ended early
    std::vector<std::string_view> full; ///< what left out what was too much for it
    DataRuns data; ///< without what turned out to be long runs of zeros
};

/// Takes the dump past detectors, text rules and views, and past the walks as often as they ask
/// for it; then, where there are tokens signed with HMAC, past the search for their secrets, and,
/// where there are AES keys or TLS sessions, for what they prove (secrets of TLS, wrapped
/// passphrases), and where there are DES keys, for these as they were given. Ends early when the
/// job is cancelled.
PassResult takeAllPasses(const AllPasses& all);

} // namespace coredact
