// Moves files from a folder to another, in upper case, for the proof that the crash shim finds what is wrong.
//
//   toymover good|early|open INBOX OUTBOX
//
// good: hidden name, flush, rename, flush of the folder, then the source goes. early: the source goes before the target
// has its name. open: writes under the final name, so that half a file can be seen.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count != 4) return 64;
    int is_early = !strcmp(arguments[1], "early"), is_open = !strcmp(arguments[1], "open");
    int in = open(arguments[2], O_RDONLY | O_DIRECTORY), out = open(arguments[3], O_RDONLY | O_DIRECTORY);
    DIR *folder = opendir(arguments[2]);
    if (in < 0 || out < 0 || !folder) return 66;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.') continue;
        char bytes[4096];
        int source = openat(in, entry->d_name, O_RDONLY);
        long size = read(source, bytes, sizeof bytes);
        close(source);
        if (size < 0) return 66;
        for (long n = 0; n < size; n++) bytes[n] = toupper(bytes[n]);
        if (is_early && unlinkat(in, entry->d_name, 0)) return 73;
        int target = openat(out, is_open ? entry->d_name : ".toy", O_WRONLY | O_CREAT | (is_open ? O_EXCL : O_TRUNC), 0644);
        if (target < 0) return 73;
        if (write(target, bytes, size / 2) < 0 || fsync(target)) return 74;
        if (write(target, bytes + size / 2, size - size / 2) < 0 || fsync(target)) return 74;
        close(target);
        if (!is_open && renameat(out, ".toy", out, entry->d_name)) return 73;
        if (fsync(out)) return 74;
        if (!is_early && unlinkat(in, entry->d_name, 0)) return 73;
    }
    return 0;
}
