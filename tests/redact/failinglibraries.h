// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Which calls of OpenSSL and of the libraries that unpack fail; tests/redact/failinglibraries.cpp
/// stands in their place.
namespace coredact::test {

enum class Library { None, Random, Digest, Signature, Unpacking };
extern Library failingLibrary;

} // namespace coredact::test
