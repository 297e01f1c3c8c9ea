#include "scan.h"
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef struct { uint64_t delimiter, newline, quote, high, nul; } masks;

#if defined(__SSE2__)
static inline uint64_t bits(__m128i a, __m128i b, __m128i c, __m128i d) {
    return (uint64_t)(uint16_t)_mm_movemask_epi8(a) | (uint64_t)(uint16_t)_mm_movemask_epi8(b) << 16
         | (uint64_t)(uint16_t)_mm_movemask_epi8(c) << 32 | (uint64_t)(uint16_t)_mm_movemask_epi8(d) << 48;
}
static inline uint64_t equal(__m128i a, __m128i b, __m128i c, __m128i d, __m128i x) {
    return bits(_mm_cmpeq_epi8(a, x), _mm_cmpeq_epi8(b, x), _mm_cmpeq_epi8(c, x), _mm_cmpeq_epi8(d, x));
}
static inline masks look(const uint8_t *p, uint8_t delimiter, int16_t quote) {
    __m128i a = _mm_loadu_si128((const __m128i *)p), b = _mm_loadu_si128((const __m128i *)(p + 16));
    __m128i c = _mm_loadu_si128((const __m128i *)(p + 32)), d = _mm_loadu_si128((const __m128i *)(p + 48));
    masks m;
    m.delimiter = equal(a, b, c, d, _mm_set1_epi8((char)delimiter));
    m.newline = equal(a, b, c, d, _mm_set1_epi8('\n'));
    m.quote = quote < 0 ? 0 : equal(a, b, c, d, _mm_set1_epi8((char)quote));
    __m128i any = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));
    m.high = _mm_movemask_epi8(any) ? bits(a, b, c, d) : 0;
    __m128i least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
    m.nul = _mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128()))
        ? equal(a, b, c, d, _mm_setzero_si128()) : 0;
    return m;
}
static inline uint64_t returns(const uint8_t *p) {
    __m128i a = _mm_loadu_si128((const __m128i *)p), b = _mm_loadu_si128((const __m128i *)(p + 16));
    __m128i c = _mm_loadu_si128((const __m128i *)(p + 32)), d = _mm_loadu_si128((const __m128i *)(p + 48));
    return equal(a, b, c, d, _mm_set1_epi8('\r'));
}
#else
static inline masks look(const uint8_t *p, uint8_t delimiter, int16_t quote) {
    masks m = {0, 0, 0, 0, 0};
    for (int i = 0; i < 64; i++) {
        uint64_t one = (uint64_t)1 << i;
        if (p[i] == delimiter) m.delimiter |= one;
        if (p[i] == '\n') m.newline |= one;
        if (p[i] == quote) m.quote |= one;
        if (p[i] & 0x80) m.high |= one;
        if (p[i] == 0) m.nul |= one;
    }
    return m;
}
static inline uint64_t returns(const uint8_t *p) {
    uint64_t m = 0;
    for (int i = 0; i < 64; i++) if (p[i] == '\r') m |= (uint64_t)1 << i;
    return m;
}
#endif

// Length of the character that begins at p, 0 when none does. Source: Unicode 15, table 3-7.
// `left`: bytes there are; -1 when the bytes there are begin a character and end too early.
static inline int character(const uint8_t *p, size_t left) {
    uint8_t b = p[0], low = 0x80, high = 0xBF;
    int length;
    if (b < 0xC2) return 0;
    if (b < 0xE0) length = 2;
    else if (b < 0xF0) { length = 3; if (b == 0xE0) low = 0xA0; if (b == 0xED) high = 0x9F; }
    else if (b < 0xF5) { length = 4; if (b == 0xF0) low = 0x90; if (b == 0xF4) high = 0x8F; }
    else return 0;
    if (left < 2) return -1;
    if (p[1] < low || p[1] > high) return 0;
    for (int i = 2; i < length; i++) {
        if ((size_t)i >= left) return -1;
        if ((p[i] & 0xC0) != 0x80) return 0;
    }
    return length;
}

// Checks the characters that begin in a block of `size` bytes at p; `left` bytes follow p in all.
static int check_block(const uint8_t *p, uint64_t high, size_t left, uint8_t *rest, size_t *bad) {
    uint64_t m = high;
    unsigned skip = *rest;
    *rest = 0;
    if (skip) m &= ~(((uint64_t)1 << skip) - 1);
    while (m) {
        unsigned i = (unsigned)__builtin_ctzll(m);
        int length = character(p + i, left - i);
        if (length <= 0) {
            *bad = i;
            *rest = left > 64 ? (uint8_t)(left - 64) : 0;   // the cut character's bytes in the next block
            return length == 0 ? DG_NOT_UTF8 : DG_CUT_UTF8;
        }
        unsigned end = i + (unsigned)length;
        if (end >= 64) { *rest = (uint8_t)(end - 64); return DG_DONE; }
        m &= ~(((uint64_t)1 << end) - 1);
    }
    return DG_DONE;
}

