// Checks of the envelope sender, its SPF and its domain.
#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

std::vector<Verdict> VerdictsOf(const Check& check, FactsBuilder& builder) {
  return check.run(builder.Build());
}
std::string Say(const Check& check, FactsBuilder& builder) {
  const std::vector<Verdict> verdicts = VerdictsOf(check, builder);
  return verdicts.empty() ? "pass"
                          : std::string(ToString(verdicts.front().outcome));
}
std::string Say(const Check& check, FactsBuilder&& builder) {
  return Say(check, builder);
}

FactsBuilder Bulk() {
  FactsBuilder builder;
  builder.facts().is_bulk = true;
  return builder;
}

FactsBuilder Helo(SpfResult result) {
  FactsBuilder builder;
  builder.Spf(result, "mail.example.org");
  builder.facts().spf.back().is_helo_identity = true;
  return builder;
}

TEST(SpfSoftfail, IsForMailThatIsNoMailing) {
  EXPECT_EQ(Say(kSpfSoftfail, FactsBuilder().Spf(SpfResult::kSoftfail)),
            "fail");
  EXPECT_EQ(Say(kSpfSoftfail, FactsBuilder().Spf(SpfResult::kNeutral)), "fail");
  for (const SpfResult other : {SpfResult::kPass, SpfResult::kFail,
                                SpfResult::kNone, SpfResult::kTempError})
    EXPECT_EQ(Say(kSpfSoftfail, FactsBuilder().Spf(other)), "pass");
  EXPECT_EQ(Say(kSpfSoftfail, Bulk().Spf(SpfResult::kSoftfail)), "pass");
}

TEST(SpfNotPassedBulk, WantsAPassOfMailings) {
  for (const SpfResult bad : {SpfResult::kSoftfail, SpfResult::kNeutral,
                              SpfResult::kNone, SpfResult::kPermError})
    EXPECT_EQ(Say(kSpfNotPassedBulk, Bulk().Spf(bad)), "fail");
  for (const SpfResult other :
       {SpfResult::kPass, SpfResult::kFail, SpfResult::kTempError})
    EXPECT_EQ(Say(kSpfNotPassedBulk, Bulk().Spf(other)), "pass");
  EXPECT_EQ(Say(kSpfNotPassedBulk, FactsBuilder().Spf(SpfResult::kSoftfail)),
            "pass");
}

TEST(SpfTemperror, IsUnknownNeverAFail) {
  EXPECT_EQ(Say(kSpfTemperror, FactsBuilder().Spf(SpfResult::kTempError)),
            "unknown");
  EXPECT_EQ(Say(kSpfTemperror, FactsBuilder().Spf(SpfResult::kFail)), "pass");
}

TEST(SpfTooPermissive, NamesTheTerm) {
  FactsBuilder builder;
  builder.Spf(SpfResult::kPass);
  EXPECT_EQ(Say(kSpfTooPermissive, builder), "pass");
  builder.facts().spf.back().permissive_term = "\"+all\" of example.org";
  const std::vector<Verdict> verdicts = VerdictsOf(kSpfTooPermissive, builder);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_NE(verdicts.front().detail.find("\"+all\" of example.org"),
            std::string::npos);
  EXPECT_FALSE(verdicts.front().fix.empty());
}

TEST(SpfHeloFail, IsForTheNullSender) {
  EXPECT_EQ(Say(kSpfHeloFail, Helo(SpfResult::kFail)), "fail");
  EXPECT_EQ(Say(kSpfHeloFail, Helo(SpfResult::kSoftfail)), "pass");
  EXPECT_EQ(Say(kSpfHeloFail, FactsBuilder().Spf(SpfResult::kFail)), "pass");
  EXPECT_EQ(Say(kSpfFail, Helo(SpfResult::kFail)), "pass");
}

TEST(SpfFail, SaysWhatToPublish) {
  FactsBuilder builder;
  builder.Spf(SpfResult::kFail);
  builder.facts().spf.back().fix = "publish at example.org TXT \"…\"";
  EXPECT_EQ(VerdictsOf(kSpfFail, builder).front().fix,
            "publish at example.org TXT \"…\"");
}

TEST(SpfNotAligned, ComparesWhateverSpfSays) {
  const auto say = [](SpfResult result, Alignment alignment) {
    return Say(kSpfNotAligned,
               FactsBuilder().Spf(result, "esp.example", alignment));
  };
  EXPECT_EQ(say(SpfResult::kNone, Alignment::kNotAligned), "fail");
  EXPECT_EQ(say(SpfResult::kFail, Alignment::kAligned), "pass");
  EXPECT_EQ(say(SpfResult::kPass, Alignment::kUnknown), "pass");
  FactsBuilder helo = Helo(SpfResult::kPass);
  helo.facts().spf.back().alignment = Alignment::kNotAligned;
  EXPECT_EQ(Say(kSpfNotAligned, helo), "pass");
}

