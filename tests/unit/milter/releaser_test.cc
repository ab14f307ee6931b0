#include "milter/releaser.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(FreesItself, WhatOnlyLimitsHold) {
  const TimePoint free_at{std::chrono::seconds(1)};
  EXPECT_TRUE(FreesItself({{"limit-login", "", ""}}, free_at));
  EXPECT_TRUE(FreesItself({{"limit-a", "", ""}, {"limit-b", "", ""}}, free_at));
}

TEST(FreesItself, NotWhatAPersonMustDecide) {
  const TimePoint free_at{std::chrono::seconds(1)};
  EXPECT_FALSE(
      FreesItself({{"limit-a", "", ""}, {"link-listed", "", ""}}, free_at));
  EXPECT_FALSE(FreesItself({{"limit-a", "", ""}}, std::nullopt));
  EXPECT_FALSE(FreesItself({}, free_at));
}

}  // namespace
}  // namespace postern