static inline void finish_record(dg_scan *s, uint32_t position) {
    uint32_t *ends = s->ends;
    size_t first = s->rows[s->record_count];
    uint32_t start = ends[first] + 1, end = position;
    // The CR of a CRLF belongs to the line end.
    size_t previous = s->end_count - 1;
    if (end > start && s->base[end - 1] == '\r' && end > ends[previous] + 1) end--;
    ends[s->end_count++] = end;
    uint32_t fields = (uint32_t)(s->end_count - first - 1);
    uint8_t flags = s->odd ? DG_ODD_QUOTES : 0;
    if (end - start == fields - 1) flags |= DG_BLANK;
    if (s->columns) {
        if (fields > s->columns) flags |= DG_LONG;
        else if (fields < s->columns) {
            if (!(flags & DG_BLANK)) flags |= DG_SHORT;
            for (uint32_t e = end; fields < s->columns; fields++) ends[s->end_count++] = ++e;
        }
    }
    s->flags[s->record_count++] = flags;
    s->rows[s->record_count] = (uint32_t)s->end_count;
    ends[s->end_count++] = position;    // the next record's start - 1
    s->odd = 0;
}

// One block, byte by byte: quotes stand where they should not. A quote inside an unquoted field is plain text.
static void slow_block(dg_scan *s, size_t size) {
    enum { start, plain, quoted, closed, returned } state =
        s->in_quotes ? quoted : s->after_close == 2 ? returned : s->after_close ? closed : s->after_delimiter ? start : plain;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = s->base[s->at + i];
        if (state == quoted) {
            if (byte == s->quote) state = closed;
            continue;
        }
        if (byte == s->delimiter) {
            if (state == returned) s->odd = 1;
            s->ends[s->end_count++] = (uint32_t)(s->at + i);
            state = start;
        } else if (byte == '\n') {
            finish_record(s, (uint32_t)(s->at + i));
            state = start;
        } else if (byte == s->quote && (state == start || state == closed)) {
            state = quoted;
        } else if (byte == '\r' && state == closed) {
            state = returned;
        } else {
            if (state == closed || state == returned) s->odd = 1;
            state = plain;
        }
    }
    s->in_quotes = state == quoted;
    s->after_close = state == closed ? 1 : state == returned ? 2 : 0;
    s->after_delimiter = state == start;
    s->at += size;
}

int dg_scan_run(dg_scan *s) {
    if (!s->started) {
        s->started = 1;
        s->in_quotes = s->after_close = s->odd = s->utf8_rest = 0;
        s->cut = 0;
        s->after_delimiter = 1;
        s->end_count = s->rows[s->record_count];
        s->ends[s->end_count++] = (uint32_t)(s->at - 1);
    }
    // A block has at most 64 separators; each newline may fill up a record.
    while (s->at < s->to) {
        const uint8_t *p = s->base + s->at;
        size_t left = s->to - s->at, size = left < 64 ? left : 64;
        masks m = look(p, s->delimiter, s->quote);
        uint64_t inside = size == 64 ? ~(uint64_t)0 : ((uint64_t)1 << size) - 1;
        m.delimiter &= inside;
        m.newline &= inside;
        m.quote &= inside;
        unsigned lines = (unsigned)__builtin_popcountll(m.newline);
        if (s->end_capacity - s->end_count < 130 + (size_t)lines * (s->columns + 2)) return DG_ENDS_FULL;
        if (s->record_capacity - s->record_count <= lines) return DG_ROWS_FULL;
        if (m.nul & inside) { s->error = s->at + (size_t)__builtin_ctzll(m.nul & inside); return DG_NUL; }
        if ((m.high & inside) || s->utf8_rest) {
            size_t bad = 0;
            uint8_t rest = s->utf8_rest;
            int stop = check_block(p, m.high & inside, left, &rest, &bad);
            if (stop == DG_NOT_UTF8) { s->error = s->at + bad; return stop; }
            if (stop == DG_CUT_UTF8) s->cut = s->at + bad;
            s->utf8_rest = rest;
        }
        uint64_t top = (uint64_t)1 << (size - 1);
        uint64_t in_quotes = s->in_quotes ? ~(uint64_t)0 : 0;
        uint8_t after_close = 0;
        if (m.quote | s->after_close) {
            uint64_t x = m.quote;
            x ^= x << 1; x ^= x << 2; x ^= x << 4; x ^= x << 8; x ^= x << 16; x ^= x << 32;
            x ^= in_quotes;
            uint64_t opens = m.quote & x, closes = m.quote & ~x, cr = returns(p) & inside;
            uint64_t first = s->after_close == 1, before = (closes << 1 | first) & inside;
            // After a closing quote: a separator, a quote (it was a doubled one), or CR before LF.
            uint64_t fine = m.delimiter | m.newline | opens | (cr & (m.newline >> 1 | top));
            uint64_t start = before | (m.delimiter | m.newline) << 1 | s->after_delimiter;
            if ((opens & ~start) | (before & ~fine) | (s->after_close == 2 && !(m.newline & 1))) {
                slow_block(s, size);
                continue;
            }
            in_quotes = x;
            after_close = closes & top ? 1 : cr & before & top ? 2 : 0;
        }
        uint64_t separators = (m.delimiter | m.newline) & ~in_quotes & inside;
        if (!(separators & m.newline)) {
            uint32_t *out = s->ends + s->end_count, at = (uint32_t)s->at;
            s->end_count += (size_t)__builtin_popcountll(separators);
            while (separators) {
                *out++ = at + (uint32_t)__builtin_ctzll(separators);
                separators &= separators - 1;
            }
        } else {
            while (separators) {
                unsigned i = (unsigned)__builtin_ctzll(separators);
                separators &= separators - 1;
                if (m.newline >> i & 1) finish_record(s, (uint32_t)(s->at + i));
                else s->ends[s->end_count++] = (uint32_t)(s->at + i);
            }
        }
        s->in_quotes = (in_quotes & top) != 0;
        s->after_close = after_close;
        s->after_delimiter = !s->in_quotes && ((m.delimiter | m.newline) & top) != 0;
        s->at += size;
    }
    return DG_DONE;
}

