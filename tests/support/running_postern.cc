#include "tests/support/running_postern.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "policy/base/text.h"
#include "tests/support/child.h"
#include "tests/support/free_port.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Sanitizers and busy machines are slow; a test that passes waits for nothing.
constexpr std::chrono::seconds kPatience{60};
constexpr milliseconds kLook{5};

std::filesystem::path MakeFolder() {
  std::string name = std::filesystem::temp_directory_path() / "wire-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) std::abort();
  std::filesystem::create_directory(name + "/state");
  return name;
}

int CountOf(std::string_view text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

}  // namespace

RunningPostern::RunningPostern(const WireConfig& config, Socket socket)
    : folder_(MakeFolder()),
      socket_(socket == Socket::kUnix
                  ? "unix:" + (folder_ / "postern.sock").string()
                  : "inet:" + std::to_string(FreePort()) + "@127.0.0.1") {
  WriteConfig(config);
  StartAgain();
}

void RunningPostern::StartAgain() {
  Start();
  EXPECT_TRUE(LogShows("started:", ++starts_)) << Log();
}

RunningPostern::~RunningPostern() {
  if (pid_ > 0) {
    EXPECT_EQ(waitpid(pid_, nullptr, WNOHANG), 0) << "it died\n" << Log();
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  FailOnSanitizerReport();
  if (testing::Test::HasFailure()) std::cerr << Log();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RunningPostern::Start() {
  pid_ = StartChild(
      {POSTERN_PROGRAM, "run", "--config", (folder_ / "postern.toml").string()},
      (folder_ / "log").string());
  ASSERT_GT(pid_, 0) << POSTERN_PROGRAM;
}

void RunningPostern::WriteConfig(const WireConfig& config) const {
  std::ofstream(folder_ / "postern.toml")
      << "state_directory = \"" << (folder_ / "state").string() << "\"\n"
      << "milter.socket = \"" << socket_ << "\"\n"
      << config.options << '\n'
      << config.tables << '\n';
}

void RunningPostern::Send(int signal) const { kill(pid_, signal); }

std::optional<int> RunningPostern::WaitForExit(milliseconds time) {
  const auto deadline = steady_clock::now() + time;
  do {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    std::this_thread::sleep_for(kLook);
  } while (steady_clock::now() < deadline);
  return std::nullopt;
}

std::string RunningPostern::Log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

bool RunningPostern::LogShows(std::string_view text, int times) const {
  const auto deadline = steady_clock::now() + kPatience;
  while (CountOf(Log(), text) < times) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

int RunningPostern::CountHeld() const {
  int count = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder_ / "state"))
    if (entry.path().filename() == "hold.json") ++count;
  return count;
}

void RunningPostern::FailOnSanitizerReport() const {
  const std::string log = Log();
  for (const std::string_view report :
       {"ERROR: AddressSanitizer", "WARNING: ThreadSanitizer",
        "runtime error:", "Assertion"})
    EXPECT_FALSE(Contains(log, report)) << log;
}

}  // namespace postern
