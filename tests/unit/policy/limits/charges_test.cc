#include "policy/limits/charges.h"

#include <gtest/gtest.h>

#include "policy/config/limit_overrides.h"

namespace postern {
namespace {

using enum LimitKeyPart;

LimitRule Rule(std::string name, std::vector<LimitKeyPart> key,
               LimitCost cost) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.key = std::move(key);
  rule.cost = cost;
  rule.rates = {{10, std::chrono::hours(1), 10}};
  return rule;
}

Submission Alice() {
  Submission submission;
  submission.login = "Alice";
  submission.client_address = IpAddress::Parse("192.0.2.1");
  return submission;
}

// One transaction of Alice's: what RCPT and the end of message ask for.
class ChargesTest : public testing::Test {
 protected:
  std::vector<Owed> Rcpt(const LimitedRecipient& recipient) {
    std::vector<Owed> owed =
        OwedAtRcpt(rules_, {submission_, mail_from_}, recipient, tally_);
    Enter(owed, &tally_);
    return owed;
  }
  std::vector<Owed> End(std::vector<LimitedRecipient> recipients) {
    return OwedAtEndOfMessage(rules_, {submission_, mail_from_, &content_},
                              recipients, tally_);
  }

  std::vector<LimitRule> rules_;
  Submission submission_ = Alice();
  std::string mail_from_ = "a@example.com";
  LimitedContent content_;
  LimitTally tally_;
};

TEST_F(ChargesTest, MessagesAreChargedWithTheFirstRecipientOnly) {
  rules_ = {Rule("m", {kLogin}, LimitCost::kMessages),
            Rule("r", {kLogin}, LimitCost::kRecipients)};
  const auto first = Rcpt({"b@x.test", ""});
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].charge.key, "login=alice");
  const auto second = Rcpt({"c@x.test", ""});
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].charge.rule->name, "r");
}

TEST_F(ChargesTest, MessagesAreChargedOnceForEachRecipientDomainAndReceiver) {
  rules_ = {Rule("d", {kRecipientDomain}, LimitCost::kMessages),
            Rule("v", {kLogin, kReceiver}, LimitCost::kMessages)};
  auto owed = Rcpt({"b@X.test", "google"});
  ASSERT_EQ(owed.size(), 2u);
  EXPECT_EQ(owed[0].charge.key, "recipient_domain=x.test");
  EXPECT_EQ(owed[1].charge.key, "login=alice receiver=google");
  EXPECT_EQ(Rcpt({"c@x.test", "google"}).size(), 0u);
  owed = Rcpt({"c@y.test", "google"});
  ASSERT_EQ(owed.size(), 1u);
  EXPECT_EQ(owed[0].charge.key, "recipient_domain=y.test");
}

TEST_F(ChargesTest, AReceiverThatDnsDidNotTellIsAskedForLater) {
  rules_ = {Rule("v", {kReceiver}, LimitCost::kRecipients),
            Rule("l", {kLogin}, LimitCost::kRecipients)};
  ASSERT_EQ(Rcpt({"b@x.test", ""}).size(), 1u);
  const std::vector<LimitedRecipient> recipients = {{"b@x.test", "yahoo"}};
  const auto owed = OwedForReceivers(
      rules_, {submission_, mail_from_, &content_}, recipients, tally_);
  ASSERT_EQ(owed.size(), 1u);
  EXPECT_EQ(owed[0].charge.key, "receiver=yahoo");
}

TEST_F(ChargesTest, ARuleWithAnAbsentPartDoesNotConcernTheMessage) {
  rules_ = {Rule("l", {kLogin}, LimitCost::kMessages),
            Rule("c", {kClient}, LimitCost::kMessages),
            Rule("n", {kNetwork}, LimitCost::kMessages),
            Rule("d", {kAuthorDomain}, LimitCost::kMessages),
            Rule("k", {kCampaign}, LimitCost::kMessages)};
  submission_ = {};
  EXPECT_TRUE(Rcpt({"b@x.test", ""}).empty());
  EXPECT_TRUE(End({{"b@x.test", ""}}).empty());
}

TEST_F(ChargesTest, KeysOfSeveralPartsCannotBeConfused) {
  rules_ = {Rule("t", {kLogin, kMailFrom}, LimitCost::kMessages)};
  submission_.login = "a mail_from=%";
  mail_from_ = "";
  EXPECT_EQ(Rcpt({"b@x.test", ""}).at(0).charge.key,
            "login=a%20mail_from=%25 mail_from=<>");
}

TEST_F(ChargesTest, ANetworkIsASlash24OrASlash48) {
  rules_ = {Rule("n", {kNetwork}, LimitCost::kMessages)};
  EXPECT_EQ(Rcpt({"b@x.test", ""}).at(0).charge.key, "network=192.0.2.0/24");
  submission_.client_address = IpAddress::Parse("2001:db8:1:2::3");
  EXPECT_EQ(Rcpt({"b@x.test", ""}).at(0).charge.key, "network=2001:db8:1::/48");
}

