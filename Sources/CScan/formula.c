#include "scan.h"

// Plain comparisons, which the compiler turns to vectors.
int dg_formula_within(const uint8_t *bytes, size_t count) {
    uint8_t found = 0;
    for (size_t i = 1; i < count; i++) {
        uint8_t before = bytes[i - 1], here = bytes[i];
        uint8_t opens = (before == ',') | (before == ';') | (before == '\t') | (before == '|') | (before == '\n') | (before == '\r')
                      | (before == '"');
        uint8_t begins = (here == '=') | (here == '+') | (here == '-') | (here == '@') | (here == 0xEF);
        found |= opens & begins;
    }
    return found;
}
