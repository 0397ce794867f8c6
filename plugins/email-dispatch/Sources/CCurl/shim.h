/* libcurl for Swift, which cannot call functions with variable arguments: one function for each type of argument. */
#pragma once
#include <curl/curl.h>

static inline CURLcode carillon_curl_set_number(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

/* libcurl copies the text. */
static inline CURLcode carillon_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

/* Each line that the server says until the connection stands; `context` must outlive that. */
static inline CURLcode carillon_curl_set_lines(
    CURL *handle, size_t (*take)(char *, size_t, size_t, void *), void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take);
  return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

/* `buffer` has CURL_ERROR_SIZE bytes and outlives the handle. */
static inline CURLcode carillon_curl_set_errors(CURL *handle, char *buffer) {
  return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

/* CURL_SOCKET_BAD for none. */
static inline curl_socket_t carillon_curl_socket(CURL *handle) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK ? socket : CURL_SOCKET_BAD;
}
