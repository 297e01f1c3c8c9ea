#ifndef DROPGATE_SCAN_H
#define DROPGATE_SCAN_H
#include <stdint.h>
#include <stddef.h>
#include "charset.h"

// Finds the fields and records of delimited text, 64 bytes at a time, and checks that it is UTF-8 without NUL.
// Positions are counted from `base`. A record r of the table has the ends `ends[rows[r]] ..< ends[rows[r + 1]]`:
// first its start - 1, then the end of each field (before CR). See Batch in GatewayCore.

enum {
    DG_SHORT = 1,       // fewer fields than `columns`: filled up with empty ones
    DG_LONG = 2,        // more fields than `columns`
    DG_BLANK = 4,       // all fields are empty
    DG_ODD_QUOTES = 8   // text follows a closing quote
};

enum dg_stop {
    DG_DONE = 0,        // came to `to`; an unfinished record may be left
    DG_ENDS_FULL = 1,   // room in `ends` is short
    DG_ROWS_FULL = 2,   // room in `rows` and `flags` is short
    DG_NUL = 3,         // NUL at `error`
    DG_NOT_UTF8 = 4,    // a byte at `error` that no UTF-8 has there
    DG_CUT_UTF8 = 5     // dg_check_text only: the text ends inside a character that begins at `error`
};

typedef struct {
    const uint8_t *base;
    uint32_t *ends;
    uint32_t *rows;         // one more than records
    uint8_t *flags;
    size_t end_count, end_capacity;
    size_t record_count, record_capacity;
    size_t at, to;          // next byte to look at; where to stop. 64 bytes after `to` are readable.
    size_t error;
    uint32_t columns;       // fields of a record; 0: any number
    int16_t quote;          // -1: no quoting
    uint8_t delimiter;
    // State between blocks; begins anew when `started` is zero.
    uint8_t started, in_quotes, after_delimiter, odd;
    uint8_t after_close;    // 1: after a closing quote, 2: after a closing quote and CR
    uint8_t utf8_rest;      // bytes at `at` that belong to a character already checked
    size_t cut;             // where a character begins that `to` cuts; 0: none
} dg_scan;

/// Scans from `at` to `to`. Begin at a record's start with `started` zero; call again after making room.
int dg_scan_run(dg_scan *s);

/// A look through delimited text that keeps no fields: where records begin, by the rules of dg_scan_run. Begins at a record's start.
typedef struct {
    size_t at;              // bytes looked at so far
    size_t records, start;  // records that ended, and where the one begins that follows them
    int16_t quote;          // -1: no quoting
    uint8_t delimiter;
    // State between blocks; begins anew when `started` is zero.
    uint8_t started, in_quotes, after_delimiter, after_close;
} dg_look;

/// Looks at `count` more bytes, a multiple of 64. Zero: there is a NUL, and where it ended is not known.
int dg_look_run(dg_look *l, const uint8_t *bytes, size_t count);

/// Checks `count` bytes: DG_DONE, DG_NUL, DG_NOT_UTF8 or DG_CUT_UTF8 with the place in `error`.
int dg_check_text(const uint8_t *bytes, size_t count, size_t *error);

/// The next place from `from` on where a byte that a formula may begin with stands first or follows a delimiter, line end or
/// quote, and is worth a closer look; `count`: there is none. 15 bytes after the end are readable.
size_t dg_formula_next(const uint8_t *bytes, size_t from, size_t count, uint8_t delimiter);

#endif
