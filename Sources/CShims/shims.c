#define _GNU_SOURCE
#include "shims.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>

int dropgate_rename_noreplace(int from_folder, const char *from, int to_folder, const char *to) {
    return renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE);
}

int dropgate_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
