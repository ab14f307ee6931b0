#include "milter/traffic.h"

#include <gtest/gtest.h>

#include <thread>

namespace postern {
namespace {

constexpr std::chrono::milliseconds kAtOnce{0};
constexpr std::chrono::minutes kLong{1};

TEST(Traffic, CountsTransactionsUnderWay) {
  Traffic traffic;
  Traffic::Place first = traffic.Enter();
  const Traffic::Place second = traffic.Enter();
  EXPECT_EQ(traffic.under_way(), 2);
  first.reset();
  EXPECT_EQ(traffic.under_way(), 1);
}

TEST(Traffic, LetsNobodyInOnceClosed) {
  Traffic traffic;
  const Traffic::Place before = traffic.Enter();
  traffic.Close();
  EXPECT_EQ(traffic.Enter(), nullptr);
  EXPECT_EQ(traffic.under_way(), 1);
}

TEST(Traffic, BoundsHowManyAreJudged) {
  Traffic traffic;
  Traffic::Place first = traffic.Judge(1, kAtOnce);
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(traffic.Judge(1, kAtOnce), nullptr);
  first.reset();
  EXPECT_NE(traffic.Judge(1, kAtOnce), nullptr);
}

TEST(Traffic, HandsAFreedPlaceToWhoWaits) {
  Traffic traffic;
  Traffic::Place first = traffic.Judge(1, kAtOnce);
  std::jthread other([&] { EXPECT_NE(traffic.Judge(1, kLong), nullptr); });
  first.reset();
}

TEST(Traffic, JudgesWhatIsUnderWayAfterClosing) {
  Traffic traffic;
  traffic.Close();
  EXPECT_NE(traffic.Judge(1, kAtOnce), nullptr);
}

}  // namespace
}  // namespace postern
