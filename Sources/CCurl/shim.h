// libcurl's options and answers are set and read by variadic functions, which Swift can't call: one typed function for each kind of value.
#ifndef DROPGATE_CURL_SHIM_H
#define DROPGATE_CURL_SHIM_H
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>

typedef size_t (*dropgate_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*dropgate_curl_progress_callback)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
typedef int (*dropgate_curl_socket_callback)(void *context, curl_socket_t socket, curlsocktype purpose);
typedef int (*dropgate_curl_close_callback)(void *context, curl_socket_t socket);
typedef int (*dropgate_curl_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*dropgate_curl_host_key_callback)(void *context, int type, const char *key, size_t count);

static inline CURLcode dropgate_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode dropgate_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode dropgate_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode dropgate_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode dropgate_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode dropgate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode dropgate_curl_set_data(CURL *handle, CURLoption option, dropgate_curl_data_callback value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode dropgate_curl_set_progress(CURL *handle, dropgate_curl_progress_callback value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}
static inline CURLcode dropgate_curl_set_socket(CURL *handle, dropgate_curl_socket_callback opened, dropgate_curl_close_callback closing) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, opened);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, closing);
}
static inline CURLcode dropgate_curl_set_seek(CURL *handle, dropgate_curl_seek_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}
static inline CURLcode dropgate_curl_set_host_key(CURL *handle, dropgate_curl_host_key_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SSH_HOSTKEYFUNCTION, value);
}
static inline CURLcode dropgate_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode dropgate_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode dropgate_curl_get_text(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}
#endif
