#include "scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>

static inline __m128i is(__m128i x, char byte) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(byte)); }
// Tab to CR.
static inline __m128i is_blank(__m128i x) {
    __m128i y = _mm_sub_epi8(x, _mm_set1_epi8(9));
    return _mm_cmpeq_epi8(_mm_min_epu8(y, _mm_set1_epi8(4)), y);
}
#else
static inline int opens(uint8_t byte) {
    return byte == ',' || byte == ';' || byte == '|' || byte == '"' || (byte >= 9 && byte <= 13);
}
#endif

static inline int begins(uint8_t byte) {
    return byte == '=' || byte == '+' || byte == '-' || byte == '@' || byte == 0xEF || (byte >= 9 && byte <= 13);
}

size_t dg_formula_next(const uint8_t *bytes, size_t from, size_t count, uint8_t delimiter) {
    size_t at = from;
    if (at == 0 && count > 0) {
        if (begins(bytes[0])) return 0;
        at = 1;
    }
    while (at < count) {
#if defined(__SSE2__)
        // Bytes behind the end are readable, and never hits.
        __m128i here = _mm_loadu_si128((const __m128i *)(bytes + at));
        // '-' and '=' differ in one bit.
        __m128i sign = _mm_or_si128(is(_mm_or_si128(here, _mm_set1_epi8(0x10)), '='), _mm_or_si128(is(here, '+'), is(here, '@')));
        unsigned hits = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(sign, is(here, (char)0xEF)), is_blank(here)));
        if (hits) {
            __m128i before = _mm_loadu_si128((const __m128i *)(bytes + at - 1));
            __m128i mark = _mm_or_si128(_mm_or_si128(is(before, ','), is(before, ';')), is(before, '|'));
            hits &= (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(mark, is(before, '"')), is_blank(before)));
        }
        while (hits) {
            size_t hit = at + (size_t)__builtin_ctz(hits);
            if (hit >= count) return count;
            // An empty cell's end.
            if (bytes[hit] != delimiter || bytes[hit - 1] != delimiter) return hit;
            hits &= hits - 1;
        }
        at += 16;
#else
        if (begins(bytes[at]) && opens(bytes[at - 1]) && (bytes[at] != delimiter || bytes[at - 1] != delimiter)) return at;
        at++;
#endif
    }
    return count;
}
