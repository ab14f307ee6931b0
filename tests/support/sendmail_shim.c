/* Preloaded into the unpacked Sendmail of the tests: syslog() goes to the file
 * $SENDMAIL_LOG, for there may be no /dev/log, and gethostname() says
 * $SENDMAIL_HOST, for Sendmail sleeps a minute when the name has no dot.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char log_path[512], host[256] = "localhost.localdomain";

/* At once, for Sendmail empties its environment. */
__attribute__((constructor)) static void read_environment(void) {
  const char* word = getenv("SENDMAIL_LOG");
  if (word) snprintf(log_path, sizeof log_path, "%s", word);
  word = getenv("SENDMAIL_HOST");
  if (word) snprintf(host, sizeof host, "%s", word);
}

static void write_line(const char* format, va_list words) {
  char line[4096];
  int file = open(log_path, O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (file < 0) return;
  int length = snprintf(line, sizeof line, "sendmail[%d]: ", (int)getpid());
  int room = (int)sizeof line - length - 2;
  int added = vsnprintf(line + length, (size_t)room, format, words);
  length += added < room ? added : room - 1;
  line[length++] = '\n';
  if (write(file, line, (size_t)length) < 0) perror("SENDMAIL_LOG");
  close(file);
}

void openlog(const char* name, int options, int facility) {
  (void)name, (void)options, (void)facility;
}
void closelog(void) {}

void vsyslog(int level, const char* format, va_list words) {
  (void)level;
  write_line(format, words);
}
void __vsyslog_chk(int level, int flag, const char* format, va_list words) {
  (void)level, (void)flag;
  write_line(format, words);
}
void syslog(int level, const char* format, ...) {
  va_list words;
  (void)level;
  va_start(words, format);
  write_line(format, words);
  va_end(words);
}
void __syslog_chk(int level, int flag, const char* format, ...) {
  va_list words;
  (void)level, (void)flag;
  va_start(words, format);
  write_line(format, words);
  va_end(words);
}

int gethostname(char* name, size_t size) {
  snprintf(name, size, "%s", host);
  return 0;
}
int __gethostname_chk(char* name, size_t size, size_t room) {
  (void)room;
  return gethostname(name, size);
}
