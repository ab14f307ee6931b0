#include "milter/signals.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace postern {
namespace {

// A handler has nothing but globals. Written once, by CatchSignals.
int g_pipe[2] = {-1, -1};

void Tell(Signal signal) {
  const char word = static_cast<char>(signal);
  // A full pipe holds thousands of unread words: one more says nothing new.
  [[maybe_unused]] const ssize_t written = write(g_pipe[1], &word, 1);
}

extern "C" void OnSignal(int number) {
  const int saved = errno;
  Tell(number == SIGHUP ? Signal::kReload : Signal::kStop);
  errno = saved;
}

}  // namespace

// In place of the C library's: see the header. Nobody else here calls it.
extern "C" int sigwait(const sigset_t* /*set*/, int* /*number*/) {
  for (;;) pause();
}

Result<void> CatchSignals() {
  if (pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    return Fail("cannot make a pipe for signals");
  struct sigaction action{};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGHUP, SIGTERM, SIGINT})
    if (sigaction(number, &action, nullptr) != 0)
      return Fail("cannot catch a signal");
  (void)std::signal(SIGPIPE, SIG_IGN);
  return {};
}

std::optional<Signal> NextSignal(std::chrono::milliseconds wait) {
  pollfd readable{.fd = g_pipe[0], .events = POLLIN, .revents = 0};
  (void)poll(&readable, 1, static_cast<int>(wait.count()));
  char word = 0;
  if (read(g_pipe[0], &word, 1) != 1) return std::nullopt;
  return static_cast<Signal>(word);
}

void TellListenerEnded() { Tell(Signal::kListenerEnded); }

}  // namespace postern
