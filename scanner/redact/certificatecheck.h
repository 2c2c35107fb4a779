// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/minimise.h"
#include "scanner/redact/verify.h"

namespace coredact {

/// What a certificate says of the copy it came with.
struct CertificateClaim {
    std::string copyName;
    std::string copySha256;
    std::uint64_t copySize = 0;
    std::uint64_t plainSize = 0; ///< of the uncompressed bytes, in which ranges count
    std::string rulesDigest;
    std::string mode;
    std::string promise;
    std::vector<Edit> edits; ///< sorted, disjoint, inside the copy; without finding ids
    std::vector<Finding> kept; ///< rules and places only: what a scan of the copy may find
    std::vector<KeptRange> ranges; ///< all that a minimised copy holds; sorted, disjoint
    std::vector<ClassShare> shares; ///< of a custom copy
    std::vector<ClassRange> left; ///< the bytes of its kept classes; sorted, disjoint

    /// Of a custom copy, what was chosen for each class.
    std::optional<std::vector<ClassChoice>> choices() const;
};

/// Reads a certificate. The text is untrusted: its kind, types, numbers and ranges are checked,
/// and that the figures and sentences follow from one another where they do; what is wrong is
/// named. Not checked: a signature, whether the claim is true, and `takenOnTrust`.
Result<CertificateClaim> parseCertificate(std::string_view statement);

/// What a certificate says that nothing in it and in the copy can prove, for people: it holds where
/// the one who signed it is trusted.
inline constexpr std::string_view takenOnTrust
    = "of which original, with which program and rules the copy was made, how large it is "
      "uncompressed, how many secrets and lengths there were, and what the sender's own "
      "verification told";

/// Compares a copy with its certificate, as a recipient without the original can: the digest and
/// size are those of the copy, and every listed range consists only of its fill.
Result<VerificationReport> checkCertificate(const CertificateClaim& claim, const Source& copy,
                                            const JobControl& control);

/// Whether the private record opens the certificate's commitment for an original of this digest.
Result<bool> opensCommitment(std::string_view statement, std::string_view privateRecord,
                             std::string_view originalSha256);

} // namespace coredact