TEST_F(ChargesTest, AtEndOfMessageAllRecipientsPayOneCharge) {
  rules_ = {Rule("r", {kAuthorDomain, kClient}, LimitCost::kRecipients),
            Rule("m", {kAuthorDomain}, LimitCost::kMessages),
            Rule("b", {kLogin}, LimitCost::kBytes),
            Rule("d", {kCampaign, kEgress}, LimitCost::kLinkDomains),
            Rule("l", {kLogin}, LimitCost::kMessages)};
  content_ = {.author_domain = Domain::Parse("Example.com"),
              .campaign = "june:shop",
              .bytes = 5'000,
              .link_domains = 3};
  const LimitedRecipient b{
      .address = "b@x.test", .receiver = "", .egress = {"main"}};
  const LimitedRecipient c{
      .address = "c@x.test", .receiver = "", .egress = {"main"}};
  const auto owed = End({b, c});
  ASSERT_EQ(owed.size(), 4u);
  EXPECT_EQ(owed[0].charge.key, "author_domain=example.com client=192.0.2.1");
  EXPECT_EQ(owed[0].charge.cost, 2);
  EXPECT_EQ(owed[1].charge.cost, 1);
  EXPECT_EQ(owed[2].charge.cost, 5'000);
  EXPECT_EQ(owed[3].charge.key, "campaign=june:shop egress=main");
  EXPECT_EQ(owed[3].charge.cost, 3);
}

TEST_F(ChargesTest, EveryWayThatMayCarryItIsCharged) {
  rules_ = {Rule("e", {kEgress}, LimitCost::kRecipients)};
  const LimitedRecipient both{
      .address = "b@x.test", .receiver = "", .egress = {"old", "new"}};
  const LimitedRecipient one{
      .address = "c@x.test", .receiver = "", .egress = {"new"}};
  const auto owed = End({both, one, {"d@x.test", ""}});
  ASSERT_EQ(owed.size(), 2u);
  EXPECT_EQ(owed[0].charge.key, "egress=old");
  EXPECT_EQ(owed[0].charge.cost, 1);
  EXPECT_EQ(owed[1].charge.key, "egress=new");
  EXPECT_EQ(owed[1].charge.cost, 2);
}

TEST_F(ChargesTest, ARuleForStreamsIsAskedWhenTheStreamIsKnown) {
  rules_ = {Rule("s", {kLogin, kRecipientDomain}, LimitCost::kRecipients)};
  rules_[0].streams = {"marketing"};
  EXPECT_TRUE(Rcpt({"b@x.test", ""}).empty());
  content_.stream = "personal";
  EXPECT_TRUE(End({{"b@x.test", ""}}).empty());
  content_.stream = "marketing";
  const auto owed = End({{"b@x.test", ""}, {"c@y.test", ""}, {"d@x.test", ""}});
  ASSERT_EQ(owed.size(), 2u);
  EXPECT_EQ(owed[0].charge.key, "login=alice recipient_domain=x.test");
  EXPECT_EQ(owed[0].charge.cost, 2);
  EXPECT_EQ(owed[1].charge.cost, 1);
}

TEST_F(ChargesTest, OnlyWhatIsNewIsANewRecipientAndOnce) {
  rules_ = {Rule("n", {kLogin}, LimitCost::kNewRecipients),
            Rule("d", {kLogin}, LimitCost::kNewRecipientDomains)};
  EXPECT_TRUE(Rcpt({"old@x.test", ""}).empty());
  EXPECT_EQ(Rcpt({"b@x.test", "", true, true}).size(), 2u);
  EXPECT_EQ(Rcpt({"B@X.test", "", true, true}).size(), 0u);
  EXPECT_EQ(Rcpt({"c@x.test", "", true, true}).size(), 1u);
}

TEST_F(ChargesTest, AnExemptRecipientOpensNoDoorForTheOthers) {
  rules_ = {Rule("r", {kLogin}, LimitCost::kRecipients),
            Rule("m", {kLogin}, LimitCost::kMessages)};
  for (LimitRule& rule : rules_) rule.exempt_recipients = {"postmaster@*"};
  EXPECT_TRUE(Rcpt({"Postmaster@x.test", ""}).empty());
  EXPECT_EQ(Rcpt({"b@x.test", ""}).size(), 2u);
}

TEST_F(ChargesTest, AnOverrideGivesItsRatesOrLiftsTheLimit) {
  rules_ = {Rule("r", {kLogin}, LimitCost::kRecipients)};
  rules_[0].all_overrides = std::make_shared<const LimitOverrides>(
      std::vector{ParseLimitOverride("login=al* 5/min").value(),
                  ParseLimitOverride("login=boss unlimited").value()});
  const auto owed = Rcpt({"b@x.test", ""});
  EXPECT_EQ(owed.at(0).charge.rates_in_force()[0].count, 5);
  submission_.login = "Boss";
  EXPECT_TRUE(Rcpt({"b@x.test", ""}).empty());
  submission_.login = "carol";
  EXPECT_EQ(Rcpt({"b@x.test", ""}).at(0).charge.rates_in_force()[0].count, 10);
}

TEST(IsPersonal, IsALoginOrALocalSubmission) {
  EXPECT_TRUE(IsPersonal(Alice()));
  Submission local;
  local.is_local = true;
  EXPECT_TRUE(IsPersonal(local));
  Submission sendmails_own;
  sendmails_own.is_msp = true;
  EXPECT_TRUE(IsPersonal(sendmails_own));
  EXPECT_FALSE(IsPersonal({}));
}

}  // namespace
}  // namespace postern
