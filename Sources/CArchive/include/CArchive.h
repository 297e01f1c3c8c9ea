// libarchive, loaded by name at its first use (docs/decisions/0012-libraries-at-first-use.md). The functions of its own names are defined in archive.c
// and hand on; one that is not there does not link.
#ifndef DROPGATE_ARCHIVE_H
#define DROPGATE_ARCHIVE_H
#include <archive.h>
#include <archive_entry.h>

/// Loads libarchive, once. Null: done. Otherwise the loader's words; nothing else of this header may be called then.
const char *dropgate_archive_load(void);
#endif
