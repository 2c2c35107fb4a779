/* SPDX-License-Identifier: GPL-3.0-or-later
 * Four threads, each a few calls deep, two of them holding a token that is given as the first
 * argument: on the stack, on the heap, and in vector registers through string functions. Aborts where
 * nobody waits for a ready file.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_barrier_t all_waiting;

static void __attribute__((noinline)) wait_here(const char *token, int depth)
{
    char copy[128];
    snprintf(copy, sizeof copy, "token=%s depth=%d", token, depth);
    if (depth > 0) {
        wait_here(token, depth - 1);
    } else {
        pthread_barrier_wait(&all_waiting);
        for (;;)
            pause();
    }
    copy[0] = (char)depth;
    __asm__ volatile("" : : "r"(copy) : "memory");
}

static void *worker(void *token)
{
    pthread_setname_np(pthread_self(), "worker");
    wait_here(token, 3);
    return NULL;
}

int main(int count, char **arguments)
{
    if (count < 2)
        return 2;
    char *token = strdup(arguments[1]);
    pthread_barrier_init(&all_waiting, NULL, 4);
    for (int i = 0; i < 3; ++i) {
        pthread_t thread;
        pthread_create(&thread, NULL, worker, i % 2 == 0 ? token : "none");
    }
    pthread_barrier_wait(&all_waiting);
    usleep(100000);
    const char *path = getenv("COREDACT_READY");
    if (!path)
        abort();
    FILE *ready = fopen(path, "w");
    fputs("ready\n", ready);
    fclose(ready);
    for (;;)
        pause();
}