class SoaTest : public testing::Test {
 protected:
  SoaTest() {
    profile_.name = "yahoo";
    profile_.needs_sender_soa = true;
    builder_.Recipient("a@yahoo.com", MailDomain::kHasMx, "yahoo")
        .Recipient("b@x.example", MailDomain::kHasMx);
    builder_.facts().recipients.front().profile = &profile_;
  }

  ReceiverProfile profile_;
  FactsBuilder builder_;
};

TEST_F(SoaTest, FailsAtTheReceiverThatAsks) {
  EXPECT_EQ(Say(kSenderDomainWithoutSoa, builder_), "pass");  // not asked
  builder_.facts().mail_from_organization = Domain::Parse("example.org");
  builder_.facts().mail_from_soa = DnsStatus::kNoData;
  const std::vector<Verdict> verdicts =
      VerdictsOf(kSenderDomainWithoutSoa, builder_);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().subject.kind, Subject::Kind::kReceiver);
  EXPECT_EQ(verdicts.front().subject.name, "yahoo");
  builder_.facts().mail_from_soa = DnsStatus::kTempError;
  EXPECT_EQ(Say(kSenderDomainWithoutSoa, builder_), "unknown");
  builder_.facts().mail_from_soa = DnsStatus::kOk;
  EXPECT_EQ(Say(kSenderDomainWithoutSoa, builder_), "pass");
}

TEST(AuthorDomainUnroutable, TellsUnknownFromNo) {
  const auto say = [](MailDomain kind) {
    FactsBuilder builder;
    builder.facts().author_mail_domain = kind;
    return Say(kAuthorDomainUnroutable, builder);
  };
  EXPECT_EQ(say(MailDomain::kNxDomain), "fail");
  EXPECT_EQ(say(MailDomain::kNoMail), "fail");
  EXPECT_EQ(say(MailDomain::kUnknown), "unknown");
  EXPECT_EQ(say(MailDomain::kAddressOnly), "pass");
  EXPECT_EQ(say(MailDomain::kNullMx), "pass");
  FactsBuilder nobody;
  nobody.facts().author_domain.reset();
  nobody.facts().author_mail_domain = MailDomain::kUnknown;
  EXPECT_EQ(Say(kAuthorDomainUnroutable, nobody), "pass");
}

TEST(MailFromSyntax, TellsTheFault) {
  FactsBuilder builder;
  EXPECT_EQ(Say(kMailFromSyntax, builder), "pass");
  builder.facts().mail_from_fault = "missing '@'";
  EXPECT_EQ(VerdictsOf(kMailFromSyntax, builder).front().detail, "missing '@'");
}

TEST(MailFromMxUnusable, TellsUnknownFromNo) {
  const auto say = [](MailHosts hosts) {
    FactsBuilder builder;
    builder.facts().mail_from_mail_hosts = hosts;
    return Say(kMailFromMxUnusable, builder);
  };
  EXPECT_EQ(say(MailHosts::kReachable), "pass");
  EXPECT_EQ(say(MailHosts::kNoAddress), "fail");
  EXPECT_EQ(say(MailHosts::kUnusable), "fail");
  EXPECT_EQ(say(MailHosts::kUnknown), "unknown");
  FactsBuilder missing;  // mail-from-domain-unroutable's business
  missing.facts().mail_from_mail_domain = MailDomain::kNxDomain;
  missing.facts().mail_from_mail_hosts = MailHosts::kUnknown;
  EXPECT_EQ(Say(kMailFromMxUnusable, missing), "pass");
}

TEST(NullSenderChecks, HasOneRecipient) {
  FactsBuilder builder;
  builder.Recipient("a@x.example", MailDomain::kHasMx);
  EXPECT_EQ(Say(kNullSenderManyRecipients, builder), "pass");
  builder.Recipient("b@x.example", MailDomain::kHasMx);
  EXPECT_EQ(Say(kNullSenderManyRecipients, builder), "fail");
  builder.MailFrom("c@example.org");
  EXPECT_EQ(Say(kNullSenderManyRecipients, builder), "pass");
}

TEST(NullSenderChecks, IsForNotices) {
  EXPECT_EQ(Say(kNullSenderWithoutReport, FactsBuilder()), "fail");
  EXPECT_EQ(
      Say(kNullSenderWithoutReport,
          FactsBuilder().Field("Content-Type", "Multipart/Report; boundary=b")),
      "pass");
  EXPECT_EQ(Say(kNullSenderWithoutReport,
                FactsBuilder().Field("Auto-Submitted", "auto-replied")),
            "pass");
  EXPECT_EQ(Say(kNullSenderWithoutReport,
                FactsBuilder().Field("Auto-Submitted", "no")),
            "fail");
  EXPECT_EQ(
      Say(kNullSenderWithoutReport, FactsBuilder().MailFrom("c@example.org")),
      "pass");
}

}  // namespace
}  // namespace postern
