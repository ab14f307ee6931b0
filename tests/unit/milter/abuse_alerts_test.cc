#include "milter/abuse_alerts.h"

#include <thread>

#include <gtest/gtest.h>

namespace postern {
namespace {

class HandClock : public Clock {
 public:
  [[nodiscard]] TimePoint Now() const override { return now; }
  TimePoint now{std::chrono::hours(1'000)};
};

Submission Of(const std::string& login) {
  Submission submission;
  submission.login = login;
  return submission;
}

std::uint64_t RunsAfter(const Hook& hook, std::uint64_t wanted) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (hook.counts().run < wanted &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  return hook.counts().run;
}

TEST(AbuseAlerts, TellOnceAnHourForEachSenderAndKind) {
  Hook hook({"/bin/true"});
  HandClock clock;
  AbuseAlerts alerts(&hook, &clock);
  const Finding malware{.check = "malware"};
  const Finding phishing{.check = "credential-phishing"};
  for (int i = 0; i < 5; ++i) alerts.Tell(Of("alice"), malware);
  alerts.Tell(Of("alice"), phishing);
  alerts.Tell(Of("bob"), malware);
  EXPECT_EQ(RunsAfter(hook, 3), 3U);
  clock.now += AbuseAlerts::kPause;
  alerts.Tell(Of("alice"), malware);
  EXPECT_EQ(RunsAfter(hook, 4), 4U);
  EXPECT_EQ(hook.counts().dropped, 0U);
}

}  // namespace
}  // namespace postern
