// Runs a server of the tests and ends it with everything it started as soon as the test process is gone.
//
//     warden [-u UID] PROGRAM [ARGUMENT…]
//
// Standard input is a socket whose other end the test process holds: it closes when that process ends, however it ends. A
// parent-death signal would not do, since it comes with the end of the thread that started the server. Servers put their
// sessions into process groups of their own, so the warden adopts orphans and kills until nobody is left. With -u, and as
// root, the server runs as that user.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int death[2];

static void childEnded(int signal) {
    (void)signal;
    int kept = errno;
    (void)!write(death[1], "", 1);
    errno = kept;
}

// Kills every child; grandchildren whose parent is gone are children by then.
static void killAll(void) {
    for (;;) {
        char path[64], list[65536];
        snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t count = file < 0 ? 0 : read(file, list, sizeof list - 1);
        if (file >= 0) close(file);
        list[count > 0 ? count : 0] = 0;
        for (char *at = strtok(list, " "); at; at = strtok(NULL, " ")) kill(atoi(at), SIGKILL);
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) return;
    }
}

int main(int count, char **words) {
    int first = 1;
    uid_t user = 0;
    if (count > 2 && !strcmp(words[1], "-u")) {
        user = (uid_t)atoi(words[2]);
        first = 3;
    }
    if (count <= first) return 64;
    // What other threads of the test held open must not live on here: their pipes would never end.
    closefrom(3);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (pipe2(death, O_CLOEXEC | O_NONBLOCK)) return 71;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    struct sigaction action = {.sa_handler = childEnded};
    sigaction(SIGCHLD, &action, NULL);
    pid_t server = fork();
    if (server < 0) return 71;
    if (server == 0) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 0);
        if (user && getuid() == 0 && (setgroups(0, NULL) || setgid(user) || setuid(user))) _exit(71);
        execvp(words[first], words + first);
        fprintf(stderr, "%s: %s\n", words[first], strerror(errno));
        _exit(127);
    }
    int status = 0;
    for (;;) {
        struct pollfd waits[2] = {{.fd = 0, .events = POLLIN}, {.fd = death[0], .events = POLLIN}};
        if (poll(waits, 2, -1) < 0 && errno != EINTR) break;
        char bytes[64];
        while (read(death[0], bytes, sizeof bytes) > 0) {}
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == server) {
                killAll();
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
        }
        if (waits[0].revents && read(0, bytes, sizeof bytes) <= 0) break;
    }
    killAll();
    return 0;
}
