// SPDX-License-Identifier: GPL-3.0-or-later
// Holds keys as programs do, for dumps. keyholder READY MODE...
// Modes: rsa2048 rsa4096 p256 p384 p521 secp256k1 aes ed25519 pem registers. Keys are made at run time,
// written to PEM, read back, used once, and the PEM is freed; with "pem" it is kept. What was
// made is written as lines "name hex" to READY (then the program is ready, and sleeps).
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int keepPem = 0;

static void need(int done, const char* what)
{
    if (!done) {
        fprintf(stderr, "keyholder: %s failed\n", what);
        exit(1);
    }
}

/// One byte at a time through an unbuffered file: the hex must not stay in this program.
static void tell(FILE* ready, const char* name, const unsigned char* bytes, size_t size)
{
    fprintf(ready, "%s ", name);
    for (size_t i = 0; i < size; ++i)
        fprintf(ready, "%02x", bytes[i]);
    fprintf(ready, "\n");
    fflush(ready);
}

static void tellNumber(FILE* ready, const char* mode, const char* parameter, EVP_PKEY* key)
{
    BIGNUM* number = NULL;
    if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
        return;
    unsigned char bytes[1024];
    char name[64];
    const int size = BN_bn2bin(number, bytes);
    snprintf(name, sizeof name, "%s.%s", mode, parameter);
    tell(ready, name, bytes, (size_t)size);
    OPENSSL_cleanse(bytes, sizeof bytes);
    BN_clear_free(number);
}

static EVP_PKEY* makeKey(const char* mode)
{
    if (strncmp(mode, "rsa", 3) == 0)
        return EVP_RSA_gen((unsigned)atoi(mode + 3));
    if (strcmp(mode, "ed25519") == 0)
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    const char* curve = strcmp(mode, "p256") == 0 ? "P-256"
        : strcmp(mode, "p384") == 0               ? "P-384"
        : strcmp(mode, "p521") == 0               ? "P-521"
                                                  : "secp256k1";
    return EVP_EC_gen(curve);
}

/// Makes a key, sends it through PEM as a program that loads a key file does, and forgets the
/// first copy.
static EVP_PKEY* loadedKey(FILE* ready, const char* mode)
{
    EVP_PKEY* made = makeKey(mode);
    need(made != NULL, "making a key");
    BIO* file = BIO_new(BIO_s_mem());
    need(PEM_write_bio_PrivateKey(file, made, NULL, NULL, 0, NULL, NULL) == 1, "writing PEM");
    static const char* const parameters[]
        = {OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
           OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
           OSSL_PKEY_PARAM_RSA_COEFFICIENT1, OSSL_PKEY_PARAM_PRIV_KEY};
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; ++i)
        tellNumber(ready, mode, parameters[i], made);
    EVP_PKEY_free(made);
    char* text = NULL;
    const long size = BIO_get_mem_data(file, &text);
    BIO* again = BIO_new_mem_buf(text, (int)size);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(again, NULL, NULL, NULL);
    need(key != NULL, "reading PEM");
    BIO_free(again);
    if (!keepPem) {
        OPENSSL_cleanse(text, (size_t)size);
        BIO_free(file);
    }
    return key;
}

/// One signature, so that the library's caches are filled.
static void use(EVP_PKEY* key)
{
    unsigned char signature[1024];
    size_t size = sizeof signature;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const int isEd = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    need(EVP_DigestSignInit(context, NULL, isEd ? NULL : EVP_sha256(), NULL, key) == 1
             && EVP_DigestSign(context, signature, &size, (const unsigned char*)"text", 4) == 1,
         "signing");
    EVP_MD_CTX_free(context);
}

static void holdCipher(FILE* ready, const char* name, const EVP_CIPHER* cipher, int encrypt)
{
    unsigned char key[64];
    unsigned char iv[16] = {0};
    unsigned char block[32];
    int written = 0;
    need(RAND_bytes(key, sizeof key) == 1, "random bytes");
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    need(EVP_CipherInit_ex(context, cipher, NULL, key, iv, encrypt) == 1
             && EVP_CipherUpdate(context, block, &written, iv, 16) == 1,
         "a cipher");
    tell(ready, name, key, (size_t)EVP_CIPHER_get_key_length(cipher));
    OPENSSL_cleanse(key, sizeof key);
}

