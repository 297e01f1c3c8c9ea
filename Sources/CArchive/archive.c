#include "CArchive.h"
#include "library.h"

#define FUNCTIONS(each) \
    each(archive_entry_free) \
    each(archive_entry_new) \
    each(archive_entry_pathname) \
    each(archive_entry_pathname_utf8) \
    each(archive_entry_set_filetype) \
    each(archive_entry_set_mtime) \
    each(archive_entry_set_pathname) \
    each(archive_entry_set_perm) \
    each(archive_error_string) \
    each(archive_read_data) \
    each(archive_read_free) \
    each(archive_read_new) \
    each(archive_read_next_header) \
    each(archive_read_open1) \
    each(archive_read_set_callback_data) \
    each(archive_read_set_read_callback) \
    each(archive_read_set_seek_callback) \
    each(archive_read_set_skip_callback) \
    each(archive_read_support_format_zip_seekable) \
    each(archive_write_close) \
    each(archive_write_data) \
    each(archive_write_free) \
    each(archive_write_header) \
    each(archive_write_new) \
    each(archive_write_open) \
    each(archive_write_set_bytes_in_last_block) \
    each(archive_write_set_bytes_per_block) \
    each(archive_write_set_format_zip) \
    each(archive_write_set_options)
LIBRARY("libarchive.so.13", FUNCTIONS)

static const char *failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) { failure = load(); }

const char *dropgate_archive_load(void) {
    pthread_once(&once, start);
    return failure;
}

typedef struct archive archive;
typedef struct archive_entry entry;
HIDDEN entry *archive_entry_new(void) { return loaded.archive_entry_new(); }
HIDDEN void archive_entry_free(entry *it) { loaded.archive_entry_free(it); }
HIDDEN const char *archive_entry_pathname(entry *it) { return loaded.archive_entry_pathname(it); }
HIDDEN const char *archive_entry_pathname_utf8(entry *it) { return loaded.archive_entry_pathname_utf8(it); }
HIDDEN void archive_entry_set_filetype(entry *it, unsigned int type) { loaded.archive_entry_set_filetype(it, type); }
HIDDEN void archive_entry_set_mtime(entry *it, time_t seconds, long nanoseconds) { loaded.archive_entry_set_mtime(it, seconds, nanoseconds); }
HIDDEN void archive_entry_set_pathname(entry *it, const char *name) { loaded.archive_entry_set_pathname(it, name); }
HIDDEN void archive_entry_set_perm(entry *it, __LA_MODE_T mode) { loaded.archive_entry_set_perm(it, mode); }
HIDDEN const char *archive_error_string(archive *it) { return loaded.archive_error_string(it); }

HIDDEN archive *archive_read_new(void) { return loaded.archive_read_new(); }
HIDDEN int archive_read_free(archive *it) { return loaded.archive_read_free(it); }
HIDDEN int archive_read_support_format_zip_seekable(archive *it) { return loaded.archive_read_support_format_zip_seekable(it); }
HIDDEN int archive_read_set_read_callback(archive *it, archive_read_callback *value) { return loaded.archive_read_set_read_callback(it, value); }
HIDDEN int archive_read_set_seek_callback(archive *it, archive_seek_callback *value) { return loaded.archive_read_set_seek_callback(it, value); }
HIDDEN int archive_read_set_skip_callback(archive *it, archive_skip_callback *value) { return loaded.archive_read_set_skip_callback(it, value); }
HIDDEN int archive_read_set_callback_data(archive *it, void *context) { return loaded.archive_read_set_callback_data(it, context); }
HIDDEN int archive_read_open1(archive *it) { return loaded.archive_read_open1(it); }
HIDDEN int archive_read_next_header(archive *it, entry **header) { return loaded.archive_read_next_header(it, header); }
HIDDEN la_ssize_t archive_read_data(archive *it, void *bytes, size_t count) { return loaded.archive_read_data(it, bytes, count); }

HIDDEN archive *archive_write_new(void) { return loaded.archive_write_new(); }
HIDDEN int archive_write_free(archive *it) { return loaded.archive_write_free(it); }
HIDDEN int archive_write_set_format_zip(archive *it) { return loaded.archive_write_set_format_zip(it); }
HIDDEN int archive_write_set_options(archive *it, const char *options) { return loaded.archive_write_set_options(it, options); }
HIDDEN int archive_write_set_bytes_per_block(archive *it, int bytes) { return loaded.archive_write_set_bytes_per_block(it, bytes); }
HIDDEN int archive_write_set_bytes_in_last_block(archive *it, int bytes) { return loaded.archive_write_set_bytes_in_last_block(it, bytes); }
HIDDEN int archive_write_open(archive *it, void *context, archive_open_callback *opened, archive_write_callback *written, archive_close_callback *closed) {
    return loaded.archive_write_open(it, context, opened, written, closed);
}
HIDDEN int archive_write_header(archive *it, entry *header) { return loaded.archive_write_header(it, header); }
HIDDEN la_ssize_t archive_write_data(archive *it, const void *bytes, size_t count) { return loaded.archive_write_data(it, bytes, count); }
HIDDEN int archive_write_close(archive *it) { return loaded.archive_write_close(it); }
