// What the history of very many logins costs: memory, the start, the look-up,
// what is remembered; times are CPU time.
//
//     history_bench [LOGINS [RECIPIENTS]]

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>

#include "policy/base/clock.h"
#include "policy/limits/history/hijack_alarm.h"
#include "policy/limits/history/history.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

// CPU time of this process: what others do on the machine does not count.
double CpuMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 +
         static_cast<double>(now.tv_nsec) / 1e3;
}

double Megabytes() { return static_cast<double>(mallinfo2().uordblks) / 1e6; }

std::string Login(int number) { return fmt::format("login=user{}", number); }
std::string Address(int number) { return fmt::format("p{}@d.example", number); }

void Fill(History* history, int logins, int recipients) {
  MailThatLeft mail;
  for (int i = 0; i < recipients; ++i) mail.recipients.push_back(Address(i));
  for (int i = 0; i < logins; ++i) history->Remember(Login(i), mail);
}

void Measure(History* history, int logins, int recipients) {
  constexpr int kTimes = 500'000;
  const std::string login = Login(logins / 2);
  const std::string address = Address(recipients / 2);
  double begin = CpuMicroseconds();
  int known = 0;
  for (int i = 0; i < kTimes; ++i)
    known += history->Known(login, Novelty::kRecipient, address) ? 1 : 0;
  fmt::print("Known                 {:6.2f} us ({} of {})\n",
             (CpuMicroseconds() - begin) / kTimes, known, kTimes);
  const SystemClock clock;
  begin = CpuMicroseconds();
  for (int i = 0; i < kTimes; ++i)
    known += JudgeLogin(login, {}, clock, history).is_alarmed ? 1 : 0;
  fmt::print("JudgeLogin            {:6.2f} us\n",
             (CpuMicroseconds() - begin) / kTimes);
  begin = CpuMicroseconds();
  for (int i = 0; i < 20'000; ++i)
    history->Remember(Login(i % logins), {{address}, "", std::nullopt});
  fmt::print("Remember, one address {:6.2f} us\n",
             (CpuMicroseconds() - begin) / 20'000);
}

int Run(int logins, int recipients) {
  const SystemClock clock;
  const ScratchDirectory place;
  const History::Options options{.memory = std::size_t{8} << 30};
  {
    const double before = Megabytes();
    auto history = History::Open("", options, clock);
    if (!history) return 1;
    Fill(history->get(), logins, recipients);
    fmt::print("{} logins of {} recipients: {:.0f} MB, {} octets each\n",
               logins, recipients, Megabytes() - before,
               (*history)->size().octets / static_cast<std::size_t>(logins));
    fmt::print("in memory\n");
    Measure(history->get(), logins, recipients);
  }
  {
    auto history = History::Open(place.name(), options, clock);
    if (!history) return 1;
    Fill(history->get(), logins, recipients);
    fmt::print("on disk\n");
    Measure(history->get(), logins, recipients);
  }
  const double begin = CpuMicroseconds();
  auto history = History::Open(place.name(), options, clock);
  fmt::print("start                 {:6.0f} ms\n",
             (CpuMicroseconds() - begin) / 1e3);
  return history ? 0 : 1;
}

}  // namespace
}  // namespace postern

int main(int argc, char** argv) {
  const int logins = argc > 1 ? std::max(std::atoi(argv[1]), 2) : 100'000;
  const int recipients = argc > 2 ? std::max(std::atoi(argv[2]), 2) : 100;
  return postern::Run(logins, recipients);
}
