/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oldciphers READY: holds keys of DES, triple DES and SM4 in contexts of libcrypto, libgcrypt and
 * Nettle, in use for both directions. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <gcrypt.h>
#include <nettle/des.h>
#include <openssl/crypto.h>
#include <openssl/des.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void need(int done, const char* what)
{
    if (!done) {
        fprintf(stderr, "oldciphers: %s failed\n", what);
        exit(1);
    }
}

/* Tells what gives a key away, and forgets it. */
static void tell(FILE* ready, const char* name, int encrypt, const char* part, void* bytes,
                 size_t size)
{
    fprintf(ready, "%s-%s.%s ", name, encrypt ? "encrypt" : "decrypt", part);
    for (size_t i = 0; i < size; ++i)
        fprintf(ready, "%02x", ((unsigned char*)bytes)[i]);
    fprintf(ready, "\n");
    OPENSSL_cleanse(bytes, size);
}

/* Of DES keys nothing but their round keys stays in memory. */
static void tellSchedules(FILE* ready, const char* name, int encrypt, unsigned char* key,
                          size_t size)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        char part[32];
        DES_key_schedule schedule;
        DES_set_key_unchecked((const_DES_cblock*)(key + i), &schedule);
        snprintf(part, sizeof part, "schedule%zu", i / 8);
        tell(ready, name, encrypt, part, &schedule, sizeof schedule);
    }
}

static void holdLibcrypto(FILE* ready, const char* name, int encrypt)
{
    unsigned char key[64], iv[16] = {0}, block[32];
    int written = 0;
    need(RAND_bytes(key, sizeof key) == 1, "random bytes");
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    need(cipher != NULL, name);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    need(EVP_CipherInit_ex2(context, cipher, key, iv, encrypt, NULL) == 1
             && EVP_CipherUpdate(context, block, &written, iv, 16) == 1,
         name);
    const size_t size = (size_t)EVP_CIPHER_get_key_length(cipher);
    if (strncmp(name, "DES", 3) == 0)
        tellSchedules(ready, name, encrypt, key, size);
    tell(ready, name, encrypt, "key", key, size);
    OPENSSL_cleanse(key, sizeof key);
}

static void holdLibgcrypt(FILE* ready, const char* name, int algorithm, size_t size)
{
    unsigned char key[32], block[16] = {0};
    gcry_cipher_hd_t handle;
    gcry_randomize(key, size, GCRY_STRONG_RANDOM);
    need(gcry_cipher_open(&handle, algorithm, GCRY_CIPHER_MODE_ECB, 0) == 0, name);
    need(gcry_cipher_setkey(handle, key, size) == 0, name);
    gcry_cipher_encrypt(handle, block, sizeof block, NULL, 0);
    tell(ready, name, 1, "key", key, size);
}

static void holdNettle(FILE* ready)
{
    unsigned char key[24], block[8] = {0};
    struct des3_ctx* context = malloc(sizeof *context);
    need(RAND_bytes(key, sizeof key) == 1, "random bytes");
    des3_set_key(context, key);
    des3_encrypt(context, sizeof block, block, block);
    struct des3_ctx copy = *context;
    tell(ready, "Nettle-3DES", 1, "schedules", &copy, sizeof copy);
    tell(ready, "Nettle-3DES", 1, "key", key, sizeof key);
}

int main(int count, char** arguments)
{
    char path[4096];
    if (count != 2)
        return 2;
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    need(OSSL_PROVIDER_load(NULL, "legacy") != NULL, "the legacy provider");
    need(OSSL_PROVIDER_load(NULL, "default") != NULL, "the default provider");
    snprintf(path, sizeof path, "%s.new", arguments[1]);
    FILE* ready = fopen(path, "w");
    setvbuf(ready, NULL, _IONBF, 0);
    for (int encrypt = 0; encrypt < 2; ++encrypt) {
        holdLibcrypto(ready, "DES-CBC", encrypt);
        holdLibcrypto(ready, "DES-EDE-CBC", encrypt);
        holdLibcrypto(ready, "DES-EDE3-CBC", encrypt);
        holdLibcrypto(ready, "SM4-CBC", encrypt);
        holdLibcrypto(ready, "SM4-CTR", encrypt);
    }
    holdLibgcrypt(ready, "libgcrypt-DES", GCRY_CIPHER_DES, 8);
    holdLibgcrypt(ready, "libgcrypt-3DES", GCRY_CIPHER_3DES, 24);
    holdLibgcrypt(ready, "libgcrypt-SM4", GCRY_CIPHER_SM4, 16);
    holdNettle(ready);
    fclose(ready);
    rename(path, arguments[1]);
    sleep(3600);
}
