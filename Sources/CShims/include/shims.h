#ifndef DROPGATE_SHIMS_H
#define DROPGATE_SHIMS_H

/// renameat2 with RENAME_NOREPLACE: glibc hides both behind _GNU_SOURCE, which Swift's module map does not set.
int dropgate_rename_noreplace(int from_folder, const char *from, int to_folder, const char *to);

/// A descriptor that wakes poll() once written to: close-on-exec, non-blocking.
int dropgate_eventfd(void);

#endif
