#include "policy/decision/findings.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

const Finding* Find(const std::vector<Finding>& findings,
                    std::string_view check) {
  const auto it =
      std::find_if(findings.begin(), findings.end(),
                   [&](const Finding& f) { return f.check == check; });
  return it == findings.end() ? nullptr : &*it;
}

TEST(RunChecks, TheLevelHoldsWhereAReplyIsDocumented) {
  // Gmail documents that it refuses several authors; nobody else does.
  const auto level = [](const std::string& receiver) {
    const std::vector<Finding> findings =
        RunChecks(FactsBuilder()
                      .From("a@example.org, b@example.org")
                      .Recipient("x@y.example", MailDomain::kHasMx, receiver)
                      .Build(),
                  Corridor::kMessage);
    return Find(findings, "from-multiple-mailboxes")->level;
  };
  EXPECT_EQ(level("google"), Level::kMust);
  EXPECT_EQ(level("selfhost"), Level::kShould);
}

TEST(RunChecks, KeepsOnlyTheRepliesOfReceiversConcerned) {
  const std::vector<Finding> findings = RunChecks(
      FactsBuilder()
          .Recipient("x@gmx.example", MailDomain::kHasMx, "united-internet")
          .Build(),
      Corridor::kMessage);
  const Finding* missing = Find(findings, "date-missing");
  ASSERT_NE(missing, nullptr);
  ASSERT_EQ(missing->predicts.size(), 1u);
  EXPECT_EQ(missing->predicts.front().receiver, "united-internet");
  EXPECT_EQ(missing->receivers, std::vector<std::string>{"united-internet"});
}

TEST(RunChecks, OneFindingForAllRecipientsOfOneDetail) {
  const std::vector<Finding> findings =
      RunChecks(FactsBuilder()
                    .Recipient("a@nomail.example", MailDomain::kNullMx)
                    .Recipient("b@nomail.example", MailDomain::kNullMx)
                    .Recipient("c@fine.example", MailDomain::kHasMx)
                    .Build(),
                Corridor::kRecipient);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings.front().recipients.size(), 2u);
}

TEST(RunChecks, AdvisesAsTheCheckDoesUnlessTheVerdictKnowsMore) {
  FactsBuilder builder;
  builder.Spf(SpfResult::kFail);
  const std::vector<Finding> plain =
      RunChecks(builder.Build(), Corridor::kMessage);
  ASSERT_NE(Find(plain, "spf-fail"), nullptr);
  EXPECT_EQ(Find(plain, "spf-fail")->fix, kSpfFail.fix);
  builder.facts().spf.back().fix = "publish at example.org TXT \"v=spf1\"";
  const std::vector<Finding> told =
      RunChecks(builder.Build(), Corridor::kMessage);
  ASSERT_NE(Find(told, "spf-fail"), nullptr);
  EXPECT_EQ(Find(told, "spf-fail")->fix,
            "publish at example.org TXT \"v=spf1\"");
}

TEST(RunChecks, AdvisesNothingAgainstWhatIsNotKnown) {
  const std::vector<Finding> findings = RunChecks(
      FactsBuilder().Recipient("a@slow.example", MailDomain::kUnknown).Build(),
      Corridor::kRecipient);
  const Finding* unknown = Find(findings, "recipient-domain-nxdomain");
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->outcome, Outcome::kUnknown);
  EXPECT_EQ(unknown->fix, "");
}

TEST(RunChecks, NamesEachRecipientOnce) {
  FactsBuilder builder;
  for (int i = 0; i < 10'000; ++i)
    builder.Recipient("a@unanswered.example", MailDomain::kUnknown);
  const std::vector<Finding> findings =
      RunChecks(builder.Build(), Corridor::kRecipient);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings.front().recipients,
            std::vector<std::string>{"a@unanswered.example"});
}

TEST(RunChecks, JudgesTheEnvelopeAloneAtRcpt) {
  EXPECT_TRUE(
      RunChecks(
          FactsBuilder().Recipient("a@example.net", MailDomain::kHasMx).Build(),
          Corridor::kRecipient)
          .empty());
}

}  // namespace
}  // namespace postern
