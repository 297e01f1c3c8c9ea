#ifndef DROPGATE_CHARSET_H
#define DROPGATE_CHARSET_H
#include <stdint.h>
#include <stddef.h>

enum dg_charset { DG_UTF8, DG_UTF16_LE, DG_UTF16_BE, DG_WINDOWS_1254, DG_LATIN_5, DG_WINDOWS_1252, DG_CP932 };

/// By (lead - 0x81, or lead - 0xE0 + 31) * 188 + trail, 0x7F left out.
extern const uint16_t dg_cp932_pairs[60 * 188];

/// Converts `n` bytes; `out` has room for 3 * n + 16. A character that the piece cuts is left for the next one unless `last`; `used` says how
/// many bytes were taken. What the set does not have becomes the byte 0xFF. Gives the bytes written.
size_t dg_to_utf8(int charset, const uint8_t *in, size_t n, int last, uint8_t *out, size_t *used);

/// What a whole file's bytes say of its character set.
typedef struct {
    uint64_t count[256];            // of bytes from 0x80 on
    uint64_t after_letter[256];     // of those, how many stand after an ASCII letter
    uint64_t high_pairs;            // bytes from 0x80 on that follow another one
    uint64_t utf8_good, utf8_bad;   // characters of several bytes; bytes that fit none
    uint64_t pairs, pairs_bad;      // as cp932
    uint64_t usual_pairs;           // kana, Japanese marks and the common half of the kanji
    uint64_t narrow_kana;
    uint8_t before, rest, low, high, lead;
} dg_bytes;

/// Counts the next piece of the file; begin with zeros.
void dg_count_bytes(dg_bytes *s, const uint8_t *in, size_t n);

#endif
