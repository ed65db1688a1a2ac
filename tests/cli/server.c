/* server.c: a web server for the tests: the files of a folder, one request at a time, for two minutes.
**
**   server FOLDER MODE      ranges: as they should be; whole: a part that is asked for is not known, all is sent; cut: each
**                           answer breaks off after 1000 bytes
**
** It prints its port, then a line for each request: the status, the name, and the first byte that is wanted.             */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 4096, LIFE = 120 /* seconds */, CUT = 1000 };

/* A socket that listens on a free port of this machine; prints the port. */
static int listening(void) {
  struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof here;
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (s < 0 || bind(s, (struct sockaddr *)&here, size) != 0 || listen(s, 8) != 0) return -1;
  if (getsockname(s, (struct sockaddr *)&here, &size) != 0) return -1;
  printf("%d\n", ntohs(here.sin_port));
  return s;
}

/* Reads a request up to its empty line. */
static void read_request(FILE *f, char name[ROOM], long *from) {
  char line[ROOM];
  name[0] = 0;
  *from = 0;
  while (fgets(line, sizeof line, f) && line[0] != '\r') {
    char *end = strstr(line, " HTTP/");
    if (strncmp(line, "GET /", 5) == 0 && end) snprintf(name, ROOM, "%.*s", (int)(end - line - 5), line + 5);
    if (strncasecmp(line, "Range: bytes=", 13) == 0) *from = strtol(line + 13, NULL, 10);
  }
}

static void send_file(FILE *to, FILE *file, long from, long size, long most) {
  char lot[CUT];
  fprintf(to, "HTTP/1.0 %s\r\nContent-Length: %ld\r\n", from ? "206 Partial Content" : "200 OK", size - from);
  if (from) fprintf(to, "Content-Range: bytes %ld-%ld/%ld\r\n", from, size - 1, size);
  fputs("\r\n", to);
  fseek(file, from, SEEK_SET);
  for (size_t got; most > 0 && (got = fread(lot, 1, sizeof lot, file)) > 0; most -= (long)got) fwrite(lot, 1, got, to);
}

/* Returns the status. */
static int answer(FILE *to, const char *name, long from, const char *mode) {
  FILE *file = *name ? fopen(name, "rb") : NULL;
  if (!file) return fputs("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n", to), 404;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  if (strcmp(mode, "whole") == 0) from = 0;
  if (from && from >= size) fprintf(to, "HTTP/1.0 416 Range\r\nContent-Range: bytes */%ld\r\nContent-Length: 0\r\n\r\n", size);
  else send_file(to, file, from, size, strcmp(mode, "cut") == 0 ? CUT : size);
  fclose(file);
  return from && from >= size ? 416 : from ? 206 : 200;
}

int main(int argc, char **argv) {
  char name[ROOM];
  long from;
  if (argc != 3 || chdir(argv[1]) != 0) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  int s = listening();
  if (s < 0) return 1;
  alarm(LIFE);
  for (int peer; (peer = accept(s, NULL, NULL)) >= 0;) {
    FILE *in = fdopen(peer, "rb"), *out = fdopen(dup(peer), "wb");
    if (!in || !out) return 1;
    read_request(in, name, &from);
    printf("%d %s %ld\n", answer(out, name, from, argv[2]), name, from);
    fclose(out);
    fclose(in);
  }
  return 0;
}
