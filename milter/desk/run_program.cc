#include "milter/desk/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "policy/base/clock.h"

namespace postern {
namespace {

constexpr std::size_t kMostOctets = 1 << 20;

// Nothing of our environment steers the program.
const std::array<char*, 2> kEnvironment = {const_cast<char*>("LC_ALL=C"),
                                           nullptr};

struct FileActions {
  posix_spawn_file_actions_t actions{};
  FileActions() { posix_spawn_file_actions_init(&actions); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
};

Result<pid_t> Start(const std::vector<std::string>& command, int output) {
  FileActions files;
  posix_spawn_file_actions_addopen(&files.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files.actions, output, 1);
  posix_spawn_file_actions_addopen(&files.actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = 0;
  const int code = posix_spawn(&pid, command.front().c_str(), &files.actions,
                               nullptr, words.data(), kEnvironment.data());
  if (code != 0)
    return Fail(fmt::format("{}: {}", command.front(), std::strerror(code)));
  return pid;
}

// All it prints; false when it does not end in time or prints too much.
bool ReadAll(int from, Deadline deadline, std::string* text) {
  using std::chrono::milliseconds;
  std::array<char, 4096> octets{};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{from, POLLIN, 0};
    const int ready = left.count() <= 0
                          ? 0
                          : poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || text->size() > kMostOctets) return false;
    const ssize_t got = read(from, octets.data(), octets.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    text->append(octets.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<std::string> RunProgram(const std::vector<std::string>& command,
                               std::chrono::milliseconds patience) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
    return Fail("no file descriptor is left");
  const int from = pipe_ends[0];
  const Result<pid_t> pid = Start(command, pipe_ends[1]);
  close(pipe_ends[1]);
  std::string text;
  const bool is_whole = pid && ReadAll(from, In(patience), &text);
  close(from);
  if (!pid) return std::unexpected(pid.error());
  if (!is_whole) kill(*pid, SIGKILL);
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!is_whole)
    return Fail(fmt::format("{}: no end of its output", command.front()));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return Fail(fmt::format("{}: ended with an error", command.front()));
  return text;
}

}  // namespace postern
