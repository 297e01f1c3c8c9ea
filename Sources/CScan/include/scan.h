#ifndef DROPGATE_SCAN_H
#define DROPGATE_SCAN_H
#include <stdint.h>
#include <stddef.h>
#endif
