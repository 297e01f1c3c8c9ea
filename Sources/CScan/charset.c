// Character sets that text comes in, to UTF-8. What a set does not have becomes the byte 0xFF, which UTF-8 never has.
// Tables: the mappings that Unicode publishes (CP1252.TXT, CP1254.TXT, 8859-9.TXT, CP932.TXT), one entry a byte or pair of bytes.
#include "charset.h"
#include <string.h>

// For the bytes 0x80 to 0xFF: the UTF-8 bytes, least significant first, and their number in the top byte.
static const uint32_t windows1252[128] = {
    0x3AC82E2, 0x10000FF, 0x39A80E2, 0x20092C6, 0x39E80E2, 0x3A680E2, 0x3A080E2, 0x3A180E2, 0x20086CB, 0x3B080E2, 0x200A0C5, 0x3B980E2,
    0x20092C5, 0x10000FF, 0x200BDC5, 0x10000FF, 0x10000FF, 0x39880E2, 0x39980E2, 0x39C80E2, 0x39D80E2, 0x3A280E2, 0x39380E2, 0x39480E2,
    0x2009CCB, 0x3A284E2, 0x200A1C5, 0x3BA80E2, 0x20093C5, 0x10000FF, 0x200BEC5, 0x200B8C5, 0x200A0C2, 0x200A1C2, 0x200A2C2, 0x200A3C2,
    0x200A4C2, 0x200A5C2, 0x200A6C2, 0x200A7C2, 0x200A8C2, 0x200A9C2, 0x200AAC2, 0x200ABC2, 0x200ACC2, 0x200ADC2, 0x200AEC2, 0x200AFC2,
    0x200B0C2, 0x200B1C2, 0x200B2C2, 0x200B3C2, 0x200B4C2, 0x200B5C2, 0x200B6C2, 0x200B7C2, 0x200B8C2, 0x200B9C2, 0x200BAC2, 0x200BBC2,
    0x200BCC2, 0x200BDC2, 0x200BEC2, 0x200BFC2, 0x20080C3, 0x20081C3, 0x20082C3, 0x20083C3, 0x20084C3, 0x20085C3, 0x20086C3, 0x20087C3,
    0x20088C3, 0x20089C3, 0x2008AC3, 0x2008BC3, 0x2008CC3, 0x2008DC3, 0x2008EC3, 0x2008FC3, 0x20090C3, 0x20091C3, 0x20092C3, 0x20093C3,
    0x20094C3, 0x20095C3, 0x20096C3, 0x20097C3, 0x20098C3, 0x20099C3, 0x2009AC3, 0x2009BC3, 0x2009CC3, 0x2009DC3, 0x2009EC3, 0x2009FC3,
    0x200A0C3, 0x200A1C3, 0x200A2C3, 0x200A3C3, 0x200A4C3, 0x200A5C3, 0x200A6C3, 0x200A7C3, 0x200A8C3, 0x200A9C3, 0x200AAC3, 0x200ABC3,
    0x200ACC3, 0x200ADC3, 0x200AEC3, 0x200AFC3, 0x200B0C3, 0x200B1C3, 0x200B2C3, 0x200B3C3, 0x200B4C3, 0x200B5C3, 0x200B6C3, 0x200B7C3,
    0x200B8C3, 0x200B9C3, 0x200BAC3, 0x200BBC3, 0x200BCC3, 0x200BDC3, 0x200BEC3, 0x200BFC3,
};
static const uint32_t windows1254[128] = {
    0x3AC82E2, 0x10000FF, 0x39A80E2, 0x20092C6, 0x39E80E2, 0x3A680E2, 0x3A080E2, 0x3A180E2, 0x20086CB, 0x3B080E2, 0x200A0C5, 0x3B980E2,
    0x20092C5, 0x10000FF, 0x10000FF, 0x10000FF, 0x10000FF, 0x39880E2, 0x39980E2, 0x39C80E2, 0x39D80E2, 0x3A280E2, 0x39380E2, 0x39480E2,
    0x2009CCB, 0x3A284E2, 0x200A1C5, 0x3BA80E2, 0x20093C5, 0x10000FF, 0x10000FF, 0x200B8C5, 0x200A0C2, 0x200A1C2, 0x200A2C2, 0x200A3C2,
    0x200A4C2, 0x200A5C2, 0x200A6C2, 0x200A7C2, 0x200A8C2, 0x200A9C2, 0x200AAC2, 0x200ABC2, 0x200ACC2, 0x200ADC2, 0x200AEC2, 0x200AFC2,
    0x200B0C2, 0x200B1C2, 0x200B2C2, 0x200B3C2, 0x200B4C2, 0x200B5C2, 0x200B6C2, 0x200B7C2, 0x200B8C2, 0x200B9C2, 0x200BAC2, 0x200BBC2,
    0x200BCC2, 0x200BDC2, 0x200BEC2, 0x200BFC2, 0x20080C3, 0x20081C3, 0x20082C3, 0x20083C3, 0x20084C3, 0x20085C3, 0x20086C3, 0x20087C3,
    0x20088C3, 0x20089C3, 0x2008AC3, 0x2008BC3, 0x2008CC3, 0x2008DC3, 0x2008EC3, 0x2008FC3, 0x2009EC4, 0x20091C3, 0x20092C3, 0x20093C3,
    0x20094C3, 0x20095C3, 0x20096C3, 0x20097C3, 0x20098C3, 0x20099C3, 0x2009AC3, 0x2009BC3, 0x2009CC3, 0x200B0C4, 0x2009EC5, 0x2009FC3,
    0x200A0C3, 0x200A1C3, 0x200A2C3, 0x200A3C3, 0x200A4C3, 0x200A5C3, 0x200A6C3, 0x200A7C3, 0x200A8C3, 0x200A9C3, 0x200AAC3, 0x200ABC3,
    0x200ACC3, 0x200ADC3, 0x200AEC3, 0x200AFC3, 0x2009FC4, 0x200B1C3, 0x200B2C3, 0x200B3C3, 0x200B4C3, 0x200B5C3, 0x200B6C3, 0x200B7C3,
    0x200B8C3, 0x200B9C3, 0x200BAC3, 0x200BBC3, 0x200BCC3, 0x200B1C4, 0x2009FC5, 0x200BFC3,
};

