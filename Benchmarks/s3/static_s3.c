// An S3 that knows its answers by heart: what a client itself can do, with the server's work next to nothing.
// static_s3 PAGES: listens on a free loopback port, prints "ready PORT", ends when its standard input does. A bucket's listing
// has so many pages of 1,000 keys (from 1,000 pages on, the same ones again), every copy succeeds, every HEAD finds an object.
// Signatures are not looked at.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KEYS = 1000, DISTINCT_PAGES = 1000, HEAD_BYTES = 1 << 16 };

// All of a page but its end, which says what comes next.
struct page {
  char *text;
  size_t length;
};

static struct page *pages;
static int page_count, distinct;

static void make_page(int number) {
  struct page *page = &pages[number];
  size_t size = 512 + KEYS * 320;
  page->text = malloc(size);
  if (!page->text) abort();
  size_t n = (size_t)snprintf(
      page->text, size,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<Name>bench</Name><Prefix></Prefix><KeyCount>%d</KeyCount><MaxKeys>%d</MaxKeys><EncodingType>url</EncodingType>",
      KEYS, KEYS);
  for (int i = 0; i < KEYS; i++) {
    int key = number * KEYS + i;
    n += (size_t)snprintf(
        page->text + n, size - n,
        "<Contents><Key>data/2026/11/part-%07d.parquet</Key><LastModified>2026-10-%02dT10:%02d:00.000Z</LastModified>"
        "<ETag>&quot;%032x&quot;</ETag><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>",
        key, 1 + i % 28, i % 60, key, 100000 + i);
  }
  page->length = n;
}

static int send_all(int fd, const char *head, size_t head_length, const char *body, size_t body_length) {
  struct iovec parts[2] = {{(void *)head, head_length}, {(void *)body, body_length}};
  int first = 0;
  while (first < 2) {
    if (parts[first].iov_len == 0) {
      first++;
      continue;
    }
    ssize_t sent = writev(fd, parts + first, 2 - first);
    if (sent <= 0) return -1;
    while (first < 2 && (size_t)sent >= parts[first].iov_len) sent -= (ssize_t)parts[first++].iov_len;
    if (first < 2) {
      parts[first].iov_base = (char *)parts[first].iov_base + sent;
      parts[first].iov_len -= (size_t)sent;
    }
  }
  return 0;
}

static int answer(int fd, const char *head) {
  static const char copied[] =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><LastModified>2026-11-23T05:00:00.000Z</LastModified>"
      "</CopyObjectResult>";
  char text[512];
  const char *line_end = strstr(head, "\r\n");
  if (strncmp(head, "GET", 3) == 0) {
    const char *token = strstr(head, "continuation-token=");
    int number = token && token < line_end ? atoi(token + strlen("continuation-token=")) : 0;
    struct page *page = &pages[number % distinct];
    char end[256];
    int end_length =
        number + 1 < page_count
            ? snprintf(
                  end, sizeof end,
                  "<IsTruncated>true</IsTruncated><NextContinuationToken>%d</NextContinuationToken></ListBucketResult>", number + 1)
            : snprintf(end, sizeof end, "<IsTruncated>false</IsTruncated></ListBucketResult>");
    int length = snprintf(
        text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %zu\r\n\r\n",
        page->length + (size_t)end_length);
    return send_all(fd, text, (size_t)length, page->text, page->length) || send_all(fd, end, (size_t)end_length, NULL, 0);
  }
  if (strncmp(head, "PUT", 3) == 0 && strcasestr(head, "\r\nx-amz-copy-source:")) {
    int length = snprintf(
        text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %zu\r\n\r\n",
        sizeof copied - 1);
    return send_all(fd, text, (size_t)length, copied, sizeof copied - 1);
  }
  // As the listing has it: rclone compares.
  const char *part = strstr(head, "/part-");
  int key = part && part < line_end ? atoi(part + strlen("/part-")) : 0;
  int length = snprintf(
      text, sizeof text,
      "HTTP/1.1 200 OK\r\nETag: \"%032x\"\r\nLast-Modified: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
      "Content-Type: binary/octet-stream\r\nContent-Length: %d\r\n\r\n",
      key, strncmp(head, "HEAD", 4) == 0 ? 100000 + key % KEYS : 0);
  return send_all(fd, text, (size_t)length, NULL, 0);
}

static void *serve(void *argument) {
  int fd = (int)(long)argument;
  char *buffer = malloc(HEAD_BYTES + 1);
  size_t filled = 0;
  while (buffer) {
    buffer[filled] = 0;
    char *end = strstr(buffer, "\r\n\r\n");
    if (!end) {
      if (filled == HEAD_BYTES) break;
      ssize_t got = read(fd, buffer + filled, HEAD_BYTES - filled);
      if (got <= 0) break;
      filled += (size_t)got;
      continue;
    }
    size_t head_length = (size_t)(end - buffer) + 4;
    char after = buffer[head_length];
    buffer[head_length] = 0;
    char *length_header = strcasestr(buffer, "\r\ncontent-length:");
    long body = length_header ? atol(length_header + strlen("\r\ncontent-length:")) : 0;
    int failed = answer(fd, buffer);
    buffer[head_length] = after;
    if (failed) break;
    // No request of the benchmark has a body that is longer than the buffer.
    while (filled < head_length + (size_t)body) {
      if (head_length + (size_t)body > HEAD_BYTES) goto done;
      ssize_t got = read(fd, buffer + filled, HEAD_BYTES - filled);
      if (got <= 0) goto done;
      filled += (size_t)got;
    }
    filled -= head_length + (size_t)body;
    memmove(buffer, buffer + head_length + body, filled);
  }
done:
  free(buffer);
  close(fd);
  return NULL;
}

static void *accept_all(void *argument) {
  int listener = (int)(long)argument, one = 1;
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve, (void *)(long)fd) == 0) pthread_detach(thread);
  }
  return NULL;
}

int main(int count, char **arguments) {
  page_count = count > 1 ? atoi(arguments[1]) : 10;
  if (page_count < 1) return 64;
  distinct = page_count < DISTINCT_PAGES ? page_count : DISTINCT_PAGES;
  pages = calloc((size_t)distinct, sizeof *pages);
  if (!pages) return 71;
  for (int number = 0; number < distinct; number++) make_page(number);
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024) ||
      getsockname(listener, (void *)&address, &size)) {
    perror("static_s3");
    return 71;
  }
  pthread_t thread;
  if (pthread_create(&thread, NULL, accept_all, (void *)(long)listener)) return 71;
  printf("ready %d\n", ntohs(address.sin_port));
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}
