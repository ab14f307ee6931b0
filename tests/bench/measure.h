// What the benches measure with: CPU time, least of many runs, and memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <malloc.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>

namespace postern {

// CPU time of this thread: what others do on the machine does not count.
inline double CpuMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 +
         static_cast<double>(now.tv_nsec) / 1e3;
}

template <typename Work>
double Once(Work work) {
  const double before = CpuMicroseconds();
  work();
  return CpuMicroseconds() - before;
}

// The least that one run took, in microseconds, of a fifth of a second's runs.
template <typename Work>
double Least(Work work) {
  double least = 1e18;
  for (const double begin = CpuMicroseconds(); CpuMicroseconds() - begin < 2e5;)
    least = std::min(least, Once(work));
  return least;
}

// A line of /proc/self/status, in KB (proc(5)).
inline long StatusKilobytes(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) return std::stol(line.substr(name.size() + 1));
  return 0;
}

// How far the process' memory grows while the work is done.
template <typename Work>
long PeakKilobytes(Work work) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
  const long before = StatusKilobytes("VmRSS");
  work();
  return StatusKilobytes("VmHWM") - before;
}

}  // namespace postern
