// A library that is loaded at its first use: its functions by name in one table, filled once.
#ifndef DROPGATE_LIBRARY_H
#define DROPGATE_LIBRARY_H
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// Not seen from outside the executable: the library's own calls must reach the library.
#define HIDDEN __attribute__((visibility("hidden")))

#define LIBRARY_MEMBER(name) __typeof__(name) *name;
#define LIBRARY_FILL(name)                                                           \
    loaded.name = (__typeof__(name) *)dlsym(library, #name);                         \
    if (loaded.name == NULL) return "the library has no function " #name;

// `loaded` and `load()`: null, or why it can't be loaded. Never unloaded: libraries leave threads and exit functions behind.
#define LIBRARY(file, functions)                                                     \
    static struct { functions(LIBRARY_MEMBER) } loaded;                              \
    static const char *load(void) {                                                  \
        void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);                         \
        if (library == NULL) {                                                       \
            const char *said = dlerror();                                            \
            return said != NULL ? said : file " can't be loaded";                    \
        }                                                                            \
        functions(LIBRARY_FILL)                                                      \
        return NULL;                                                                 \
    }
#endif
