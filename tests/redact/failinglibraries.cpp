// SPDX-License-Identifier: GPL-3.0-or-later
#include "failinglibraries.h"
#include "nthfailure.h"

#include <bzlib.h>
#include <dlfcn.h>
#include <lz4frame.h>
#include <lzma.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace coredact::test {

Library failingLibrary = Library::None;

namespace {

bool failsIn(Library library) { return failingLibrary == library && NthFailure::fails(); }

/// The library's own function of that name and type.
template <typename Function> Function* own(const char* name, Function* /*type*/)
{
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// What zstd and lz4 give for an error: its number, negated.
std::size_t negated(std::size_t code) { return std::size_t {0} - code; }

constexpr std::size_t lz4LacksMemory = 9; // LZ4F_ERROR_allocation_failed

} // namespace

} // namespace coredact::test

using coredact::test::failsIn;
using coredact::test::Library;
using coredact::test::own;

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
#define OWN(name) own(#name, &name)

extern "C" {

int RAND_bytes(unsigned char* bytes, int count)
{
    return failsIn(Library::Random) ? 0 : OWN(RAND_bytes)(bytes, count);
}

int RAND_priv_bytes(unsigned char* bytes, int count)
{
    return failsIn(Library::Random) ? 0 : OWN(RAND_priv_bytes)(bytes, count);
}

unsigned char* HMAC(const EVP_MD* kind, const void* key, int keySize, const unsigned char* bytes,
                    size_t size, unsigned char* code, unsigned* codeSize)
{
    return failsIn(Library::Digest) ? nullptr
                                    : OWN(HMAC)(kind, key, keySize, bytes, size, code, codeSize);
}

EVP_PKEY* EVP_PKEY_new_raw_private_key(int type, ENGINE* engine, const unsigned char* key,
                                       size_t size)
{
    return failsIn(Library::Signature) ? nullptr
                                       : OWN(EVP_PKEY_new_raw_private_key)(type, engine, key, size);
}

EVP_PKEY* EVP_PKEY_new_raw_public_key(int type, ENGINE* engine, const unsigned char* key,
                                      size_t size)
{
    return failsIn(Library::Signature) ? nullptr
                                       : OWN(EVP_PKEY_new_raw_public_key)(type, engine, key, size);
}

int EVP_PKEY_get_raw_public_key(const EVP_PKEY* key, unsigned char* bytes, size_t* size)
{
    return failsIn(Library::Signature) ? 0 : OWN(EVP_PKEY_get_raw_public_key)(key, bytes, size);
}

EVP_MD_CTX* EVP_MD_CTX_new(void)
{
    return failsIn(Library::Signature) ? nullptr : OWN(EVP_MD_CTX_new)();
}

int EVP_DigestSignInit(EVP_MD_CTX* context, EVP_PKEY_CTX** keyContext, const EVP_MD* kind,
                       ENGINE* engine, EVP_PKEY* key)
{
    return failsIn(Library::Signature)
        ? 0
        : OWN(EVP_DigestSignInit)(context, keyContext, kind, engine, key);
}

int EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, size_t* signatureSize,
                   const unsigned char* bytes, size_t size)
{
    return failsIn(Library::Signature)
        ? 0
        : OWN(EVP_DigestSign)(context, signature, signatureSize, bytes, size);
}

int EVP_DigestVerifyInit(EVP_MD_CTX* context, EVP_PKEY_CTX** keyContext, const EVP_MD* kind,
                         ENGINE* engine, EVP_PKEY* key)
{
    return failsIn(Library::Signature)
        ? 0
        : OWN(EVP_DigestVerifyInit)(context, keyContext, kind, engine, key);
}

int EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t signatureSize,
                     const unsigned char* bytes, size_t size)
{
    return failsIn(Library::Signature)
        ? -1
        : OWN(EVP_DigestVerify)(context, signature, signatureSize, bytes, size);
}

int inflateInit2_(z_streamp stream, int bits, const char* version, int size)
{
    return failsIn(Library::Unpacking) ? Z_MEM_ERROR
                                       : OWN(inflateInit2_)(stream, bits, version, size);
}

int inflate(z_streamp stream, int flush)
{
    return failsIn(Library::Unpacking) ? Z_MEM_ERROR : OWN(inflate)(stream, flush);
}

ZSTD_DStream* ZSTD_createDStream(void)
{
    return failsIn(Library::Unpacking) ? nullptr : OWN(ZSTD_createDStream)();
}

size_t ZSTD_decompressStream(ZSTD_DStream* stream, ZSTD_outBuffer* out, ZSTD_inBuffer* in)
{
    return failsIn(Library::Unpacking) ? coredact::test::negated(ZSTD_error_memory_allocation)
                                       : OWN(ZSTD_decompressStream)(stream, out, in);
}

LZ4F_errorCode_t LZ4F_createDecompressionContext(LZ4F_dctx** context, unsigned version)
{
    return failsIn(Library::Unpacking) ? coredact::test::negated(coredact::test::lz4LacksMemory)
                                       : OWN(LZ4F_createDecompressionContext)(context, version);
}

size_t LZ4F_decompress(LZ4F_dctx* context, void* out, size_t* outSize, const void* in,
                       size_t* inSize, const LZ4F_decompressOptions_t* options)
{
    return failsIn(Library::Unpacking)
        ? coredact::test::negated(coredact::test::lz4LacksMemory)
        : OWN(LZ4F_decompress)(context, out, outSize, in, inSize, options);
}

lzma_ret lzma_stream_decoder(lzma_stream* stream, uint64_t memory, uint32_t flags)
{
    return failsIn(Library::Unpacking) ? LZMA_MEM_ERROR
                                       : OWN(lzma_stream_decoder)(stream, memory, flags);
}

lzma_ret lzma_code(lzma_stream* stream, lzma_action action)
{
    return failsIn(Library::Unpacking) ? LZMA_MEM_ERROR : OWN(lzma_code)(stream, action);
}

int BZ2_bzDecompressInit(bz_stream* stream, int verbosity, int small)
{
    return failsIn(Library::Unpacking) ? BZ_MEM_ERROR
                                       : OWN(BZ2_bzDecompressInit)(stream, verbosity, small);
}

int BZ2_bzDecompress(bz_stream* stream)
{
    return failsIn(Library::Unpacking) ? BZ_MEM_ERROR : OWN(BZ2_bzDecompress)(stream);
}
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