static void holdLowLevel(FILE* ready, const char* name, int bits, int encrypt)
{
    unsigned char key[32];
    need(RAND_bytes(key, sizeof key) == 1, "random bytes");
    AES_KEY* schedule = malloc(sizeof *schedule);
    need(schedule != NULL, "memory");
    if (encrypt)
        AES_set_encrypt_key(key, bits, schedule);
    else
        AES_set_decrypt_key(key, bits, schedule);
    tell(ready, name, key, (size_t)bits / 8);
    OPENSSL_cleanse(key, sizeof key);
}

static void holdCiphers(FILE* ready)
{
    holdCipher(ready, "aes-128-cbc-encrypt", EVP_aes_128_cbc(), 1);
    holdCipher(ready, "aes-128-cbc-decrypt", EVP_aes_128_cbc(), 0);
    holdCipher(ready, "aes-192-cbc-encrypt", EVP_aes_192_cbc(), 1);
    holdCipher(ready, "aes-192-cbc-decrypt", EVP_aes_192_cbc(), 0);
    holdCipher(ready, "aes-256-cbc-encrypt", EVP_aes_256_cbc(), 1);
    holdCipher(ready, "aes-256-cbc-decrypt", EVP_aes_256_cbc(), 0);
    holdCipher(ready, "aes-192-ctr", EVP_aes_192_ctr(), 1);
    holdCipher(ready, "aes-256-gcm", EVP_aes_256_gcm(), 1);
    holdLowLevel(ready, "aes-128-words-encrypt", 128, 1);
    holdLowLevel(ready, "aes-192-words-decrypt", 192, 0);
    holdLowLevel(ready, "aes-256-words-decrypt", 256, 0);
}

/// A key in use whose bytes stand in a vector register and nowhere else when the ready file appears.
/// Does not come back.
#ifdef __x86_64__
static void holdInRegister(FILE* ready, const char* part, const char* path)
{
    static unsigned char key[32];
    unsigned char iv[16] = {0};
    unsigned char block[32];
    int written = 0;
    need(RAND_bytes(key, sizeof key) == 1, "random bytes");
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    need(EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, key, iv, 1) == 1
             && EVP_CipherUpdate(context, block, &written, iv, 16) == 1,
         "a cipher");
    tell(ready, "register", key, sizeof key);
    fclose(ready);
    const int wide = __builtin_cpu_supports("avx2");
    __asm__ volatile("testl %0, %0\n\t"
                     "jz 1f\n\t"
                     "vmovdqu (%1), %%ymm9\n\t"
                     "jmp 2f\n"
                     "1:\tmovdqu (%1), %%xmm9\n\t"
                     "movdqu 16(%1), %%xmm10\n"
                     "2:\tmovq $0, (%1)\n\t"
                     "movq $0, 8(%1)\n\t"
                     "movq $0, 16(%1)\n\t"
                     "movq $0, 24(%1)\n\t"
                     "movl $82, %%eax\n\t" // rename
                     "movq %2, %%rdi\n\t"
                     "movq %3, %%rsi\n\t"
                     "syscall\n"
                     "3:\tmovl $34, %%eax\n\t" // pause
                     "syscall\n\t"
                     "jmp 3b"
                     :
                     : "r"(wide), "r"(key), "r"(part), "r"(path)
                     : "rax", "rcx", "rdi", "rsi", "r11", "xmm9", "xmm10", "memory");
}
#endif

int main(int count, char** arguments)
{
    if (count < 3) {
        fprintf(stderr, "usage: keyholder READY MODE...\n");
        return 2;
    }
    // No buffer of stdio keeps what is told; the file appears whole.
    char path[4096];
    snprintf(path, sizeof path, "%s.part", arguments[1]);
    FILE* ready = fopen(path, "w");
    need(ready != NULL, "opening the ready file");
    setvbuf(ready, NULL, _IONBF, 0);
    for (int i = 2; i < count; ++i) {
        if (strcmp(arguments[i], "pem") == 0) {
            keepPem = 1;
        } else if (strcmp(arguments[i], "aes") == 0) {
            holdCiphers(ready);
#ifdef __x86_64__
        } else if (strcmp(arguments[i], "registers") == 0) {
            holdInRegister(ready, path, arguments[1]);
#endif
        } else {
            EVP_PKEY* key = loadedKey(ready, arguments[i]);
            use(key);
        }
    }
    fclose(ready);
    need(rename(path, arguments[1]) == 0, "publishing the ready file");
    for (;;)
        pause();
}
