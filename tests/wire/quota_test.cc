// What was reserved and not charged comes back; what was charged stays.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/wire/limits_wire.h"

namespace postern {
namespace {

using testing::HasSubstr;

class QuotaWire : public testing::Test {
 protected:
  // Another one, with as much as the limit admits.
  [[nodiscard]] bool IsAdmitted() const {
    return Dial(postern_).SendMessage(ToTwo("alice")).verdict ==
           MilterVerdict::kContinue;
  }

  FakeDnsServer dns_{kZone};
  RunningPostern postern_{Enforcing(dns_, "", LimitTable("2/d", "closed"))};
};

TEST_F(QuotaWire, ComesBackWithAReset) {
  MilterClient client = ReserveTwo(postern_);
  EXPECT_FALSE(IsAdmitted());
  EXPECT_TRUE(client.Abort());
  EXPECT_TRUE(Comes([this] { return IsAdmitted(); }));
  EXPECT_FALSE(IsAdmitted());
}

TEST_F(QuotaWire, ComesBackWhenTheConnectionIsLost) {
  {
    const MilterClient client = ReserveTwo(postern_);
    EXPECT_FALSE(IsAdmitted());
  }
  EXPECT_TRUE(Comes([this] { return IsAdmitted(); }));
  EXPECT_FALSE(IsAdmitted());
}

TEST_F(QuotaWire, ComesBackWhenTheMessageIsRejectedAtItsEnd) {
  MilterMessage message = ToTwo("alice");
  message.headers.push_back({"Subject", " something else"});
  const MilterOutcome outcome = Dial(postern_).SendMessage(message);
  EXPECT_EQ(outcome.verdict, MilterVerdict::kReplyCode);
  EXPECT_EQ(outcome.stage, "eom");
  EXPECT_THAT(outcome.text, HasSubstr("550"));
  EXPECT_TRUE(IsAdmitted());
  EXPECT_FALSE(IsAdmitted());
}

TEST_F(QuotaWire, IsFreeAtOnceWhenTheProcessIsKilled) {
  const MilterClient client = ReserveTwo(postern_);
  EXPECT_FALSE(IsAdmitted());
  postern_.Send(SIGKILL);
  EXPECT_EQ(postern_.WaitForExit(kPatience), -SIGKILL);
  postern_.StartAgain();
  EXPECT_TRUE(IsAdmitted());
  EXPECT_FALSE(IsAdmitted());
}

TEST_F(QuotaWire, WhatWasSentStaysSentWhenTheRateIsChanged) {
  EXPECT_TRUE(IsAdmitted());
  EXPECT_FALSE(IsAdmitted());
  postern_.WriteConfig(Enforcing(dns_, "", LimitTable("4/d", "closed")));
  postern_.Send(SIGHUP);
  EXPECT_TRUE(postern_.LogShows("reloaded:"));
  EXPECT_TRUE(IsAdmitted());
  EXPECT_FALSE(IsAdmitted());
  EXPECT_THAT(RunLimits(postern_, "show").text, HasSubstr("4/4"));
  postern_.WriteConfig(Enforcing(dns_, "", LimitTable("3/d", "closed")));
  postern_.Send(SIGHUP);
  EXPECT_TRUE(postern_.LogShows("reloaded:", 2));
  EXPECT_FALSE(IsAdmitted());
}

}  // namespace
}  // namespace postern
