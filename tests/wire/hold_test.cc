// Held mail: on disk before the MTA is told, once for each message.
#include <filesystem>
#include <fstream>
#include <thread>

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
  // How often anything was asked that is asked at end of message.
  int Asked() {
    int asked = 0;
    for (const char* name :
         {"example.com", "_dmarc.example.com", "25.2.0.192.in-addr.arpa"})
      asked += dns_.Queries(name);
    return asked;
  }

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
    const int before = Asked();
    dns_.HoldBack();
    (void)client.wire().Send('E', "");
    (void)client.wire().Flush();
    while (Asked() == before) std::this_thread::yield();  // it is judged
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
  // The store's folder cannot be made again where a file stands.
  std::filesystem::remove_all(postern.folder() / "state");
  std::ofstream(postern.folder() / "state") << "in the way";
  MilterClient client = Dial(postern);
  EXPECT_THAT(client.SendMessage(CleanMessage()).text, StartsWith("451 4.3.0"));
}

}  // namespace
}  // namespace postern
