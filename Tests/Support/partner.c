// The partner's account on a test's sshd, without an account of the system: LD_PRELOAD into sshd.
//
// PARTNER_NAME exists with the password hash PARTNER_HASH, the home PARTNER_HOME and the user and group that sshd runs as.
// While the file PARTNER_CONTROL/full exists, every write to a regular file fails as on a full disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char name[64], hash[256], home[512], control[512];

__attribute__((constructor)) static void begin(void) {
    const char *value;
    if ((value = getenv("PARTNER_NAME"))) snprintf(name, sizeof name, "%s", value);
    if ((value = getenv("PARTNER_HASH"))) snprintf(hash, sizeof hash, "%s", value);
    if ((value = getenv("PARTNER_HOME"))) snprintf(home, sizeof home, "%s", value);
    if ((value = getenv("PARTNER_CONTROL"))) snprintf(control, sizeof control, "%s", value);
}

static struct passwd *partner(void) {
    static struct passwd entry;
    static char shell[] = "/bin/sh", about[] = "partner";
    entry = (struct passwd){
        .pw_name = name, .pw_passwd = hash, .pw_uid = getuid(), .pw_gid = getgid(), .pw_gecos = about, .pw_dir = home, .pw_shell = shell};
    return &entry;
}

struct passwd *getpwnam(const char *wanted) {
    if (!strcmp(wanted, name)) return partner();
    struct passwd *(*real)(const char *) = dlsym(RTLD_NEXT, "getpwnam");
    return real(wanted);
}

struct passwd *getpwuid(uid_t wanted) {
    if (wanted == getuid()) return partner();
    struct passwd *(*real)(uid_t) = dlsym(RTLD_NEXT, "getpwuid");
    return real(wanted);
}

struct spwd *getspnam(const char *wanted) {
    static struct spwd entry;
    if (strcmp(wanted, name)) return NULL;
    entry = (struct spwd){.sp_namp = name, .sp_pwdp = hash, .sp_lstchg = -1, .sp_min = -1, .sp_max = -1, .sp_warn = -1, .sp_inact = -1, .sp_expire = -1};
    return &entry;
}

static int isTold(const char *what) {
    char path[600];
    if (!control[0]) return 0;
    snprintf(path, sizeof path, "%s/%s", control, what);
    return access(path, F_OK) == 0;
}

ssize_t write(int file, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    struct stat status;
    if (control[0] && !fstat(file, &status) && S_ISREG(status.st_mode) && isTold("full")) {
        errno = ENOSPC;
        return -1;
    }
    return real(file, bytes, count);
}
