// Interposes the calls that make a change durable, for crash tests: loaded by LD_PRELOAD into the program under test.
//
//   DROPGATE_CRASH_COUNT=FILE   8 bytes in FILE hold the number of calls so far, even after SIGKILL
//   DROPGATE_CRASH_LOG=FILE     one line a call: number, call, path
//   DROPGATE_CRASH_BEFORE=N     SIGKILL instead of the N-th call
//   DROPGATE_CRASH_AFTER=N      SIGKILL right after the N-th call
//   DROPGATE_FAIL_AT=N          the N-th call fails ...
//   DROPGATE_FAIL_UNTIL=M       ... and all up to the M-th
//   DROPGATE_FAIL_STICKY=1      ... and all after it
//   DROPGATE_FAIL_ERRNO=ENOSPC  ... with this error: ENOSPC, EIO, EACCES, EROFS, EDQUOT or a number; EIO when absent
//   DROPGATE_CRASH_CALLS=a,b    only these calls are counted
//   DROPGATE_CRASH_WRITES=1     writes to regular files are counted too, but for standard output and error
//
// Counts over all threads. Real calls are made directly at the kernel. An open counts when it may create a file.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long own_count;
static _Atomic long *count = &own_count;
static _Atomic int is_ready;
static long kill_before, kill_after, fail_at, fail_until;
static int fail_errno = EIO, counts_writes, log_descriptor = -1;
static const char *only;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void prepare(void) {
    if (atomic_exchange(&is_ready, 1)) return;
    // Threads of a test runner block signals; the program under test must not inherit that.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    kill_before = number("DROPGATE_CRASH_BEFORE");
    kill_after = number("DROPGATE_CRASH_AFTER");
    fail_at = number("DROPGATE_FAIL_AT");
    fail_until = number("DROPGATE_FAIL_UNTIL");
    if (fail_until < fail_at) fail_until = fail_at;
    if (number("DROPGATE_FAIL_STICKY")) fail_until = __LONG_MAX__;
    counts_writes = number("DROPGATE_CRASH_WRITES") != 0;
    only = getenv("DROPGATE_CRASH_CALLS");
    const char *error = getenv("DROPGATE_FAIL_ERRNO");
    if (error) {
        if (!strcmp(error, "ENOSPC")) fail_errno = ENOSPC;
        else if (!strcmp(error, "EACCES")) fail_errno = EACCES;
        else if (!strcmp(error, "EROFS")) fail_errno = EROFS;
        else if (!strcmp(error, "EDQUOT")) fail_errno = EDQUOT;
        else if (atoi(error)) fail_errno = atoi(error);
    }
    const char *file = getenv("DROPGATE_CRASH_COUNT");
    if (file) {
        int descriptor = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor >= 0 && syscall(SYS_ftruncate, descriptor, (long)sizeof(long)) == 0) {
            void *place = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
            if (place != MAP_FAILED) count = place;
        }
        if (descriptor >= 0) close(descriptor);
    }
    file = getenv("DROPGATE_CRASH_LOG");
    if (file) log_descriptor = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int counted(const char *call) {
    if (!only) return 1;
    size_t length = strlen(call);
    for (const char *at = strstr(only, call); at; at = strstr(at + 1, call))
        if ((at == only || at[-1] == ',') && (at[length] == 0 || at[length] == ',')) return 1;
    return 0;
}

// Counts a call. Gives its number; 0: not counted; -1: it must fail, errno is set.
static long enter(const char *call, int descriptor, const char *path) {
    prepare();
    if (!counted(call)) return 0;
    long n = atomic_fetch_add(count, 1) + 1;
    if (log_descriptor >= 0) {
        char target[4096] = "", line[8300], link[64];
        if (!path || (path[0] != '/' && descriptor >= 0)) {
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            long length = readlink(link, target, sizeof target - 1);
            target[length > 0 ? length : 0] = 0;
        }
        int length = snprintf(line, sizeof line, "%ld %s %s%s%s\n", n, call, target, *target && path ? "/" : "", path ? path : "");
        if (length > (int)sizeof line - 1) length = sizeof line - 1;
        syscall(SYS_write, log_descriptor, line, (size_t)length);
    }
    if (n == kill_before) die();
    if (fail_at && n >= fail_at && n <= fail_until) {
        errno = fail_errno;
        return -1;
    }
    return n;
}

