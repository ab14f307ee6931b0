// /proc, read line by line.
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/usage.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace postern {
namespace {

constexpr std::chrono::milliseconds kWatchInterval{100};

std::string ProcPath(pid_t pid, const std::string& file) {
  return "/proc/" + std::to_string(pid) + "/" + file;
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (const auto& task :
       std::filesystem::directory_iterator(ProcPath(pid, "task"), gone)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

// The process and everything below it.
std::vector<pid_t> Tree(pid_t pid) {
  std::vector<pid_t> tree = {pid};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const pid_t child : ChildrenOf(tree[i])) tree.push_back(child);
  }
  return tree;
}

// "Label:   123 kB"
std::int64_t KibOf(const std::string& path, const std::string& label) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(label)) return std::stoll(line.substr(label.size()));
  }
  return 0;
}

}  // namespace

std::chrono::nanoseconds CpuOf(pid_t pid) {
  std::chrono::nanoseconds sum{0};
  for (const pid_t one : Tree(pid)) {
    clockid_t clock{};
    timespec spent{};
    if (clock_getcpuclockid(one, &clock) != 0) continue;
    if (clock_gettime(clock, &spent) != 0) continue;
    sum += std::chrono::seconds(spent.tv_sec) +
           std::chrono::nanoseconds(spent.tv_nsec);
  }
  return sum;
}

std::int64_t PeakResidentKib(pid_t pid) {
  std::int64_t sum = 0;
  for (const pid_t one : Tree(pid)) {
    sum += KibOf(ProcPath(one, "status"), "VmHWM:");
  }
  return sum;
}

std::int64_t ProportionalKib(pid_t pid) {
  std::int64_t sum = 0;
  for (const pid_t one : Tree(pid)) {
    sum += KibOf(ProcPath(one, "smaps_rollup"), "Pss:");
  }
  return sum;
}

MemoryWatch::MemoryWatch(pid_t pid)
    : watching_([this, pid](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          peak_kib_ = std::max(peak_kib_.load(), ProportionalKib(pid));
          std::this_thread::sleep_for(kWatchInterval);
        }
      }) {}

}  // namespace postern
