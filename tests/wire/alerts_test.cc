// alerts.command: what the operator's program is told, and about whom.
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <gmock/gmock.h>

#include "policy/base/clock.h"
#include "policy/base/text.h"
#include "tests/support/scratch_directory.h"
#include "tests/wire/wire.h"

namespace postern {
namespace {

using testing::HasSubstr;

constexpr std::string_view kTenADay = R"(
[[limits]]
name = "per-login"
key = ["login"]
rates = ["10/d"]
over = "defer"
)";

// A program that writes one line for each time it is run.
class Alerts {
 public:
  Alerts() {
    std::ofstream(program())
        << "#!/bin/sh\necho $(env | grep ^POSTERN_ | sort) >> " << told()
        << "\n";
    chmod(program().c_str(), 0700);
  }
  [[nodiscard]] std::string program() const { return place_.name() + "/run"; }
  // What it was told, once it has been told that.
  [[nodiscard]] std::string After(std::string_view text) const {
    const Deadline deadline = In(std::chrono::seconds(60));
    for (;;) {
      std::ifstream stream(told());
      std::string all{std::istreambuf_iterator<char>(stream), {}};
      if (Contains(all, text) || std::chrono::steady_clock::now() > deadline)
        return all;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

 private:
  [[nodiscard]] std::string told() const { return place_.name() + "/told"; }
  ScratchDirectory place_;
};

class AlertsWire : public testing::Test {
 protected:
  MilterOutcome Send(const std::string& login, const std::string& address,
                     int recipients = 1) {
    MilterMessage message = CleanMessage();
    message.login = login;
    message.recipients.clear();
    for (int i = 0; i < recipients; ++i)
      message.recipients.push_back(
          {"<" + std::to_string(i) + "." + address + ">", {}});
    return Dial(postern_).SendMessage(message);
  }

  Alerts alerts_;
  FakeDnsServer dns_{kZone};
  RunningPostern postern_{
      Enforcing(dns_, "alerts.command = \"" + alerts_.program() + "\"\n",
                std::string(kTenADay))};
};

TEST_F(AlertsWire, TellOfALimitAt80And90And100Percent) {
  for (int i = 0; i < 10; ++i) ExpectAccepted(Send("bob", "b@example.net"));
  const std::string told = alerts_.After("POSTERN_PERCENT=100");
  for (const char* percent : {"80", "90", "100"})
    EXPECT_THAT(told, HasSubstr("POSTERN_EVENT=limit-warning "
                                "POSTERN_KEY=login=bob POSTERN_LIMIT=per-login "
                                "POSTERN_PERCENT=" +
                                std::string(percent) + " POSTERN_RATE=10/d\n"));
}

TEST_F(AlertsWire, TellOfAHijackedLoginAndHoldItsMailAlone) {
  for (int i = 0; i < 20; ++i)
    EXPECT_NE(Send("alice", "x@null.example").verdict,
              MilterVerdict::kContinue);
  ExpectAccepted(Send("alice", "b@example.net", 199));
  EXPECT_EQ(Send("alice", "c@example.net").verdict, MilterVerdict::kDiscard);
  EXPECT_EQ(postern_.CountHeld(), 1);
  ExpectAccepted(Send("bob", "d@example.net"));
  EXPECT_EQ(Send("alice", "e@example.net").verdict, MilterVerdict::kDiscard);
  EXPECT_EQ(postern_.CountHeld(), 2);
  const std::string told = alerts_.After("hijack-alarm");
  EXPECT_THAT(told, HasSubstr("POSTERN_EVENT=hijack-alarm "
                              "POSTERN_LOGIN=alice POSTERN_WHY="));
  EXPECT_EQ(told.find("hijack-alarm"), told.rfind("hijack-alarm"))
      << "told once: " << told;
}

}  // namespace
}  // namespace postern
