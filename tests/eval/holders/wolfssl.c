/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wolfssl READY RSA EC ED25519: signs with keys of these PEM files, wipes what it read of them, and
   holds them. */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

static WC_RNG generator;
static byte hash[32];
static byte signature[1024];

static void must(int result)
{
    if (result < 0) {
        fprintf(stderr, "error %d\n", result);
        exit(1);
    }
}

static int derOf(const char* path, byte* der, int room)
{
    byte pem[8192];
    FILE* file = fopen(path, "r");
    if (!file)
        exit(1);
    const int size = (int)fread(pem, 1, sizeof pem, file);
    fclose(file);
    const int length = wc_KeyPemToDer(pem, size, der, room, NULL);
    must(length);
    explicit_bzero(pem, sizeof pem);
    return length;
}

static void holdRsa(const byte* der, word32 size)
{
    RsaKey* key = malloc(sizeof *key);
    word32 at = 0;
    must(wc_InitRsaKey(key, NULL));
    must(wc_RsaPrivateKeyDecode(der, &at, key, size));
    must(wc_RsaSetRNG(key, &generator));
    must(wc_RsaSSL_Sign(hash, sizeof hash, signature, sizeof signature, key, &generator));
}

static void holdEc(const byte* der, word32 size)
{
    ecc_key* key = malloc(sizeof *key);
    word32 at = 0;
    word32 length = sizeof signature;
    must(wc_ecc_init(key));
    must(wc_EccPrivateKeyDecode(der, &at, key, size));
    must(wc_ecc_sign_hash(hash, sizeof hash, signature, &length, &generator, key));
}

static void holdEd25519(const byte* der, word32 size)
{
    ed25519_key* key = malloc(sizeof *key);
    byte half[32];
    word32 at = 0;
    word32 length = sizeof signature;
    must(wc_ed25519_init(key));
    must(wc_Ed25519PrivateKeyDecode(der, &at, key, size));
    must(wc_ed25519_make_public(key, half, sizeof half));
    must(wc_ed25519_import_private_key(key->k, 32, half, sizeof half, key));
    must(wc_ed25519_sign_msg(hash, sizeof hash, signature, &length, key));
}

int main(int count, char** arguments)
{
    void (*const hold[])(const byte*, word32) = {holdRsa, holdEc, holdEd25519};
    byte der[8192];
    if (count != 5)
        return 2;
    must(wc_InitRng(&generator));
    for (int i = 0; i < 3; ++i) {
        hold[i](der, (word32)derOf(arguments[2 + i], der, sizeof der));
        explicit_bzero(der, sizeof der);
    }
    fclose(fopen(arguments[1], "w"));
    sleep(3600);
}