static long leave(long n, long result) {
    if (n > 0 && n == kill_after) die();
    return result;
}

#define COUNTED(call, descriptor, path, work)          \
    long n = enter(call, descriptor, path);            \
    if (n < 0) return -1;                              \
    return leave(n, work)

int fsync(int fd) { COUNTED("fsync", fd, NULL, syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { COUNTED("fdatasync", fd, NULL, syscall(SYS_fdatasync, fd)); }
int ftruncate(int fd, off_t size) { COUNTED("ftruncate", fd, NULL, syscall(SYS_ftruncate, fd, size)); }
int ftruncate64(int fd, off64_t size) { COUNTED("ftruncate", fd, NULL, syscall(SYS_ftruncate, fd, size)); }

int renameat2(int from, const char *a, int to, const char *b, unsigned flags) {
    COUNTED("renameat2", to, b, syscall(SYS_renameat2, from, a, to, b, flags));
}
int renameat(int from, const char *a, int to, const char *b) {
    COUNTED("rename", to, b, syscall(SYS_renameat2, from, a, to, b, 0));
}
int rename(const char *a, const char *b) {
    COUNTED("rename", AT_FDCWD, b, syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 0));
}
int linkat(int from, const char *a, int to, const char *b, int flags) {
    COUNTED("link", to, b, syscall(SYS_linkat, from, a, to, b, flags));
}
int link(const char *a, const char *b) {
    COUNTED("link", AT_FDCWD, b, syscall(SYS_linkat, AT_FDCWD, a, AT_FDCWD, b, 0));
}
int unlinkat(int fd, const char *path, int flags) {
    COUNTED("unlink", fd, path, syscall(SYS_unlinkat, fd, path, flags));
}
int unlink(const char *path) { COUNTED("unlink", AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, 0)); }
int mkdirat(int fd, const char *path, mode_t mode) { COUNTED("mkdir", fd, path, syscall(SYS_mkdirat, fd, path, mode)); }
int mkdir(const char *path, mode_t mode) { COUNTED("mkdir", AT_FDCWD, path, syscall(SYS_mkdirat, AT_FDCWD, path, mode)); }

static int opened(int fd, const char *path, int flags, mode_t mode) {
    if (!(flags & O_CREAT) || !strncmp(path, "/dev/", 5)) return syscall(SYS_openat, fd, path, flags, mode);
    COUNTED("create", fd, path, syscall(SYS_openat, fd, path, flags, mode));
}

#define OPEN(fd, path, flags, more)                    \
    mode_t mode = 0;                                   \
    if (flags & (O_CREAT | __O_TMPFILE)) {             \
        va_list rest;                                  \
        va_start(rest, flags);                         \
        mode = va_arg(rest, int);                      \
        va_end(rest);                                  \
    }                                                  \
    return opened(fd, path, (flags) | (more), mode)

int open(const char *path, int flags, ...) { OPEN(AT_FDCWD, path, flags, 0); }
int open64(const char *path, int flags, ...) { OPEN(AT_FDCWD, path, flags, O_LARGEFILE); }
int openat(int fd, const char *path, int flags, ...) { OPEN(fd, path, flags, 0); }
int openat64(int fd, const char *path, int flags, ...) { OPEN(fd, path, flags, O_LARGEFILE); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int is_file(int fd) {
    prepare();
    struct stat status;
    return counts_writes && fd > 2 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (!is_file(fd)) return syscall(SYS_write, fd, bytes, size);
    COUNTED("write", fd, NULL, syscall(SYS_write, fd, bytes, size));
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    if (!is_file(fd)) return syscall(SYS_pwrite64, fd, bytes, size, at);
    COUNTED("write", fd, NULL, syscall(SYS_pwrite64, fd, bytes, size, at));
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    if (!is_file(fd)) return syscall(SYS_pwrite64, fd, bytes, size, at);
    COUNTED("write", fd, NULL, syscall(SYS_pwrite64, fd, bytes, size, at));
}
