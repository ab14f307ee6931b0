#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

using std::chrono::hours;

// "pass", "fail" or "unknown", by the first verdict.
std::string Say(const Check& check, const Facts& facts) {
  const std::vector<Verdict> verdicts = check.run(facts);
  return verdicts.empty() ? "pass"
                          : std::string(ToString(verdicts.front().outcome));
}

std::string Detail(const Check& check, const Facts& facts) {
  const std::vector<Verdict> verdicts = check.run(facts);
  return verdicts.empty() ? "" : verdicts.front().detail;
}

SigningPlan::Planned Planned(std::string_view pem, PublishedKey published,
                             std::string_view selector = "s") {
  return {TestKey("example.org", selector, pem), published, "", false};
}

Facts With(std::vector<SigningPlan::Planned> plan) {
  FactsBuilder builder;
  builder.facts().signing.signatures = std::move(plan);
  return builder.Build();
}

Facts WithSignature(std::optional<std::int64_t> signed_after,
                    std::optional<std::int64_t> expires_after) {
  FactsBuilder builder;
  builder.Dkim(DkimResult::kPass);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       builder.facts().received_at.time_since_epoch())
                       .count();
  DkimFact& fact = builder.facts().dkim.back();
  if (signed_after) fact.signed_at = now + *signed_after;
  if (expires_after) fact.expires_at = now + *expires_after;
  return builder.Build();
}

TEST(DkimUnsigned, TakesASignatureThatMayPassForOne) {
  const auto say = [](DkimResult result) {
    return Say(kDkimUnsigned, FactsBuilder().Dkim(result).Build());
  };
  EXPECT_EQ(say(DkimResult::kPass), "pass");
  EXPECT_EQ(say(DkimResult::kTempError), "pass");
  EXPECT_EQ(say(DkimResult::kNeutral), "pass");
  EXPECT_EQ(say(DkimResult::kFail), "fail");
  EXPECT_EQ(say(DkimResult::kPermError), "fail");
}

TEST(DkimUnsignedBulk, ConcernsMailingsToReceiversThatDemandIt) {
  const auto say = [](const std::string& receiver, bool is_bulk) {
    FactsBuilder builder;
    builder.Recipient("a@x.example", MailDomain::kHasMx, receiver);
    builder.facts().is_bulk = is_bulk;
    return Say(kDkimUnsignedBulk, builder.Build());
  };
  EXPECT_EQ(say("google", true), "fail");
  EXPECT_EQ(say("outlook", true), "fail");
  EXPECT_EQ(say("google", false), "pass");
  EXPECT_EQ(say("selfhost", true), "pass");
}

TEST(DkimKeyMismatch, SaysWhatDiffers) {
  SigningPlan::Planned planned =
      Planned(kTestEd25519Pem, PublishedKey::kDiffers);
  planned.fault = "h= is without sha256";
  EXPECT_EQ(Detail(kDkimKeyMismatch, With({planned})),
            "s._domainkey.example.org: differs, h= is without sha256");
}

TEST(DkimKeyUnreadable, NamesEveryFault) {
  FactsBuilder builder;
  EXPECT_EQ(Say(kDkimKeyUnreadable, builder.Build()), "pass");
  builder.facts().signing.faults = {"a: gone", "b: gone"};
  EXPECT_EQ(Detail(kDkimKeyUnreadable, builder.Build()), "a: gone; b: gone");
}

TEST(DkimKeyWeak, FailsForShortRsaAndForEd25519Alone) {
  const auto rsa1024 = Planned(kTestRsa1024Pem, PublishedKey::kMatches, "r1");
  const auto rsa2048 = Planned(kTestRsa2048Pem, PublishedKey::kMatches, "r2");
  const auto ed = Planned(kTestEd25519Pem, PublishedKey::kMatches, "ed");
  EXPECT_EQ(Say(kDkimKeyWeak, With({})), "pass");
  EXPECT_EQ(Say(kDkimKeyWeak, With({rsa2048, ed})), "pass");
  EXPECT_EQ(Detail(kDkimKeyWeak, With({rsa1024, ed})),
            "r1._domainkey.example.org: RSA of 1024 bits");
  EXPECT_EQ(Detail(kDkimKeyWeak, With({ed})),
            "ed._domainkey.example.org: Ed25519 without an RSA key beside it");
  // The RSA key that will not sign is none.
  EXPECT_EQ(Say(kDkimKeyWeak,
                With({ed, Planned(kTestRsa2048Pem, PublishedKey::kMissing)})),
            "fail");
}

TEST(DkimKeyTesting, FailsForTheTestingFlag) {
  SigningPlan::Planned planned =
      Planned(kTestEd25519Pem, PublishedKey::kMatches);
  EXPECT_EQ(Say(kDkimKeyTesting, With({planned})), "pass");
  planned.is_testing = true;
  EXPECT_EQ(Say(kDkimKeyTesting, With({planned})), "fail");
}

TEST(DkimKeyRevoked, FailsBesideAGoodKeyToo) {
  const auto good = Planned(kTestEd25519Pem, PublishedKey::kMatches);
  const auto revoked = Planned(kTestEd25519Pem, PublishedKey::kRevoked, "old");
  EXPECT_EQ(Say(kDkimKeyRevoked, With({good})), "pass");
  EXPECT_EQ(Detail(kDkimKeyRevoked, With({good, revoked})),
            "old._domainkey.example.org: p= is empty");
}

TEST(DkimSignatureExpires, FailsWithinTheTimeOfAQueue) {
  const auto say = [](std::optional<std::int64_t> signed_after,
                      std::optional<std::int64_t> expires_after) {
    return Say(kDkimSignatureExpires,
               WithSignature(signed_after, expires_after));
  };
  constexpr std::int64_t kDay = 86'400;
  EXPECT_EQ(say({}, {}), "pass");
  EXPECT_EQ(say(0, 6 * kDay), "pass");
  EXPECT_EQ(say(0, 5 * kDay), "pass");
  EXPECT_EQ(say(0, 5 * kDay - 1), "fail");
  EXPECT_EQ(say(-9 * kDay, -1), "fail");
  EXPECT_EQ(say(300, {}), "pass");
  EXPECT_EQ(say(301, {}), "fail");
}

TEST(ClockSkew, FailsForAStampOfTheFutureOnly) {
  const auto say = [](std::optional<std::chrono::seconds> ahead) {
    FactsBuilder builder;
    builder.facts().received_ahead = ahead;
    return Say(kClockSkew, builder.Build());
  };
  EXPECT_EQ(say({}), "pass");
  EXPECT_EQ(say(std::chrono::minutes(5)), "pass");
  EXPECT_EQ(say(std::chrono::seconds(301)), "fail");
  EXPECT_EQ(say(-hours(24)), "pass");
}

}  // namespace
}  // namespace postern
