// Checks of recipient domains that cannot work.
#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

std::string Say(const Check& check, FactsBuilder& builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return verdicts.empty() ? "pass"
                          : std::string(ToString(verdicts.front().outcome));
}

FactsBuilder To(const std::string& address,
                MailDomain kind = MailDomain::kHasMx) {
  return FactsBuilder().Recipient(address, kind);
}

std::string SayOf(const Check& check, const std::string& address,
                  MailDomain kind) {
  FactsBuilder builder = To(address, kind);
  return Say(check, builder);
}

TEST(RecipientDomainTypo, ProposesAndNamesTheRecipient) {
  FactsBuilder builder = To("a@gmial.com", MailDomain::kNxDomain);
  EXPECT_EQ(Say(kRecipientDomainTypo, builder), "pass");  // nothing is near
  builder.facts().recipients.front().meant_domain = "gmail.com";
  const std::vector<Verdict> verdicts =
      kRecipientDomainTypo.run(builder.Build());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().subject.name, "a@gmial.com");
  EXPECT_EQ(verdicts.front().detail,
            "no mail at gmial.com, which is nearly gmail.com");
  EXPECT_EQ(Say(kRecipientDomainLookalike, builder), "pass");
}

TEST(RecipientDomainLookalike, IsForWhatTakesMail) {
  FactsBuilder builder = To("a@gmial.com");
  builder.facts().recipients.front().meant_domain = "gmail.com";
  EXPECT_EQ(Say(kRecipientDomainLookalike, builder), "fail");
  EXPECT_EQ(Say(kRecipientDomainTypo, builder), "pass");
}

TEST(RecipientDomainReserved, KnowsNamesThatAreNotOnTheInternet) {
  for (const char* address :
       {"a@printer.local", "a@x.test", "a@server", "a@b.invalid",
        "a@example.com", "a@nas.home.arpa", "a@corp.internal"})
    EXPECT_EQ(SayOf(kRecipientDomainReserved, address, MailDomain::kNxDomain),
              "fail")
        << address;
  EXPECT_EQ(
      SayOf(kRecipientDomainReserved, "a@mylocal.net", MailDomain::kNxDomain),
      "pass");
}

TEST(RecipientDomainReserved, LeavesWhatOurDnsKnows) {
  EXPECT_EQ(
      SayOf(kRecipientDomainReserved, "a@corp.internal", MailDomain::kHasMx),
      "pass");
  EXPECT_EQ(
      SayOf(kRecipientDomainReserved, "a@corp.internal", MailDomain::kUnknown),
      "pass");
}

TEST(RecipientDomainDead, ReadsTheList) {
  EXPECT_EQ(SayOf(kRecipientDomainDead, "a@closed.example", MailDomain::kHasMx),
            "fail");
  EXPECT_EQ(SayOf(kRecipientDomainDead, "a@open.example", MailDomain::kHasMx),
            "pass");
}

TEST(RecipientMx, TellsUnknownFromNo) {
  const auto say = [](const Check& check, MailHosts hosts) {
    FactsBuilder builder = To("a@x.example");
    builder.facts().recipients.front().mail_hosts = hosts;
    return Say(check, builder);
  };
  EXPECT_EQ(say(kRecipientMxUnusable, MailHosts::kUnusable), "fail");
  EXPECT_EQ(say(kRecipientMxUnusable, MailHosts::kNoAddress), "pass");
  EXPECT_EQ(say(kRecipientMxUnusable, MailHosts::kReachable), "pass");
  EXPECT_EQ(say(kRecipientMxWithoutAddress, MailHosts::kNoAddress), "fail");
  EXPECT_EQ(say(kRecipientMxWithoutAddress, MailHosts::kUnknown), "unknown");
  EXPECT_EQ(say(kRecipientMxWithoutAddress, MailHosts::kUnusable), "pass");
}

class Utf8Test : public testing::Test {
 protected:
  // The address as a client gives it that has declared SMTPUTF8.
  std::vector<Verdict> VerdictsFor(const std::string& address,
                                   std::optional<bool> takes) {
    ReceiverProfile profile;
    profile.takes_smtputf8 = takes;
    FactsBuilder builder = To(address);
    builder.facts().recipients.front().path_fault.clear();
    builder.facts().recipients.front().profile = &profile;
    return kRecipientNeedsSmtputf8.run(builder.Build());
  }
};

TEST_F(Utf8Test, AsksTheProfile) {
  const std::string kAddress = "j\xc3\xb6rg@x.example";
  EXPECT_TRUE(VerdictsFor(kAddress, true).empty());
  ASSERT_EQ(VerdictsFor(kAddress, false).size(), 1u);
  EXPECT_EQ(VerdictsFor(kAddress, false).front().outcome, Outcome::kFail);
  EXPECT_EQ(VerdictsFor(kAddress, std::nullopt).front().outcome,
            Outcome::kUnknown);
  EXPECT_TRUE(VerdictsFor("joerg@x.example", false).empty());
}

TEST_F(Utf8Test, SaysWhenALabelsWouldDo) {
  EXPECT_EQ(VerdictsFor("a@b\xc3\xbc"
                        "cher.example",
                        false)
                .front()
                .fix,
            "write a@xn--bcher-kva.example");
  EXPECT_EQ(VerdictsFor("j\xc3\xb6@x.example", false).front().fix, "");
}

TEST(TooManyRecipients, CountsTheRecipientsOfEachReceiver) {
  ReceiverProfile small{.name = "small", .max_recipients = 2};
  ReceiverProfile open{.name = "open"};
  FactsBuilder builder;
  for (int i = 0; i < 4; ++i)
    builder.Recipient("a@x.example", MailDomain::kHasMx);
  auto& recipients = builder.facts().recipients;
  for (RecipientFact& recipient : recipients) recipient.profile = &open;
  recipients[0].profile = recipients[1].profile = &small;
  EXPECT_EQ(Say(kTooManyRecipients, builder), "pass");
  recipients[2].profile = &small;
  const std::vector<Verdict> verdicts = kTooManyRecipients.run(builder.Build());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().subject.name, "small");
  EXPECT_EQ(verdicts.front().detail, "3 recipients, limit 2");
}

TEST(RecipientDomainsMixed, IsForSendmailAlone) {
  FactsBuilder builder;
  builder.Recipient("a@x.example", MailDomain::kHasMx, "google")
      .Recipient("b@x.example", MailDomain::kHasMx, "google")
      .Recipient("c@y.example", MailDomain::kHasMx, "google");
  EXPECT_EQ(Say(kRecipientDomainsMixed, builder), "pass");
  builder.message().submission.mta_kind = MtaKind::kSendmail;
  EXPECT_EQ(Say(kRecipientDomainsMixed, builder), "fail");
  builder.facts().recipients[2].receiver = "yahoo";
  EXPECT_EQ(Say(kRecipientDomainsMixed, builder), "pass");
}

TEST(RecipientNeedsSmtputf8, IsAlsoForTheSender) {
  FactsBuilder builder = To("a@x.example");
  builder.MailFrom("j\xc3\xb6rg@example.org");
  EXPECT_EQ(Say(kRecipientNeedsSmtputf8, builder), "unknown");
  builder.facts().mail_from_fault = "non-ASCII characters need SMTPUTF8";
  EXPECT_EQ(Say(kRecipientNeedsSmtputf8, builder), "pass");
}

}  // namespace
}  // namespace postern
