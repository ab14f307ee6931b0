// MilterClient against a scripted peer on a socketpair: the peer's answers are
// written beforehand, what the client said is read afterwards.
#include "tests/support/milter_client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

namespace postern {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{2000};

struct Pair {
  MilterClient client;
  MilterWire filter;
};

Pair Connected() {
  std::array<int, 2> fds{-1, -1};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()), 0);
  return {MilterClient(MilterWire(fds[0], kPatience)),
          MilterWire(fds[1], kPatience)};
}

void Answer(MilterWire& filter, const std::vector<MilterPacket>& packets) {
  for (const MilterPacket& packet : packets) {
    ASSERT_TRUE(filter.Send(packet.letter, packet.payload));
  }
  ASSERT_TRUE(filter.Flush());
}

MilterPacket Terms(char protocol_high, char protocol_low) {
  return {'O', "\0\0\0\6\0\0\1\xff\0"s + protocol_high + '\0' + protocol_low};
}

// The letters of what the client said, in order.
std::string Heard(Pair& pair) {
  pair.client.wire().FinishSending();
  std::string letters;
  for (auto packet = pair.filter.Receive(); packet;
       packet = pair.filter.Receive()) {
    letters += packet->letter;
  }
  return letters;
}

MilterMessage Small() {
  MilterMessage message;
  message.headers = {{"Subject", " x"}};
  message.body = "y\r\n";
  return message;
}

std::vector<MilterPacket> Continues(std::size_t count) {
  return std::vector<MilterPacket>(count, {'c', ""});
}

TEST(MilterClient, PlaysAWholeTransaction) {
  Pair pair = Connected();
  Answer(pair.filter, Continues(7));
  const MilterOutcome outcome = pair.client.SendMessage(Small());
  EXPECT_EQ(outcome.failure, "");
  EXPECT_EQ(outcome.verdict, MilterVerdict::kContinue);
  EXPECT_EQ(outcome.stage, "eom");
  EXPECT_EQ(Heard(pair), "DMDRDTLDNBDE");
}

TEST(MilterClient, NeitherSendsNorAwaitsWhatTheFilterDeclined) {
  Pair pair = Connected();
  // HDR_LEADSPC, NR_BODY and NR_EOH; NR_HDR and NOEOH.
  Answer(pair.filter, {Terms('\x1c', '\xc0')});
  ASSERT_TRUE(pair.client.Negotiate());
  Answer(pair.filter, Continues(4));
  EXPECT_EQ(pair.client.SendMessage(Small()).verdict, MilterVerdict::kContinue);
  EXPECT_EQ(Heard(pair), "ODMDRDTLBDE");
}

TEST(MilterClient, CollectsEditsChunksAndProgress) {
  Pair pair = Connected();
  Answer(pair.filter, Continues(6));
  Answer(pair.filter, {{'i', "\0\0\0\0X\0v\0"s},
                       {'p', ""},
                       {'b', "one"},
                       {'b', "two"},
                       {'q', "why\0"s},
                       {'a', ""}});
  const MilterOutcome outcome = pair.client.SendMessage(Small());
  EXPECT_EQ(outcome.verdict, MilterVerdict::kAccept);
  EXPECT_EQ(outcome.progress_count, 1);
  ASSERT_EQ(outcome.edits.size(), 3U);
  EXPECT_EQ(outcome.edits[0].value, " v");
  EXPECT_EQ(outcome.edits[1].value, "onetwo");
  EXPECT_EQ(outcome.edits[2].value, "why");
}

TEST(MilterClient, RefusedRecipientIsNotTheEnd) {
  Pair pair = Connected();
  Answer(pair.filter, Continues(1));
  Answer(pair.filter, {{'y', "550 5.1.1 No\0"s}});
  Answer(pair.filter, Continues(6));
  MilterMessage message = Small();
  message.recipients.push_back({"<c@example.net>", {}});
  const MilterOutcome outcome = pair.client.SendMessage(message);
  EXPECT_EQ(outcome.verdict, MilterVerdict::kContinue);
  ASSERT_EQ(outcome.recipient_replies.size(), 2U);
  EXPECT_EQ(outcome.recipient_replies[0].text, "550 5.1.1 No");
  EXPECT_TRUE(outcome.recipient_replies[1].goes_on());
}

TEST(MilterClient, AbortsWhenEveryRecipientIsRefused) {
  Pair pair = Connected();
  Answer(pair.filter, {{'c', ""}, {'t', ""}});
  const MilterOutcome outcome = pair.client.SendMessage(Small());
  EXPECT_EQ(outcome.verdict, MilterVerdict::kTempfail);
  EXPECT_EQ(outcome.stage, "rcpt");
  EXPECT_EQ(Heard(pair), "DMDRA");
}

TEST(MilterClient, SaysWhatFailedWhenTheFilterGoesAway) {
  Pair pair = Connected();
  Answer(pair.filter, Continues(2));
  pair.filter.FinishSending();
  const MilterOutcome outcome = pair.client.SendMessage(Small());
  EXPECT_EQ(outcome.failure, "the filter closed the connection");
  EXPECT_EQ(outcome.stage, "data");
}

TEST(MilterClient, RefusesAPacketOfNoLetter) {
  Pair pair = Connected();
  ASSERT_TRUE(pair.filter.SendRaw("\0\0\0\0"s));
  EXPECT_EQ(pair.client.SendMessage(Small()).failure, "a packet of 0 octets");
}

TEST(MilterClient, StopsSendingTheBodyAfterSkip) {
  Pair pair = Connected();
  Answer(pair.filter, Continues(5));
  Answer(pair.filter, {{'s', ""}, {'c', ""}});
  MilterMessage message = Small();
  message.body.assign(200000, 'x');
  EXPECT_EQ(pair.client.SendMessage(message).verdict, MilterVerdict::kContinue);
  EXPECT_EQ(Heard(pair), "DMDRDTLDNBDE");
}

TEST(MilterWire, DialSaysWhatIsWrong) {
  EXPECT_FALSE(MilterWire::Dial("nowhere", kPatience));
  EXPECT_FALSE(MilterWire::Dial("unix:/no/such/socket", kPatience));
  EXPECT_FALSE(MilterWire::Dial("inet:1", kPatience));
  EXPECT_FALSE(MilterWire::Dial("unix:" + std::string(200, 'x'), kPatience));
}

}  // namespace
}  // namespace postern
