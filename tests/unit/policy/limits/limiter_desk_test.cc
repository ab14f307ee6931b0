// What the operator sees and does of the limits, and what he is warned of.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/limits/embedded_limiter.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const TimePoint kStart{seconds(1'800'000'000)};

LimitRule Rule(std::string name, std::vector<LimitRate> rates) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = std::move(rates);
  return rule;
}

std::unique_ptr<EmbeddedLimiter> Opened(const std::string& directory,
                                        const Clock& clock) {
  auto limiter =
      EmbeddedLimiter::Open(directory, clock, {.writes_by_itself = false});
  EXPECT_TRUE(limiter);
  return std::move(*limiter);
}

Limiter::Answer Ask(Limiter* limiter, const LimitRule& rule, std::string key,
                    std::int64_t cost = 1) {
  const LimitCharge charge{&rule, std::move(key), cost};
  return limiter->Reserve({&charge, 1});
}

bool Pass(Limiter* limiter, const LimitRule& rule, std::string key,
          std::int64_t cost = 1) {
  const Limiter::Answer answer = Ask(limiter, rule, std::move(key), cost);
  if (answer.reservation) answer.reservation->Commit();
  return answer.reservation != nullptr;
}

std::vector<int> Percents(Limiter* limiter, const LimitRule& rule, int times) {
  std::vector<int> percents;
  for (int i = 0; i < times; ++i) {
    const Limiter::Answer answer = Ask(limiter, rule, "k");
    if (answer.reservation) answer.reservation->Commit();
    for (const LimitWarning& warning : answer.warnings)
      percents.push_back(warning.percent);
  }
  return percents;
}

TEST(LimiterShow, TellsWhatIsUsedAndWhenItIsFree) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule =
      Rule("r", {{10, seconds(100), 10}, {100, hours(1), 50}});
  EXPECT_TRUE(Pass(limiter.get(), rule, "login=a", 3));
  const auto open = Ask(limiter.get(), rule, "login=a", 1);
  clock.Advance(seconds(5));
  const auto uses = limiter->Show({});
  ASSERT_EQ(uses->size(), 1u);
  const LimitUse& use = uses->front();
  EXPECT_EQ(use.rule, "r");
  EXPECT_EQ(use.key, "login=a");
  EXPECT_EQ(use.reserved, 1);
  ASSERT_EQ(use.rates.size(), 2u);
  EXPECT_EQ(use.rates[0].rate, rule.rates[0]);
  EXPECT_EQ(use.rates[0].used, 4);  // three and a half
  EXPECT_EQ(use.rates[0].free_at, kStart + seconds(40));
  EXPECT_EQ(use.rates[1].rate.burst, 50);
}

TEST(LimiterShow, BeginsWithTheMostUsedAndFilters) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{10, hours(1), 10}});
  const LimitRule other = Rule("other", {{2, hours(1), 2}});
  for (int i = 1; i <= 9; ++i)
    EXPECT_TRUE(Pass(limiter.get(), rule, "login=u" + std::to_string(i), i));
  EXPECT_TRUE(Pass(limiter.get(), other, "login=u5", 2));
  const auto keys = [&](const Limiter::UseFilter& filter) {
    std::vector<std::string> shown;
    const std::vector<LimitUse> uses = limiter->Show(filter).value();
    for (const LimitUse& use : uses) shown.push_back(use.rule + " " + use.key);
    return shown;
  };
  EXPECT_THAT(keys({.most = 3}),
              ElementsAre("other login=u5", "r login=u9", "r login=u8"));
  EXPECT_THAT(keys({.rule = "r", .key = "u5"}), ElementsAre("r login=u5"));
  EXPECT_THAT(keys({.rule = "none"}), IsEmpty());
  clock.Advance(hours(2));
  EXPECT_THAT(keys({}), IsEmpty());
}

TEST(LimiterGrant, PaysForWhatIsOverTheLimitOnce) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{2, hours(24), 2}});
  ASSERT_TRUE(limiter->Grant({"r", "k", 3, kStart + hours(2)}));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k", 2));
  // More than the burst, and more than is left.
  EXPECT_FALSE(Pass(limiter.get(), rule, "k", 4));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k", 2));
  EXPECT_EQ(limiter->Show({})->front().granted, 1);
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
  EXPECT_FALSE(Pass(limiter.get(), rule, "k"));
  EXPECT_FALSE(Pass(limiter.get(), rule, "other", 3));
}

TEST(LimiterGrant, ComesBackWhenCancelledAndExpires) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{1, hours(24), 1}});
  ASSERT_TRUE(limiter->Grant({"r", "k", 1, kStart + seconds(60)}));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(Ask(limiter.get(), rule, "k").reservation);
  clock.Advance(seconds(60) - std::chrono::nanoseconds(1));
  EXPECT_TRUE(Ask(limiter.get(), rule, "k").reservation);
  clock.Advance(std::chrono::nanoseconds(1));
  EXPECT_FALSE(Ask(limiter.get(), rule, "k").reservation);
}

