// RunningPostern: the real program, `postern run`, in a scratch folder of its
// own, for as long as a test needs it.
//
// Ends the program that it started, by its id. A program that died by itself,
// or that a sanitizer complained about, fails the test.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

// The operator's file, but for state_directory and milter.socket.
struct WireConfig {
  std::string options;  // dotted keys: "milter.max_judging = 1"
  std::string tables;   // "[[limits]] ..."
};

class RunningPostern {
 public:
  enum class Socket { kUnix, kInet };
  // Returns when it listens; a start that fails fails the test.
  explicit RunningPostern(const WireConfig& config,
                          Socket socket = Socket::kUnix);
  ~RunningPostern();
  RunningPostern(const RunningPostern&) = delete;
  RunningPostern& operator=(const RunningPostern&) = delete;

  [[nodiscard]] const std::string& socket() const { return socket_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  void WriteConfig(const WireConfig& config) const;
  void Send(int signal) const;
  // The exit status; nullopt: it still runs.
  [[nodiscard]] std::optional<int> WaitForExit(std::chrono::milliseconds time);
  // After it ended; returns when it listens.
  void StartAgain();

  [[nodiscard]] std::string Log() const;
  // Waits until the log has it so many times; false: it does not come.
  [[nodiscard]] bool LogShows(std::string_view text, int times = 1) const;

  // How many messages are in the held store.
  [[nodiscard]] int CountHeld() const;

 private:
  void Start();
  void FailOnSanitizerReport() const;

  std::filesystem::path folder_;
  std::string socket_;
  pid_t pid_ = -1;
  int starts_ = 0;
};

}  // namespace postern
