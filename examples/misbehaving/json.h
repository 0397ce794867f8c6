// json.h: reads JSON (RFC 8259) in place, without memory of its own. Enough for the configuration of an example.
//
// A `struct json` is a text being read. Each function takes a value off its front, or says false and leaves an unusable rest.

#ifndef EXAMPLE_JSON_H
#define EXAMPLE_JSON_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct json {
  const char *at, *end;
};

static inline char json_peek(struct json *in) {
  while (in->at < in->end && memchr(" \t\r\n", *in->at, 4)) in->at++;
  return in->at < in->end ? *in->at : 0;
}

static inline bool json_take(struct json *in, char expected) {
  if (json_peek(in) != expected) return false;
  in->at++;
  return true;
}

static inline bool json_hex(struct json *in, unsigned *value) {
  *value = 0;
  for (int i = 0; i < 4; i++) {
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *digit = in->at < in->end && *in->at ? strchr(digits, *in->at++) : NULL;
    if (!digit) return false;
    *value = *value * 16 + (unsigned)(digit - digits) % 16;
  }
  return true;
}

// Appends a code point as UTF-8.
static inline size_t json_utf8(unsigned point, char out[4]) {
  if (point < 0x80) return out[0] = (char)point, 1;
  size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (size_t i = size - 1; i > 0; i--, point >>= 6) out[i] = (char)(0x80 | (point & 0x3f));
  out[0] = (char)((0xf00 >> size) | point);
  return size;
}

// Takes a string and writes it to `out`, ended by a NUL byte; false when it is not one or has no room there.
static inline bool json_string(struct json *in, char *out, size_t capacity) {
  size_t size = 0;
  if (!json_take(in, '"')) return false;
  while (in->at < in->end && *in->at != '"') {
    char piece[4] = {*in->at++};
    size_t length = 1;
    if ((unsigned char)piece[0] < 0x20) return false;
    if (piece[0] == '\\') {
      const char *names = "\"\\/bfnrt", *meanings = "\"\\/\b\f\n\r\t";
      if (in->at == in->end) return false;
      char name = *in->at++;
      const char *known = name ? strchr(names, name) : NULL;
      unsigned point, low;
      if (known) {
        piece[0] = meanings[known - names];
      } else if (name == 'u' && json_hex(in, &point)) {
        if (point >= 0xd800 && point < 0xdc00) {
          if (in->end - in->at < 6 || *in->at++ != '\\' || *in->at++ != 'u' || !json_hex(in, &low)) return false;
          if (low < 0xdc00 || low > 0xdfff) return false;
          point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        }
        length = json_utf8(point, piece);
      } else {
        return false;
      }
    }
    if (size + length >= capacity) return false;
    memcpy(out + size, piece, length);
    size += length;
  }
  if (capacity > 0) out[size] = 0;
  return json_take(in, '"');
}

// Takes a number.
static inline bool json_number(struct json *in, double *value) {
  char copy[64] = {0};
  size_t size = 0;
  json_peek(in);
  while (in->at < in->end && size < sizeof copy - 1 && *in->at && strchr("+-.0123456789eE", *in->at))
    copy[size++] = *in->at++;
  char *rest;
  *value = strtod(copy, &rest);
  return size > 0 && *rest == 0;
}

// Steps through an object or array: true before each member or element, false after the last. `*first` starts as true.
static inline bool json_next(struct json *in, bool *first, char close) {
  if (json_take(in, close)) return false;
  bool more = *first || json_take(in, ',');
  *first = false;
  return more && in->at < in->end;
}

#endif
