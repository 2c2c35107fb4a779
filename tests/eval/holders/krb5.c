/* SPDX-License-Identifier: GPL-3.0-or-later */
/* krb5 READY: holds key blocks of MIT Kerberos, made from passwords of this run. */
#include <krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments)
{
    char path[4096];
    krb5_context context;
    if (count != 2 || krb5_init_context(&context) != 0)
        return 2;
    snprintf(path, sizeof path, "%s.new", arguments[1]);
    FILE* ready = fopen(path, "w");
    const krb5_enctype kinds[] = {ENCTYPE_AES256_CTS_HMAC_SHA1_96, ENCTYPE_AES128_CTS_HMAC_SHA1_96};
    for (int i = 0; i < 2; ++i) {
        krb5_keyblock* key = malloc(sizeof *key);
        if (krb5_c_make_random_key(context, kinds[i], key) != 0)
            return 1;
        fprintf(ready, "key%d ", i);
        for (unsigned k = 0; k < key->length; ++k)
            fprintf(ready, "%02x", key->contents[k]);
        fprintf(ready, "\n");
    }
    fclose(ready);
    rename(path, arguments[1]);
    sleep(3600);
}