static inline size_t ascii_run(const uint8_t *in, size_t n, uint8_t *out) {
    size_t i = 0;
    while (i + 8 <= n) {
        uint64_t word;
        memcpy(&word, in + i, 8);
        memcpy(out + i, &word, 8);
        uint64_t high = word & 0x8080808080808080u;
        if (high) return i + (size_t)__builtin_ctzll(high) / 8;
        i += 8;
    }
    while (i < n && in[i] < 0x80) { out[i] = in[i]; i++; }
    return i;
}

static size_t single(const uint32_t table[128], uint32_t hidden, const uint8_t *in, size_t n, uint8_t *out) {
    size_t at = 0, done = 0;
    while (at < n) {
        size_t run = ascii_run(in + at, n - at, out + done);
        at += run;
        done += run;
        while (at < n && in[at] >= 0x80) {
            uint32_t entry = in[at] < 0xA0 && hidden ? hidden : table[in[at] - 0x80];
            memcpy(out + done, &entry, 4);
            done += entry >> 24;
            at++;
        }
    }
    return done;
}

static inline size_t put(uint32_t code, uint8_t *out) {
    if (code < 0x80) { out[0] = (uint8_t)code; return 1; }
    if (code < 0x800) { out[0] = (uint8_t)(0xC0 | code >> 6); out[1] = (uint8_t)(0x80 | (code & 63)); return 2; }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 63));
    out[3] = (uint8_t)(0x80 | (code & 63));
    return 4;
}

static size_t utf16(int big, const uint8_t *in, size_t n, int last, uint8_t *out, size_t *used) {
    size_t at = 0, done = 0;
    while (at + 2 <= n) {
        uint32_t unit = big ? (uint32_t)(in[at] << 8 | in[at + 1]) : (uint32_t)(in[at + 1] << 8 | in[at]);
        if (unit >= 0xD800 && unit < 0xDC00) {
            if (at + 4 > n) {
                if (!last) break;
                out[done++] = 0xFF;
                at += 2;
                continue;
            }
            uint32_t next = big ? (uint32_t)(in[at + 2] << 8 | in[at + 3]) : (uint32_t)(in[at + 3] << 8 | in[at + 2]);
            if (next >= 0xDC00 && next < 0xE000) {
                done += put(0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00), out + done);
                at += 4;
                continue;
            }
        }
        if (unit >= 0xD800 && unit < 0xE000) out[done++] = 0xFF;
        else done += put(unit, out + done);
        at += 2;
    }
    if (last && at < n) { out[done++] = 0xFF; at = n; }
    *used = at;
    return done;
}

