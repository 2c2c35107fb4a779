// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <random>
#include <string_view>
#include <vector>

namespace coredact {

extern const Detector pemDetector;
extern const Detector derkeysDetector;
extern const Detector opensshDetector;
extern const Detector aesscheduleDetector;
extern const Detector dpapiDetector;
extern const Detector gpgkeysDetector;
extern const Detector jwkDetector;
extern const Detector kerberosDetector;
extern const Detector keystoresDetector;
extern const Detector pgpDetector;
extern const Detector puttyDetector;
extern const Detector toronionDetector;
extern const Detector winkeysDetector;
extern const Detector xmlkeysDetector;

/// Runs one detector over bytes cut into windows of `fresh` bytes, each with some context and a
/// full margin; places in the matches count from the first byte of all. `address`: of that byte.
std::vector<Match> matchesIn(const Detector& detector, ByteView bytes,
                             std::size_t fresh = std::size_t {1} << 20, std::uint64_t address = 0);

/// Where in the same windows the detector told that it left something out.
std::vector<std::size_t> leftOutIn(const Detector& detector, ByteView bytes,
                                   std::size_t fresh = std::size_t {1} << 20);

/// Bytes of a generator that starts from `seed`: the same in each run.
std::vector<std::uint8_t> randomBytes(std::size_t size, std::uint32_t seed);

/// `before` random bytes, then `middle`, then `after` random bytes.
std::vector<std::uint8_t> buried(ByteView middle, std::size_t before, std::size_t after);

/// Keys that libcrypto makes for this run.
struct MadeKey {
    std::vector<std::uint8_t> pkcs8;
    std::vector<std::uint8_t> traditional; ///< PKCS#1 or SEC1; empty where there is none
    std::string pem; ///< PKCS#8
    std::string traditionalPem;
    std::vector<std::uint8_t> spki;
};
MadeKey makeRsa(int bits);
MadeKey makeEc(const char* curve); ///< "P-256", "secp256k1", ...
MadeKey makeOkp(const char* type); ///< "ED25519", "X25519", "ED448", "X448"

/// The content of what the spans of a match cover.
SecretBytes spanned(ByteView bytes, const Match& match);
std::string spkiSha256(ByteView spki);

} // namespace coredact
