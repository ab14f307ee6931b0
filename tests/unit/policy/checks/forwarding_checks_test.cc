#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

// "pass", "fail" or "unknown", by the first verdict.
std::string Say(const Check& check, FactsBuilder builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return verdicts.empty() ? "pass"
                          : std::string(ToString(verdicts.front().outcome));
}

FactsBuilder Forwarded() {
  FactsBuilder builder;
  builder.facts().is_forwarded = true;
  return builder;
}

TEST(ForwardedSenderUnauthorized, FailsOnlyWhereSpfForbidsUs) {
  const auto say = [](SpfResult result) {
    return Say(kForwardedSenderUnauthorized, Forwarded().Spf(result));
  };
  EXPECT_EQ(say(SpfResult::kFail), "fail");
  EXPECT_EQ(say(SpfResult::kTempError), "unknown");
  EXPECT_EQ(say(SpfResult::kSoftfail), "pass");
  EXPECT_EQ(say(SpfResult::kPass), "pass");
}

TEST(ForwardedSenderUnproven, FailsWhereSpfSaysNothingGood) {
  const auto say = [](SpfResult result) {
    return Say(kForwardedSenderUnproven, Forwarded().Spf(result));
  };
  for (const SpfResult result : {SpfResult::kSoftfail, SpfResult::kNeutral,
                                 SpfResult::kNone, SpfResult::kPermError})
    EXPECT_EQ(say(result), "fail") << ToString(result);
  for (const SpfResult result :
       {SpfResult::kPass, SpfResult::kFail, SpfResult::kTempError})
    EXPECT_EQ(say(result), "pass") << ToString(result);
}

TEST(ForwardingChecks, DoNotConcernOurOwnMail) {
  for (const Check* check :
       {&kForwardedSenderUnauthorized, &kForwardedSenderUnproven,
        &kForwardedWithoutArc, &kForwardedDmarcRisk})
    EXPECT_EQ(Say(*check, FactsBuilder().Spf(SpfResult::kFail)), "pass")
        << check->id;
}

TEST(ForwardedWithoutArc, FailsForEveryForwardedMessage) {
  EXPECT_EQ(Say(kForwardedWithoutArc, Forwarded()), "fail");
}

// A forwarded message of an author with this policy; DMARC comes to `result`.
FactsBuilder Dmarc(DmarcPolicy policy, DmarcResult result) {
  FactsBuilder builder = Forwarded();
  builder.Recipient("b@gmail.com", MailDomain::kHasMx, "google");
  DmarcFact& dmarc = builder.facts().dmarc;
  dmarc.tree_walk.status = DmarcDiscovery::Status::kFound;
  dmarc.tree_walk.policy = policy;
  dmarc.all.push_back({.egress = "192.0.2.10",
                       .method = DmarcMethod::kTreeWalk,
                       .receivers = {"google"},
                       .result = result});
  return builder;
}

TEST(ForwardedDmarcRisk, FailsForStrictAuthorsWhoseDmarcIsLost) {
  const auto say = [](DmarcPolicy policy, DmarcResult result) {
    return Say(kForwardedDmarcRisk, Dmarc(policy, result));
  };
  EXPECT_EQ(say(DmarcPolicy::kReject, DmarcResult::kFail), "fail");
  EXPECT_EQ(say(DmarcPolicy::kQuarantine, DmarcResult::kFail), "fail");
  EXPECT_EQ(say(DmarcPolicy::kReject, DmarcResult::kTempError), "unknown");
  EXPECT_EQ(say(DmarcPolicy::kReject, DmarcResult::kPass), "pass");
  EXPECT_EQ(say(DmarcPolicy::kNone, DmarcResult::kFail), "pass");
}

TEST(ForwardedDmarcRisk, NamesPolicyAndSignature) {
  FactsBuilder builder = Dmarc(DmarcPolicy::kReject, DmarcResult::kFail);
  EXPECT_EQ(kForwardedDmarcRisk.run(builder.Build()).front().detail,
            "forwarded mail of example.org (p=reject): SPF is lost, no aligned "
            "DKIM signature");
  builder.Dkim(DkimResult::kFail);
  builder.facts().dkim.back().alignment = Alignment::kAligned;
  const std::vector<Verdict> verdicts =
      kForwardedDmarcRisk.run(builder.Build());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().detail,
            "forwarded mail of example.org (p=reject): SPF is lost, DKIM fail "
            "for example.org");
  EXPECT_EQ(verdicts.front().subject.name, "google");
}

TEST(ForwardedDmarcRisk, WithoutAnAuthorIsOthersBusiness) {
  FactsBuilder builder = Dmarc(DmarcPolicy::kReject, DmarcResult::kFail);
  builder.facts().author_domain.reset();
  EXPECT_EQ(Say(kForwardedDmarcRisk, builder), "pass");
}

}  // namespace
}  // namespace postern
