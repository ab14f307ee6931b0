#include "policy/limits/history/warm_up.h"

#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

const TimePoint kStart{days(20'000)};
const std::vector<WarmUpStep> kSteps = {{1, 50}, {2, 100}, {4, 1'000}};
const WarmUpKey kGmail{"egress=192.0.2.1", "gmail"};
const WarmUpKey kOutlook{"egress=192.0.2.1", "outlook"};

std::unique_ptr<WarmUp> Opened(const std::string& directory,
                               const Clock& clock) {
  auto warm_up = WarmUp::Open(directory, clock);
  EXPECT_TRUE(warm_up) << warm_up.error().message;
  return warm_up ? std::move(*warm_up) : nullptr;
}

// All that 24 hours admit; none: no limit any more.
std::optional<std::int64_t> ADay(WarmUp* warm_up, const WarmUpKey& key) {
  const std::optional<LimitRate> rate = warm_up->RateNow(key, kSteps);
  if (!rate) return std::nullopt;
  EXPECT_EQ(rate->period, days(1));
  return rate->count + rate->burst;
}

TEST(WarmUp, ClimbsFromTheFirstUse) {
  ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 50);
  clock.Advance(days(1) - seconds(1));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 50);
  clock.Advance(seconds(1));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 100);
  EXPECT_EQ(ADay(warm_up.get(), kOutlook), 50);
  clock.Advance(days(2));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 1'000);
  clock.Advance(days(4));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), std::nullopt);
}

TEST(WarmUp, StandsStillWhileTheReceiverPushesBack) {
  ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  (void)ADay(warm_up.get(), kGmail);
  (void)ADay(warm_up.get(), kOutlook);
  clock.Advance(hours(12));
  warm_up->PushBack(kGmail, clock.Now() + days(3));
  clock.Advance(days(3));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 50);
  EXPECT_EQ(ADay(warm_up.get(), kOutlook), 1'000);
  clock.Advance(hours(12));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 100);
}

TEST(WarmUp, PausesAddUp) {
  ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  (void)ADay(warm_up.get(), kGmail);
  warm_up->PushBack(kGmail, clock.Now() + hours(10));
  clock.Advance(hours(5));
  warm_up->PushBack(kGmail, clock.Now() + hours(10));  // 15 in all
  clock.Advance(hours(20));                            // 10 of them count
  warm_up->PushBack(kGmail, clock.Now() + hours(2));
  clock.Advance(hours(2));
  EXPECT_EQ(Climbed(warm_up->Climbs().at(kGmail),
                    std::chrono::floor<seconds>(clock.Now())),
            hours(10));
}

TEST(WarmUp, WhoDoesNotClimbIsNotPaused) {
  const ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  warm_up->PushBack(kGmail, kStart + days(1));
  EXPECT_TRUE(warm_up->Climbs().empty());
}

TEST(WarmUp, BeginsByHand) {
  ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  ASSERT_TRUE(
      warm_up->Start(kGmail, std::chrono::floor<seconds>(kStart) - days(1)));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 100);
}

TEST(WarmUp, BeginsByHandBeforeAllReceivers) {
  ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  const WarmUpKey elsewhere{"egress=192.0.2.2", "gmail"};
  (void)ADay(warm_up.get(), kGmail);
  (void)ADay(warm_up.get(), elsewhere);
  clock.Advance(days(1));
  const auto today = std::chrono::floor<seconds>(clock.Now());
  ASSERT_TRUE(warm_up->Start({kGmail.sender, ""}, today));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 50);
  EXPECT_EQ(ADay(warm_up.get(), elsewhere), 100);
  // Its climb counts from then, though its first mail is later.
  clock.Advance(days(1));
  EXPECT_EQ(ADay(warm_up.get(), kOutlook), 100);
}

TEST(WarmUp, AClockThatStepsBackClimbsDownToTheStart) {
  ManualClock clock(kStart);
  const auto warm_up = Opened("", clock);
  (void)ADay(warm_up.get(), kGmail);
  clock.Set(kStart - days(5));
  EXPECT_EQ(ADay(warm_up.get(), kGmail), 50);
}

TEST(WarmUp, SurvivesARestart) {
  ManualClock clock(kStart);
  const ScratchDirectory place;
  const WarmUpKey odd{"author_domain=a b%\n\xff", ""};
  (void)ADay(Opened(place.name(), clock).get(), odd);
  clock.Advance(days(1));
  const auto warm_up = Opened(place.name(), clock);
  EXPECT_EQ(ADay(warm_up.get(), odd), 100);
  warm_up->PushBack(odd, clock.Now() + days(7));
  clock.Advance(days(7));
  EXPECT_EQ(Opened(place.name(), clock)->Climbs(), warm_up->Climbs());
}

TEST(WarmUp, ADamagedFileIsAnErrorThatSaysWhatToDo) {
  const ManualClock clock(kStart);
  for (const char* text :
       {"", "postern warm-up 2\n", "postern warm-up 1\nrubbish\n",
        "postern warm-up 1\n1 0 0 0 =%zz =\n", "postern warm-up 1\n1 0 0 0"}) {
    const ScratchDirectory place;
    std::ofstream(place.name() + "/warm-up") << text;
    const auto warm_up = WarmUp::Open(place.name(), clock);
    ASSERT_FALSE(warm_up) << text;
    EXPECT_NE(warm_up.error().message.find("move it away"), std::string::npos);
  }
}

}  // namespace
}  // namespace postern
