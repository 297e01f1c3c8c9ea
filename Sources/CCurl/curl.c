#include "CCurl.h"
#include "library.h"

// The macros of the same names would put a parameter list on what is named here.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define FUNCTIONS(each)         \
    each(curl_global_init)      \
    each(curl_version)          \
    each(curl_easy_init)        \
    each(curl_easy_cleanup)     \
    each(curl_easy_reset)       \
    each(curl_easy_perform)     \
    each(curl_easy_strerror)    \
    each(curl_easy_setopt)      \
    each(curl_easy_getinfo)     \
    each(curl_slist_append)     \
    each(curl_slist_free_all)
LIBRARY("libcurl.so.4", FUNCTIONS)

static const char *failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) {
    failure = load();
    if (failure == NULL && loaded.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) failure = "libcurl could not start";
}

const char *dropgate_curl_start(void) {
    pthread_once(&once, start);
    return failure;
}

HIDDEN char *curl_version(void) { return loaded.curl_version(); }
HIDDEN CURL *curl_easy_init(void) { return loaded.curl_easy_init(); }
HIDDEN void curl_easy_cleanup(CURL *handle) { loaded.curl_easy_cleanup(handle); }
HIDDEN void curl_easy_reset(CURL *handle) { loaded.curl_easy_reset(handle); }
HIDDEN CURLcode curl_easy_perform(CURL *handle) { return loaded.curl_easy_perform(handle); }
HIDDEN const char *curl_easy_strerror(CURLcode code) { return loaded.curl_easy_strerror(code); }
HIDDEN struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) { return loaded.curl_slist_append(list, text); }
HIDDEN void curl_slist_free_all(struct curl_slist *list) { loaded.curl_slist_free_all(list); }

// Typed ways to what is variadic.
CURLcode dropgate_curl_set_long(CURL *handle, CURLoption option, long value) {
    return loaded.curl_easy_setopt(handle, option, value);
}
CURLcode dropgate_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return loaded.curl_easy_setopt(handle, option, value);
}
CURLcode dropgate_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return loaded.curl_easy_setopt(handle, option, value);
}
CURLcode dropgate_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return loaded.curl_easy_setopt(handle, option, value);
}
CURLcode dropgate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return loaded.curl_easy_setopt(handle, option, value);
}
CURLcode dropgate_curl_set_data(CURL *handle, CURLoption option, dropgate_curl_data_callback value) {
    return loaded.curl_easy_setopt(handle, option, value);
}
CURLcode dropgate_curl_set_progress(CURL *handle, dropgate_curl_progress_callback value) {
    return loaded.curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}
CURLcode dropgate_curl_set_socket(CURL *handle, dropgate_curl_socket_callback opened, dropgate_curl_close_callback closing) {
    CURLcode code = loaded.curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, opened);
    return code != CURLE_OK ? code : loaded.curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, closing);
}
CURLcode dropgate_curl_set_seek(CURL *handle, dropgate_curl_seek_callback value) {
    return loaded.curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}
CURLcode dropgate_curl_set_host_key(CURL *handle, dropgate_curl_host_key_callback value) {
    return loaded.curl_easy_setopt(handle, CURLOPT_SSH_HOSTKEYFUNCTION, value);
}
CURLcode dropgate_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return loaded.curl_easy_getinfo(handle, info, value);
}
CURLcode dropgate_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return loaded.curl_easy_getinfo(handle, info, value);
}
CURLcode dropgate_curl_get_text(CURL *handle, CURLINFO info, const char **value) {
    return loaded.curl_easy_getinfo(handle, info, value);
}
