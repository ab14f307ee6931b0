#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

// "pass", "fail" or "unknown", by the first verdict.
std::string Say(const Check& check, FactsBuilder& builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return verdicts.empty() ? "pass"
                          : std::string(ToString(verdicts.front().outcome));
}
std::string Say(const Check& check, FactsBuilder&& builder) {
  return Say(check, builder);
}

TEST(RecipientSyntax, FailsForThePathThatIsNone) {
  EXPECT_EQ(Say(kRecipientSyntax, FactsBuilder().Recipient("a..b@example.org",
                                                           MailDomain::kHasMx)),
            "fail");
  EXPECT_EQ(Say(kRecipientSyntax,
                FactsBuilder().Recipient("a@example.org", MailDomain::kHasMx)),
            "pass");
}

TEST(RecipientDomains, FailEachForItsOwnReason) {
  const auto say = [](const Check& check, MailDomain kind) {
    return Say(check, FactsBuilder().Recipient("a@example.org", kind));
  };
  EXPECT_EQ(say(kRecipientDomainNxdomain, MailDomain::kNxDomain), "fail");
  EXPECT_EQ(say(kRecipientDomainNxdomain, MailDomain::kUnknown), "unknown");
  EXPECT_EQ(say(kRecipientDomainNxdomain, MailDomain::kHasMx), "pass");
  EXPECT_EQ(say(kRecipientDomainWithoutMail, MailDomain::kNoMail), "fail");
  EXPECT_EQ(say(kRecipientDomainWithoutMail, MailDomain::kAddressOnly), "pass");
  EXPECT_EQ(say(kRecipientNullMx, MailDomain::kNullMx), "fail");
  EXPECT_EQ(say(kRecipientNullMx, MailDomain::kUnknown), "pass");
}

TEST(RecipientNullMx, NamesTheRecipient) {
  const std::vector<Verdict> verdicts =
      kRecipientNullMx.run(FactsBuilder()
                               .Recipient("a@example.org", MailDomain::kHasMx)
                               .Recipient("b@example.net", MailDomain::kNullMx)
                               .Build());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().subject.name, "b@example.net");
}

TEST(MailFromDomainUnroutable, TellsUnknownFromNo) {
  FactsBuilder builder;
  EXPECT_EQ(Say(kMailFromDomainUnroutable, builder), "pass");
  builder.facts().mail_from_mail_domain = MailDomain::kNxDomain;
  EXPECT_EQ(Say(kMailFromDomainUnroutable, builder), "fail");
  builder.facts().mail_from_mail_domain = MailDomain::kNoMail;
  EXPECT_EQ(Say(kMailFromDomainUnroutable, builder), "fail");
  builder.facts().mail_from_mail_domain = MailDomain::kUnknown;
  EXPECT_EQ(Say(kMailFromDomainUnroutable, builder), "unknown");
  builder.facts().mail_from_domain.reset();  // "<>"
  EXPECT_EQ(Say(kMailFromDomainUnroutable, builder), "pass");
}

TEST(NullMxSender, FailsForSenderAndAuthor) {
  FactsBuilder builder;
  EXPECT_EQ(Say(kNullMxSender, builder), "pass");
  builder.facts().author_mail_domain = MailDomain::kNullMx;
  EXPECT_EQ(Say(kNullMxSender, builder), "fail");
}

TEST(SpfFail, FailsOnFailOnly) {
  EXPECT_EQ(Say(kSpfFail, FactsBuilder()), "pass");
  EXPECT_EQ(Say(kSpfFail, FactsBuilder().Spf(SpfResult::kPass)), "pass");
  EXPECT_EQ(Say(kSpfFail, FactsBuilder().Spf(SpfResult::kSoftfail)), "pass");
  EXPECT_EQ(Say(kSpfFail, FactsBuilder().Spf(SpfResult::kFail)), "fail");
  EXPECT_EQ(Say(kSpfFail, FactsBuilder().Spf(SpfResult::kTempError)), "pass");
}

TEST(SpfFail, NamesTheEgress) {
  const std::vector<Verdict> verdicts =
      kSpfFail.run(FactsBuilder().Spf(SpfResult::kFail).Build());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().subject.kind, Subject::Kind::kEgress);
  EXPECT_EQ(verdicts.front().subject.name, "192.0.2.10");
}

TEST(SpfPermerror, FailsOnPermErrorOnly) {
  EXPECT_EQ(Say(kSpfPermerror, FactsBuilder().Spf(SpfResult::kPermError)),
            "fail");
  EXPECT_EQ(Say(kSpfPermerror, FactsBuilder().Spf(SpfResult::kFail)), "pass");
}

