// Messages of unusual size and content, and peers that do not keep to the
// protocol.
#include <gmock/gmock.h>

#include <random>

#include "tests/wire/wire.h"

namespace postern {
namespace {

using testing::HasSubstr;

class SizeWire : public testing::Test {
 protected:
  // Whatever is thought of the message, an answer comes.
  void ExpectAnswer(const MilterMessage& message) {
    MilterClient client = Dial(postern_);
    const MilterOutcome outcome = client.SendMessage(message);
    EXPECT_EQ(outcome.failure, "");
    EXPECT_EQ(outcome.stage, "eom");
    EXPECT_NE(outcome.verdict, MilterVerdict::kNone);
    // In mode observe nobody is refused, so 451 would be a failure of ours.
    EXPECT_EQ(outcome.verdict, MilterVerdict::kContinue) << outcome.text;
  }

  FakeDnsServer dns_{kZone};
  RunningPostern postern_{
      {.options = "dns.servers = [\"" + dns_.address() + "\"]"}};
};

TEST_F(SizeWire, TakesABodyOfThirtyMegabytes) {
  MilterMessage message = CleanMessage();
  const std::string line(70, 'x');
  while (message.body.size() < 30'000'000) message.body += line + "\r\n";
  ExpectAnswer(message);
}

TEST_F(SizeWire, TakesAHundredThousandFields) {
  MilterMessage message = CleanMessage();
  for (int i = 0; i < 100'000; ++i)
    message.headers.push_back({"X-" + std::to_string(i % 1000), " v"});
  ExpectAnswer(message);
}

TEST_F(SizeWire, TakesAFieldOfTwoHundredKilobytes) {
  MilterMessage message = CleanMessage();
  std::string value;
  while (value.size() < 200'000) value += " word\n";
  message.headers.push_back({"X-Long", value + " end"});
  ExpectAnswer(message);
}

TEST_F(SizeWire, TakesNulOctets) {
  MilterMessage message = CleanMessage();
  message.body = std::string("a\0b\r\n\0", 6);
  ExpectAnswer(message);
}

TEST_F(SizeWire, TakesAnEmptyMessage) {
  MilterMessage message;
  ExpectAnswer(message);
}

TEST_F(SizeWire, TakesTenThousandRecipients) {
  MilterMessage message = CleanMessage();
  message.recipients.clear();
  for (int i = 0; i < 10'000; ++i)
    message.recipients.push_back(
        {"<r" + std::to_string(i) + "@example.net>", {}});
  ExpectAnswer(message);
  EXPECT_TRUE(postern_.LogShows("rcpts=10000"));
}

TEST_F(SizeWire, SurvivesGarbage) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Result<MilterWire> wire =
        MilterWire::Dial(postern_.socket(), std::chrono::seconds(60));
    ASSERT_TRUE(wire);
    std::string octets(random() % 200, '\0');
    for (char& octet : octets) octet = static_cast<char>(random());
    (void)wire->SendRaw(octets);
    (void)wire->Flush();
  }
  ExpectAnswer(CleanMessage());
}

// Cuts a good session short after every octet of its first packets.
TEST_F(SizeWire, SurvivesTruncatedPackets) {
  using std::string_literals::operator""s;
  const std::string session =
      "\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff"
      "\0\0\0\x13"
      "Cc.example\0004\0\x19"
      "192.0.2.1\0"
      "\0\0\0\x05Hx.y\0"
      "\0\0\0\x06M<a@>\0"
      "\0\0\0\x06R<b@>\0"s;
  for (std::size_t cut = 0; cut < session.size(); ++cut) {
    Result<MilterWire> wire =
        MilterWire::Dial(postern_.socket(), std::chrono::seconds(60));
    ASSERT_TRUE(wire);
    (void)wire->SendRaw(session.substr(0, cut));
    (void)wire->Flush();
  }
  ExpectAnswer(CleanMessage());
}

TEST_F(SizeWire, SurvivesCommandsOutOfOrder) {
  for (const char letter : {'B', 'E', 'L', 'M', 'N', 'R', 'T', 'A', 'K', 'D'}) {
    Result<MilterClient> client =
        MilterClient::Dial(postern_.socket(), std::chrono::seconds(60));
    ASSERT_TRUE(client);
    EXPECT_TRUE(client->Negotiate());
    (void)client->wire().Send(letter, "x");
    (void)client->wire().Flush();
  }
  ExpectAnswer(CleanMessage());
}

}  // namespace
}  // namespace postern