TEST(LimiterGrant, SurvivesARestartAndAKill) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{1, hours(24), 1}});
  auto limiter = Opened(directory.name(), clock);
  ASSERT_TRUE(limiter->Grant({"r", "k", 4, kStart + hours(2)}));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
  // As a kill would leave it: nothing but the journal has the last two.
  ScratchDirectory killed;
  std::filesystem::copy(directory.name(), killed.name(),
                        std::filesystem::copy_options::recursive |
                            std::filesystem::copy_options::overwrite_existing);
  limiter.reset();
  EXPECT_EQ(Opened(killed.name(), clock)->Show({})->front().granted, 3);
  limiter = Opened(directory.name(), clock);
  EXPECT_EQ(limiter->Show({})->front().granted, 3);
  EXPECT_FALSE(Pass(limiter.get(), rule, "k", 4));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k", 3));
}

TEST(LimiterGrant, RefusesWhatMakesNoSense) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  EXPECT_FALSE(limiter->Grant({"r", "k", 0, kStart + hours(2)}));
  EXPECT_FALSE(limiter->Grant({"r", "k", -5, kStart + hours(2)}));
  EXPECT_FALSE(limiter->Grant({"r", "k", 5, kStart}));
}

TEST(LimiterClear, ForgetsWhatWasCountedForGood) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{2, hours(24), 2}});
  auto limiter = Opened(directory.name(), clock);
  ASSERT_TRUE(limiter->Grant({"r", "k", 9, kStart + hours(2)}));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k", 2));
  EXPECT_TRUE(limiter->Clear("r", "k").value());
  EXPECT_FALSE(limiter->Clear("r", "k").value());
  EXPECT_THAT(limiter->Show({}).value(), IsEmpty());
  EXPECT_FALSE(Pass(limiter.get(), rule, "k", 3));
  limiter.reset();
  limiter = Opened(directory.name(), clock);
  EXPECT_TRUE(Pass(limiter.get(), rule, "k", 2));
}

TEST(LimiterClear, ChargesMailThatLeavesAfterIt) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{2, hours(24), 2}});
  const auto open = Ask(limiter.get(), rule, "k", 2);
  EXPECT_TRUE(limiter->Clear("r", "k").value());
  open.reservation->Commit();
  EXPECT_FALSE(Pass(limiter.get(), rule, "k"));
}

TEST(LimiterWarning, IsToldOnceForEachStepAndPeriod) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  EXPECT_THAT(Percents(limiter.get(), rule, 7), IsEmpty());
  EXPECT_THAT(Percents(limiter.get(), rule, 3), ElementsAre(80, 90, 100));
  clock.Advance(seconds(50));
  EXPECT_THAT(Percents(limiter.get(), rule, 5), IsEmpty());
  // Idle until the period is over, though it had drained long before.
  clock.Advance(seconds(50));
  EXPECT_THAT(Percents(limiter.get(), rule, 10), ElementsAre(80, 90, 100));
}

TEST(LimiterWarning, CountsInUnitsAsTheyAreShown) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{3, hours(24), 3}});
  for (const std::vector<int>& told :
       std::vector<std::vector<int>>{{}, {}, {100}}) {
    // What went before has begun to drain.
    clock.Advance(seconds(1));
    EXPECT_EQ(Percents(limiter.get(), rule, 1), told);
  }
  EXPECT_EQ(limiter->Show({})->front().rates[0].used, 3);
}

TEST(LimiterWarning, TellsTheHighestStepOfALeap) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{10, hours(1), 10}, {100, hours(9), 40}});
  const auto answer = Ask(limiter.get(), rule, "k", 10);
  ASSERT_EQ(answer.warnings.size(), 1u);
  EXPECT_EQ(answer.warnings[0].percent, 100);
  EXPECT_EQ(answer.warnings[0].rate, rule.rates[0]);
  EXPECT_EQ(answer.warnings[0].rule, "r");
  EXPECT_EQ(answer.warnings[0].key, "k");
}

TEST(LimiterPeek, ShowsWhatIsOnDisk) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{2, hours(24), 2}});
  auto limiter = Opened(directory.name(), clock);
  EXPECT_TRUE(Pass(limiter.get(), rule, std::string(300, 'k')));
  const auto peeked = EmbeddedLimiter::Peek(directory.name(), clock);
  ASSERT_TRUE(peeked) << peeked.error().message;
  const auto uses = (*peeked)->Show({});
  ASSERT_EQ(uses->size(), 1u);
  EXPECT_EQ(uses->front().rates[0].used, 1);
  EXPECT_THAT(uses->front().key, testing::StartsWith("sha256:"));
}

}  // namespace
}  // namespace postern
