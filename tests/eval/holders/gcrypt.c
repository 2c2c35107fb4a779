/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gcrypt READY: holds AES-128 and AES-256 handles of libgcrypt. */
#include <gcrypt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void hold(FILE* ready, const char* name, int algorithm, size_t size)
{
    unsigned char key[32];
    unsigned char block[16] = {0};
    gcry_cipher_hd_t handle;
    gcry_randomize(key, size, GCRY_STRONG_RANDOM);
    gcry_cipher_open(&handle, algorithm, GCRY_CIPHER_MODE_CTR, 0);
    gcry_cipher_setkey(handle, key, size);
    gcry_cipher_encrypt(handle, block, sizeof block, NULL, 0);
    fprintf(ready, "%s ", name);
    for (size_t i = 0; i < size; ++i)
        fprintf(ready, "%02x", key[i]);
    fprintf(ready, "\n");
    memset(key, 0, sizeof key);
}

int main(int count, char** arguments)
{
    char path[4096];
    if (count != 2)
        return 2;
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    snprintf(path, sizeof path, "%s.new", arguments[1]);
    FILE* ready = fopen(path, "w");
    hold(ready, "aes-128", GCRY_CIPHER_AES128, 16);
    hold(ready, "aes-256", GCRY_CIPHER_AES256, 32);
    fclose(ready);
    rename(path, arguments[1]);
    sleep(3600);
}