TEST(SpfNotAligned, FailsOnAPassForSomebodyElse) {
  EXPECT_EQ(
      Say(kSpfNotAligned, FactsBuilder().Spf(SpfResult::kPass, "esp.example",
                                             Alignment::kNotAligned)),
      "fail");
  EXPECT_EQ(Say(kSpfNotAligned, FactsBuilder().Spf(SpfResult::kPass)), "pass");
  EXPECT_EQ(
      Say(kSpfNotAligned, FactsBuilder().Spf(SpfResult::kPass, "esp.example",
                                             Alignment::kUnknown)),
      "pass");
}

TEST(NoAuthentication, FailsWhenNothingVouches) {
  EXPECT_EQ(Say(kNoAuthentication, FactsBuilder().Spf(SpfResult::kNone)),
            "fail");
  EXPECT_EQ(Say(kNoAuthentication, FactsBuilder().Spf(SpfResult::kPass)),
            "pass");
  EXPECT_EQ(Say(kNoAuthentication,
                FactsBuilder().Spf(SpfResult::kNone).Dkim(DkimResult::kPass)),
            "pass");
  EXPECT_EQ(
      Say(kNoAuthentication,
          FactsBuilder().Spf(SpfResult::kNone).Dkim(DkimResult::kTempError)),
      "pass");
  EXPECT_EQ(Say(kNoAuthentication,
                FactsBuilder().Spf(SpfResult::kNone).Dkim(DkimResult::kFail)),
            "fail");
}

TEST(NoAuthentication, ConcernsReceiversThatDemandIt) {
  const auto say = [](const std::string& receiver) {
    return Say(kNoAuthentication,
               FactsBuilder()
                   .Recipient("a@x.example", MailDomain::kHasMx, receiver)
                   .Spf(SpfResult::kNone));
  };
  EXPECT_EQ(say("google"), "fail");
  EXPECT_EQ(say("selfhost"), "pass");
}

TEST(DkimUnsigned, FailsWithoutAnySignature) {
  FactsBuilder builder;
  builder.facts().signing.unsigned_reason = "no key for example.org";
  EXPECT_EQ(Say(kDkimUnsigned, builder), "fail");
  builder.Dkim(DkimResult::kPass);
  EXPECT_EQ(Say(kDkimUnsigned, builder), "pass");
}

TEST(DkimKeyMismatch, OneGoodKeyIsEnough) {
  const auto planned = [](PublishedKey published) {
    return SigningPlan::Planned{
        KeyInUse{*Domain::Parse("example.org"), "s", nullptr}, published};
  };
  FactsBuilder builder;
  std::vector<SigningPlan::Planned>& plan = builder.facts().signing.signatures;
  EXPECT_EQ(Say(kDkimKeyMismatch, builder), "pass");
  for (const PublishedKey bad :
       {PublishedKey::kMissing, PublishedKey::kDiffers, PublishedKey::kRevoked,
        PublishedKey::kMalformed}) {
    plan = {planned(bad)};
    EXPECT_EQ(Say(kDkimKeyMismatch, builder), "fail") << ToString(bad);
  }
  plan = {planned(PublishedKey::kMissing), planned(PublishedKey::kMatches)};
  EXPECT_EQ(Say(kDkimKeyMismatch, builder), "pass");
  plan = {planned(PublishedKey::kUnknown), planned(PublishedKey::kMatches)};
  EXPECT_EQ(Say(kDkimKeyMismatch, builder), "pass");
  plan = {planned(PublishedKey::kUnknown)};
  EXPECT_EQ(Say(kDkimKeyMismatch, builder), "unknown");
}

FactsBuilder WithDmarc(DmarcResult result, DmarcPolicy policy) {
  FactsBuilder builder;
  builder.Recipient("a@gmail.com", MailDomain::kHasMx, "google");
  DmarcFact& dmarc = builder.facts().dmarc;
  dmarc.tree_walk.status = DmarcDiscovery::Status::kFound;
  dmarc.tree_walk.policy = policy;
  dmarc.all = {{"192.0.2.10", DmarcMethod::kTreeWalk, {"google"}, result}};
  return builder;
}

TEST(DmarcReject, FailsForRejectOnly) {
  const auto say = [](DmarcResult result, DmarcPolicy policy) {
    return Say(kDmarcReject, WithDmarc(result, policy));
  };
  EXPECT_EQ(say(DmarcResult::kFail, DmarcPolicy::kReject), "fail");
  EXPECT_EQ(say(DmarcResult::kFail, DmarcPolicy::kQuarantine), "pass");
  EXPECT_EQ(say(DmarcResult::kFail, DmarcPolicy::kNone), "pass");
  EXPECT_EQ(say(DmarcResult::kPass, DmarcPolicy::kReject), "pass");
  EXPECT_EQ(say(DmarcResult::kTempError, DmarcPolicy::kReject), "unknown");
  EXPECT_EQ(say(DmarcResult::kTempError, DmarcPolicy::kNone), "pass");
}

}  // namespace
}  // namespace postern
