#include "policy/limits/charges.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

LimitRule Rule(std::string name, std::vector<LimitKeyPart> key,
               LimitCost cost) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.key = std::move(key);
  rule.cost = cost;
  return rule;
}

Submission Alice() {
  Submission submission;
  submission.login = "Alice";
  submission.client_address = IpAddress::Parse("192.0.2.1");
  return submission;
}

TEST(ChargesAtRcpt, MessagesAreChargedWithTheFirstRecipientOnly) {
  const std::vector<LimitRule> rules = {
      Rule("m", {LimitKeyPart::kLogin}, LimitCost::kMessages),
      Rule("r", {LimitKeyPart::kLogin}, LimitCost::kRecipients)};
  Envelope earlier;
  const auto first = ChargesAtRcpt(rules, Alice(), earlier, {"b@x.test", {}});
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].key, "login=alice");
  earlier.recipients.push_back({"b@x.test", {}});
  const auto second = ChargesAtRcpt(rules, Alice(), earlier, {"c@x.test", {}});
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].rule->name, "r");
}

TEST(ChargesAtRcpt, ARuleWithAnAbsentPartDoesNotConcernTheMessage) {
  const std::vector<LimitRule> rules = {
      Rule("l", {LimitKeyPart::kLogin}, LimitCost::kMessages),
      Rule("c", {LimitKeyPart::kClient}, LimitCost::kMessages),
      Rule("d", {LimitKeyPart::kAuthorDomain}, LimitCost::kMessages)};
  EXPECT_TRUE(ChargesAtRcpt(rules, {}, {}, {"b@x.test", {}}).empty());
  EXPECT_TRUE(ChargesAtEndOfMessage(rules, Alice(), {}, {}).empty());
}

TEST(ChargesAtRcpt, KeysOfSeveralPartsCannotBeConfused) {
  const std::vector<LimitRule> rules = {
      Rule("t", {LimitKeyPart::kLogin, LimitKeyPart::kMailFrom},
           LimitCost::kMessages)};
  Submission submission;
  submission.login = "a mail_from=%";
  Envelope earlier;
  const auto charges =
      ChargesAtRcpt(rules, submission, earlier, {"b@x.test", {}});
  EXPECT_EQ(charges.at(0).key, "login=a%20mail_from=%25 mail_from=<>");
}

TEST(ChargesAtEndOfMessage, ChargesAllRecipientsToTheAuthorDomain) {
  const std::vector<LimitRule> rules = {
      Rule("r", {LimitKeyPart::kAuthorDomain, LimitKeyPart::kClient},
           LimitCost::kRecipients),
      Rule("m", {LimitKeyPart::kAuthorDomain}, LimitCost::kMessages),
      Rule("l", {LimitKeyPart::kLogin}, LimitCost::kMessages)};
  Envelope envelope;
  envelope.recipients = {{"b@x.test", {}}, {"c@x.test", {}}};
  const auto charges = ChargesAtEndOfMessage(
      rules, Alice(), envelope, {Domain::Parse("Example.com"), ""});
  ASSERT_EQ(charges.size(), 2u);
  EXPECT_EQ(charges[0].key, "author_domain=example.com client=192.0.2.1");
  EXPECT_EQ(charges[0].cost, 2);
  EXPECT_EQ(charges[1].cost, 1);
}

TEST(ChargesAtEndOfMessage, ChargesTheStream) {
  const std::vector<LimitRule> rules = {
      Rule("s", {LimitKeyPart::kStream, LimitKeyPart::kLogin},
           LimitCost::kMessages)};
  Envelope envelope;
  envelope.recipients = {{"b@x.test", {}}};
  EXPECT_TRUE(
      ChargesAtRcpt(rules, Alice(), {}, envelope.recipients[0]).empty());
  const auto charges = ChargesAtEndOfMessage(rules, Alice(), envelope,
                                             {std::nullopt, "marketing"});
  ASSERT_EQ(charges.size(), 1u);
  EXPECT_EQ(charges[0].key, "stream=marketing login=alice");
}

TEST(IsPersonal, IsALoginOrALocalSubmission) {
  EXPECT_TRUE(IsPersonal(Alice()));
  Submission local;
  local.is_local = true;
  EXPECT_TRUE(IsPersonal(local));
  EXPECT_FALSE(IsPersonal({}));
}

}  // namespace
}  // namespace postern
