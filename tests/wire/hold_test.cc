// Held mail: on disk before the MTA is told, once for each message.
#include <gmock/gmock.h>

#include "tests/wire/wire.h"

namespace postern {
namespace {

using testing::StartsWith;

// Everything that is not signed is held.
constexpr std::string_view kHoldUnsigned = R"(
[checks.dkim-unsigned]
action = "hold"
)";

class HoldWire : public testing::Test {
 protected:
  FakeDnsServer dns_{kZone};
  RunningPostern postern_{Enforcing(dns_, "", std::string(kHoldUnsigned))};
};

TEST_F(HoldWire, IsOnDiskWhenTheAnswerComes) {
  MilterClient client = Dial(postern_);
  const MilterOutcome outcome = client.SendMessage(CleanMessage());
  EXPECT_EQ(outcome.verdict, MilterVerdict::kDiscard) << outcome.text;
  EXPECT_EQ(postern_.CountHeld(), 1);
  EXPECT_TRUE(postern_.LogShows("disposition=hold"));
}

TEST_F(HoldWire, HoldsTheNextMessageOfTheSessionAsWell) {
  MilterClient client = Dial(postern_);
  for (int i = 1; i <= 2; ++i) {
    const MilterOutcome outcome = client.SendMessage(CleanMessage());
    EXPECT_EQ(outcome.verdict, MilterVerdict::kDiscard);
    EXPECT_EQ(postern_.CountHeld(), i);
  }
}

TEST_F(HoldWire, IsJoinedByTheRetryOfALostAnswer) {
  {
    MilterClient client = Dial(postern_);
    SayAllButTheEnd(client, CleanMessage());
    dns_.HoldBack();
    (void)client.wire().Send('E', "");
    (void)client.wire().Flush();
  }  // the MTA is gone before it is answered
  dns_.Release();
  EXPECT_TRUE(postern_.LogShows("the MTA is gone"));
  EXPECT_EQ(postern_.CountHeld(), 1);
  MilterClient client = Dial(postern_);
  EXPECT_EQ(client.SendMessage(CleanMessage()).verdict,
            MilterVerdict::kDiscard);
  EXPECT_EQ(postern_.CountHeld(), 1);
}

TEST(FullDiskWire, DefersWhatItCannotHold) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns, "", std::string(kHoldUnsigned)));
  std::filesystem::remove_all(postern.folder() / "state");
  MilterClient client = Dial(postern);
  EXPECT_THAT(client.SendMessage(CleanMessage()).text, StartsWith("451 4.3.0"));
}

}  // namespace
}  // namespace postern