// As slow_block, for one block of a look.
static void slow_look(dg_look *l, const uint8_t *p) {
    enum { start, plain, quoted, closed, returned } state =
        l->in_quotes ? quoted : l->after_close == 2 ? returned : l->after_close ? closed : l->after_delimiter ? start : plain;
    for (size_t i = 0; i < 64; i++) {
        uint8_t byte = p[i];
        if (state == quoted) {
            if (byte == l->quote) state = closed;
        } else if (byte == l->delimiter) {
            state = start;
        } else if (byte == '\n') {
            l->records++;
            l->start = l->at + i + 1;
            state = start;
        } else if (byte == l->quote && (state == start || state == closed)) {
            state = quoted;
        } else {
            state = byte == '\r' && state == closed ? returned : plain;
        }
    }
    l->in_quotes = state == quoted;
    l->after_close = state == closed ? 1 : state == returned ? 2 : 0;
    l->after_delimiter = state == start;
}

int dg_look_run(dg_look *l, const uint8_t *bytes, size_t count) {
    if (!l->started) {
        l->started = l->after_delimiter = 1;
        l->in_quotes = l->after_close = 0;
    }
    for (const uint8_t *p = bytes; p < bytes + count; p += 64, l->at += 64) {
        masks m = look(p, l->delimiter, l->quote);
        if (m.nul) return 0;
        uint64_t top = (uint64_t)1 << 63;
        uint64_t in_quotes = l->in_quotes ? ~(uint64_t)0 : 0;
        uint8_t after_close = 0;
        if (m.quote | l->after_close) {
            uint64_t x = m.quote;
            x ^= x << 1; x ^= x << 2; x ^= x << 4; x ^= x << 8; x ^= x << 16; x ^= x << 32;
            x ^= in_quotes;
            uint64_t opens = m.quote & x, closes = m.quote & ~x, cr = returns(p);
            uint64_t before = closes << 1 | (l->after_close == 1);
            uint64_t fine = m.delimiter | m.newline | opens | (cr & (m.newline >> 1 | top));
            uint64_t start = before | (m.delimiter | m.newline) << 1 | l->after_delimiter;
            if ((opens & ~start) | (before & ~fine) | (l->after_close == 2 && !(m.newline & 1))) {
                slow_look(l, p);
                continue;
            }
            in_quotes = x;
            after_close = closes & top ? 1 : cr & before & top ? 2 : 0;
        }
        uint64_t lines = m.newline & ~in_quotes;
        if (lines) {
            l->records += (size_t)__builtin_popcountll(lines);
            l->start = l->at + 64 - (size_t)__builtin_clzll(lines);
        }
        l->in_quotes = (in_quotes & top) != 0;
        l->after_close = after_close;
        l->after_delimiter = !l->in_quotes && ((m.delimiter | m.newline) & top) != 0;
    }
    return 1;
}

int dg_check_text(const uint8_t *bytes, size_t count, size_t *error) {
    size_t at = 0;
    while (at < count) {
        if (at + 8 <= count) {
            uint64_t word;
            memcpy(&word, bytes + at, 8);
            // No high bit and no NUL among eight bytes.
            if (!((word | (word - 0x0101010101010101u)) & 0x8080808080808080u)) { at += 8; continue; }
        }
        if (bytes[at] == 0) { *error = at; return DG_NUL; }
        if (bytes[at] < 0x80) { at++; continue; }
        int length = character(bytes + at, count - at);
        if (length <= 0) { *error = at; return length == 0 ? DG_NOT_UTF8 : DG_CUT_UTF8; }
        at += (size_t)length;
    }
    return DG_DONE;
}
