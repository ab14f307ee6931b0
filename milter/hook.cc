#include "milter/hook.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <spdlog/spdlog.h>

#include "policy/base/clock.h"

namespace postern {
namespace {

constexpr std::size_t kMostValueOctets = 1'000;
constexpr std::chrono::milliseconds kLook{20};  // whether it has ended

std::string Clean(std::string_view value) {
  std::string clean(value.substr(0, kMostValueOctets));
  for (char& c : clean)
    if ((c >= 0 && c < ' ') || c == '\x7f') c = '?';
  return clean;
}

// Pointers into the words, as exec wants them.
std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words)
    pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// In a process group of its own, so that its children are killed with it, and
// with no signal blocked or ignored. 0, or the system's reason.
int Start(const std::vector<std::string>& command,
          const std::vector<std::string>& environment, pid_t* pid) {
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  // libmilter does not mark its sockets to be closed.
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none{};
  sigemptyset(&none);
  sigset_t all{};
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF |
                                            POSIX_SPAWN_SETPGROUP);
  const int code =
      posix_spawn(pid, command.front().c_str(), &files, &attributes,
                  Pointers(command).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return code;
}

bool HasEnded(pid_t pid, int* status) {
  const pid_t ended = waitpid(pid, status, WNOHANG);
  return ended == pid || (ended < 0 && errno != EINTR);
}

}  // namespace

Hook::Hook(std::vector<std::string> command, std::chrono::milliseconds patience)
    : command_(std::move(command)), patience_(patience) {
  if (command_.empty()) return;
  thread_ =
      std::jthread([this](const std::stop_token& stop) { RunEach(stop); });
}

Hook::~Hook() = default;

void Hook::Run(Urgency urgency, const Values& values) {
  if (command_.empty()) return;
  Environment environment = {"LC_ALL=C", "PATH=/usr/bin:/bin"};
  for (const auto& [name, value] : values)
    environment.push_back("POSTERN_" + name + "=" + Clean(value));
  const std::lock_guard lock(mutex_);
  std::deque<Environment>& waiting =
      urgency == Urgency::kAlarm ? alarms_ : warnings_;
  if (waiting.size() >= kMostWaiting) {
    if (counts_.dropped++ == 0)
      spdlog::warn("hook: {} is too slow, events are dropped",
                   command_.front());
    return;
  }
  waiting.push_back(std::move(environment));
  changed_.notify_one();
}

Hook::Counts Hook::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Hook::RunEach(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(
      lock, stop, [this] { return !alarms_.empty() || !warnings_.empty(); })) {
    std::deque<Environment>& waiting = alarms_.empty() ? warnings_ : alarms_;
    const Environment environment = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    const bool is_well = RunOne(environment, stop);
    lock.lock();
    ++counts_.run;
    if (!is_well) ++counts_.failed;
    if (stop.stop_requested()) return;
  }
}

bool Hook::RunOne(const Environment& environment, const std::stop_token& stop) {
  pid_t pid = 0;
  const int code = Start(command_, environment, &pid);
  if (code != 0) {
    spdlog::error("hook: {}: {}", command_.front(), std::strerror(code));
    return false;
  }
  const Deadline deadline = In(patience_);
  int status = 0;
  bool has_ended = HasEnded(pid, &status);
  while (!has_ended && !stop.stop_requested() &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kLook);
    has_ended = HasEnded(pid, &status);
  }
  if (!has_ended) {
    kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    spdlog::error("hook: {}: killed, it took too long", command_.front());
    return false;
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  spdlog::error("hook: {}: ended with an error", command_.front());
  return false;
}

}  // namespace postern