static size_t cp932(const uint8_t *in, size_t n, int last, uint8_t *out, size_t *used) {
    size_t at = 0, done = 0;
    while (at < n) {
        size_t run = ascii_run(in + at, n - at, out + done);
        at += run;
        done += run;
        while (at < n && in[at] >= 0x80) {
            uint8_t lead = in[at];
            if (lead >= 0xA1 && lead <= 0xDF) { done += put(0xFF61u + lead - 0xA1, out + done); at++; continue; }
            int row = lead >= 0x81 && lead <= 0x9F ? lead - 0x81 : lead >= 0xE0 && lead <= 0xFC ? lead - 0xE0 + 31 : -1;
            if (row < 0) { out[done++] = 0xFF; at++; continue; }
            if (at + 1 >= n) {
                if (!last) goto end;
                out[done++] = 0xFF;
                at++;
                continue;
            }
            uint8_t trail = in[at + 1];
            uint32_t code = trail >= 0x40 && trail <= 0xFC && trail != 0x7F ? dg_cp932_pairs[row * 188 + trail - 0x40 - (trail > 0x7F)] : 0;
            if (code) { done += put(code, out + done); at += 2; continue; }
            out[done++] = 0xFF;
            at += trail < 0x80 ? 1 : 2;
        }
    }
end:
    *used = at;
    return done;
}

size_t dg_to_utf8(int charset, const uint8_t *in, size_t n, int last, uint8_t *out, size_t *used) {
    *used = n;
    switch (charset) {
    case DG_WINDOWS_1252: return single(windows1252, 0, in, n, out);
    case DG_WINDOWS_1254: return single(windows1254, 0, in, n, out);
    case DG_LATIN_5: return single(windows1254, 0xFFu | 1u << 24, in, n, out);
    case DG_UTF16_LE: return utf16(0, in, n, last, out, used);
    case DG_UTF16_BE: return utf16(1, in, n, last, out, used);
    case DG_CP932: return cp932(in, n, last, out, used);
    default: memcpy(out, in, n); return n;
    }
}

static inline int is_letter(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }

// One pass, a state of a byte between pieces: all counts are of the whole file.
void dg_count_bytes(dg_bytes *s, const uint8_t *in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (i + 8 <= n && s->before < 0x80 && !s->rest && !s->lead) {
            uint64_t word;
            memcpy(&word, in + i, 8);
            if (!(word & 0x8080808080808080u)) { s->before = in[i + 7]; i += 7; continue; }
        }
        uint8_t byte = in[i];
        // As UTF-8.
        if (s->rest) {
            if (byte >= s->low && byte <= s->high) { if (--s->rest == 0) s->utf8_good++; s->low = 0x80; s->high = 0xBF; }
            else { s->utf8_bad++; s->rest = 0; goto first; }
        } else {
        first:
            s->low = 0x80;
            s->high = 0xBF;
            if (byte >= 0xC2 && byte < 0xE0) s->rest = 1;
            else if (byte >= 0xE0 && byte < 0xF0) { s->rest = 2; if (byte == 0xE0) s->low = 0xA0; if (byte == 0xED) s->high = 0x9F; }
            else if (byte >= 0xF0 && byte < 0xF5) { s->rest = 3; if (byte == 0xF0) s->low = 0x90; if (byte == 0xF4) s->high = 0x8F; }
            else if (byte >= 0x80) s->utf8_bad++;
        }
        // As cp932.
        if (s->lead) {
            uint8_t lead = s->lead;
            int row = lead <= 0x9F ? lead - 0x81 : lead - 0xE0 + 31;
            uint32_t code = byte >= 0x40 && byte <= 0xFC && byte != 0x7F ? dg_cp932_pairs[row * 188 + byte - 0x40 - (byte > 0x7F)] : 0;
            s->lead = 0;
            if (code) {
                s->pairs++;
                if ((code >= 0x3000 && code < 0x3100) || (lead >= 0x88 && lead <= 0x97)) s->usual_pairs++;
            } else { s->pairs_bad++; }
        } else if ((byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC)) {
            s->lead = byte;
        } else if (byte == 0x80 || byte == 0xA0 || byte > 0xFC) {
            s->pairs_bad++;
        } else if (byte >= 0xA1 && byte <= 0xDF) {
            s->narrow_kana++;
        }
        if (byte >= 0x80) {
            s->count[byte]++;
            if (s->before >= 0x80) s->high_pairs++;
            if (is_letter(s->before)) s->after_letter[byte]++;
        }
        s->before = byte;
    }
}
