// libcurl, loaded by name at its first use: linked it would bring some thirty libraries into every start (docs/decisions/0012-libraries-at-first-use.md).
// The functions of its own names are defined in curl.c and hand on. Its options and answers are set and read by variadic functions, which Swift
// can't call: one typed function for each kind of value.
#ifndef DROPGATE_CURL_H
#define DROPGATE_CURL_H
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>

typedef size_t (*dropgate_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*dropgate_curl_progress_callback)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
typedef int (*dropgate_curl_socket_callback)(void *context, curl_socket_t socket, curlsocktype purpose);
typedef int (*dropgate_curl_close_callback)(void *context, curl_socket_t socket);
typedef int (*dropgate_curl_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*dropgate_curl_host_key_callback)(void *context, int type, const char *key, size_t count);

/// Loads libcurl and makes its process-wide state, once. Null: done. Otherwise the loader's or libcurl's words; nothing else of this header may be called then.
const char *dropgate_curl_start(void);

CURLcode dropgate_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode dropgate_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode dropgate_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode dropgate_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode dropgate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode dropgate_curl_set_data(CURL *handle, CURLoption option, dropgate_curl_data_callback value);
CURLcode dropgate_curl_set_progress(CURL *handle, dropgate_curl_progress_callback value);
CURLcode dropgate_curl_set_socket(CURL *handle, dropgate_curl_socket_callback opened, dropgate_curl_close_callback closing);
CURLcode dropgate_curl_set_seek(CURL *handle, dropgate_curl_seek_callback value);
CURLcode dropgate_curl_set_host_key(CURL *handle, dropgate_curl_host_key_callback value);
CURLcode dropgate_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode dropgate_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode dropgate_curl_get_text(CURL *handle, CURLINFO info, const char **value);
#endif
