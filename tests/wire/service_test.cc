// The life of the daemon: reload, drain, overload, a resolver that is dead.
#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "tests/wire/wire.h"

namespace postern {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ReloadWire, TakesANewConfiguration) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  MilterClient client = Dial(postern);
  ExpectAccepted(client.SendMessage(CleanMessage()));
  WireConfig observing = Enforcing(dns);
  observing.options.replace(observing.options.find("enforce"), 7, "observe");
  postern.WriteConfig(observing);
  postern.Send(SIGHUP);
  EXPECT_TRUE(postern.LogShows("reloaded: mode=observe"));
  ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(postern.LogShows("disposition=accept mode=observe"));
}

TEST(ReloadWire, KeepsTheOldOneWhenTheNewIsBroken) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  postern.WriteConfig({.options = "mode = \"perhaps\""});
  postern.Send(SIGHUP);
  EXPECT_TRUE(postern.LogShows("the former configuration stays"));
  MilterClient client = Dial(postern);
  ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(postern.LogShows("disposition=accept mode=enforce"));
}

TEST(ReloadWire, SurvivesManyInARow) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  for (int i = 1; i <= 20; ++i) {
    postern.Send(SIGHUP);
    EXPECT_TRUE(postern.LogShows("reloaded:", i));
  }
  MilterClient client = Dial(postern);
  ExpectAccepted(client.SendMessage(CleanMessage()));
}

TEST(ReloadWire, SaysWhatNeedsARestart) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  postern.WriteConfig(Enforcing(dns, "milter.socket_mode = \"0600\""));
  postern.Send(SIGHUP);
  EXPECT_TRUE(postern.LogShows("only a restart changes milter.socket_mode"));
}

TEST(DrainWire, FinishesWhatIsUnderWayAndTakesNothingNew) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  MilterClient old_session = Dial(postern);
  MilterClient idle_session = Dial(postern);
  SayAllButTheEnd(old_session, CleanMessage());
  postern.Send(SIGTERM);
  EXPECT_TRUE(postern.LogShows("stopping: transactions=1"));
  EXPECT_THAT(idle_session.SendMessage(CleanMessage()).text,
              StartsWith("421 4.3.2"));
  EXPECT_FALSE(postern.WaitForExit(std::chrono::milliseconds(100)));
  ExpectAccepted(old_session.Eom(CleanMessage()));
  EXPECT_EQ(postern.WaitForExit(seconds(30)), 0);
  EXPECT_FALSE(std::filesystem::exists(postern.folder() / "postern.sock"));
}

TEST(DrainWire, EndsAtItsDeadline) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns, "milter.drain = \"1s\""));
  MilterClient client = Dial(postern);
  SayAllButTheEnd(client, CleanMessage());
  postern.Send(SIGTERM);
  EXPECT_EQ(postern.WaitForExit(seconds(30)), 0);
}

TEST(DrainWire, EndsAtASecondSignal) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  MilterClient client = Dial(postern);
  SayAllButTheEnd(client, CleanMessage());
  postern.Send(SIGTERM);
  EXPECT_TRUE(postern.LogShows("stopping:"));
  postern.Send(SIGTERM);
  EXPECT_EQ(postern.WaitForExit(seconds(30)), 0);
}

TEST(OverloadWire, DefersBeyondMaxJudging) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(
      Enforcing(dns, "milter.max_judging = 1\nmilter.deadline = \"5s\""));
  MilterClient first = Dial(postern);
  MilterClient second = Dial(postern);
  SayAllButTheEnd(first, CleanMessage());
  SayAllButTheEnd(second, CleanMessage());
  dns.HoldBack();
  MilterOutcome outcome;
  std::jthread waiting([&] { outcome = first.Eom(CleanMessage()); });
  // One of the two is judged, and waits for DNS; the other finds no place.
  const MilterOutcome other = second.Eom(CleanMessage());
  dns.Release();
  waiting.join();
  const bool is_first = outcome.verdict == MilterVerdict::kContinue;
  EXPECT_THAT(is_first ? other.text : outcome.text, StartsWith("451 4.3.2"));
  ExpectAccepted(is_first ? outcome : other);
}

TEST(OverloadWire, TellsTheMtaThatAJudgementTakesTime) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns));
  MilterClient client = Dial(postern);
  SayAllButTheEnd(client, CleanMessage());
  dns.HoldBack();
  std::jthread later([&] {
    std::this_thread::sleep_for(seconds(4));
    dns.Release();
  });
  const MilterOutcome outcome = client.Eom(CleanMessage());
  ExpectAccepted(outcome);
  EXPECT_GE(outcome.progress_count, 1);
}

TEST(DeadDnsWire, StillGivesAnAnswer) {
  FakeDnsServer dns(kZone);
  dns.HoldBack();
  RunningPostern postern(Enforcing(
      dns, "milter.deadline = \"1s\"\nmilter.rcpt_deadline = \"100ms\""));
  MilterClient client = Dial(postern);
  ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(postern.LogShows(":unknown"));
  dns.Release();
}

}  // namespace
}  // namespace postern
