#include "policy/facts/forwarding.h"

#include <gtest/gtest.h>

#include "tests/support/map_dns.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

// Mail of alice@away.example as it was received by us, to be sent on.
class Forwarding : public testing::Test {
 protected:
  Forwarding() {
    EgressRoute route;
    route.senders.push_back(*Domain::Parse("ours.example"));
    config_.egress.push_back(route);
    config_.bounce_domain = Domain::Parse("bounces.ours.example");
    SetSender("alice@away.example");
    facts_.author_domain = Domain::Parse("away.example");
    message_.header.Receive("Received", " from away.example");
  }

  void SetSender(const std::string& sender) {
    message_.envelope.mail_from = sender;
    facts_.mail_from_domain = DomainOf(sender);
  }
  Facts Gathered() {
    facts_.message = std::make_shared<const Message>(message_);
    GatherForwarding({config_, keys_, dns_, {}, Deadline::max()}, &facts_);
    return facts_;
  }

  Config config_;
  KeyRing keys_;
  MapDns dns_;
  Message message_;
  Facts facts_;
};

TEST_F(Forwarding, IsMailOfOthersThatWasReceivedBefore) {
  const Facts facts = Gathered();
  EXPECT_TRUE(facts.is_forwarded);
  EXPECT_FALSE(facts.is_list_traffic);
}

TEST_F(Forwarding, IsSeenByAForeignSignatureToo) {
  message_.header.RemoveAll("Received");
  EXPECT_FALSE(Gathered().is_forwarded);
  facts_.dkim.push_back({.domain = "away.example"});
  EXPECT_TRUE(Gathered().is_forwarded);
}

TEST_F(Forwarding, IsNotMailOfALogin) {
  message_.submission.login = "alice";
  EXPECT_FALSE(Gathered().is_forwarded);
}

TEST_F(Forwarding, IsNotMailUnderASenderOfOurs) {
  SetSender("alice@sub.ours.example");
  EXPECT_FALSE(Gathered().is_forwarded);
}

TEST_F(Forwarding, IsNotABounce) {
  SetSender("");
  EXPECT_FALSE(Gathered().is_forwarded);
}

TEST_F(Forwarding, StaysSoWhenTheSenderHasBeenSwitched) {
  SetSender("bounces+alice=away.example@bounces.ours.example");
  EXPECT_TRUE(Gathered().is_forwarded);
}

TEST_F(Forwarding, IsNotOurAuthorsMailFromTheBounceDomain) {
  SetSender("x@bounces.ours.example");
  facts_.author_domain = Domain::Parse("ours.example");
  EXPECT_FALSE(Gathered().is_forwarded);
}

TEST_F(Forwarding, ListMailOfAnotherAuthorIsAKindOfIt) {
  SetSender("list-bounces@ours.example");
  message_.header.Receive("List-Id", " <list.ours.example>");
  const Facts facts = Gathered();
  EXPECT_TRUE(facts.is_forwarded);
  EXPECT_TRUE(facts.is_list_traffic);
}

TEST_F(Forwarding, IsNotListMailOfOurOwnAuthors) {
  SetSender("list-bounces@ours.example");
  facts_.author_domain = Domain::Parse("ours.example");
  message_.header.Receive("List-Post", " <mailto:list@ours.example>");
  EXPECT_FALSE(Gathered().is_forwarded);
}

}  // namespace
}  // namespace postern
