// The checks of DMARC and of who stands for the author.

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

constexpr Alignment kYes = Alignment::kAligned;
constexpr Alignment kNot = Alignment::kNotAligned;

// "pass", "fail" or "unknown", by the first verdict.
std::string Say(const Check& check, FactsBuilder builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return verdicts.empty() ? "pass"
                          : std::string(ToString(verdicts.front().outcome));
}

// For whom the check says something: "google selfhost".
std::string Concerns(const Check& check, FactsBuilder builder) {
  std::string names;
  for (const Verdict& verdict : check.run(builder.Build()))
    names += (names.empty() ? "" : " ") + verdict.subject.name;
  return names;
}

std::string DetailOf(const Check& check, FactsBuilder builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return verdicts.empty() ? "" : verdicts.front().detail;
}

FactsBuilder Bulk(FactsBuilder builder) {
  builder.facts().is_bulk = true;
  return builder;
}

// A message to Gmail and to somebody's own server, for both of which DMARC
// comes to the same; by the walk and by the list.
FactsBuilder With(
    DmarcResult result, DmarcPolicy policy,
    DmarcDiscovery::Status status = DmarcDiscovery::Status::kFound) {
  FactsBuilder builder;
  builder.Recipient("a@gmail.com", MailDomain::kHasMx, "google");
  builder.Recipient("b@x.example", MailDomain::kHasMx, "selfhost");
  DmarcFact& dmarc = builder.facts().dmarc;
  dmarc.tree_walk.status = status;
  dmarc.tree_walk.policy = policy;
  dmarc.public_suffix_list = dmarc.tree_walk;
  dmarc.all = {
      {"192.0.2.10", DmarcMethod::kTreeWalk, {"google"}, result},
      {"192.0.2.10", DmarcMethod::kPublicSuffixList, {"selfhost"}, result}};
  return builder;
}

FactsBuilder Failing(DmarcPolicy policy = DmarcPolicy::kNone) {
  return With(DmarcResult::kFail, policy);
}

// An identifier that both methods align alike.
FactsBuilder Spf(FactsBuilder builder, SpfResult result, Alignment alignment) {
  builder.Spf(result, "example.org", alignment);
  builder.facts().spf.back().list_alignment = alignment;
  return builder;
}
FactsBuilder Dkim(FactsBuilder builder, DkimResult result,
                  Alignment alignment) {
  builder.Dkim(result, alignment == kYes ? "example.org" : "esp.example");
  builder.facts().dkim.back().alignment = alignment;
  builder.facts().dkim.back().list_alignment = alignment;
  return builder;
}

TEST(DmarcQuarantine, FailsForQuarantineOnly) {
  EXPECT_EQ(Say(kDmarcQuarantine, Failing(DmarcPolicy::kQuarantine)), "fail");
  EXPECT_EQ(Say(kDmarcQuarantine, Failing(DmarcPolicy::kReject)), "pass");
  EXPECT_EQ(Say(kDmarcQuarantine, Failing(DmarcPolicy::kNone)), "pass");
  EXPECT_EQ(
      Say(kDmarcQuarantine, With(DmarcResult::kPass, DmarcPolicy::kQuarantine)),
      "pass");
}

TEST(DmarcFail, IsANoticeExceptForBulkAtThoseWhoDemandMore) {
  EXPECT_EQ(Concerns(kDmarcFail, Failing()), "google selfhost");
  EXPECT_EQ(Concerns(kDmarcFail, Bulk(Failing())), "selfhost");
  EXPECT_EQ(Concerns(kDmarcFailBulk, Bulk(Failing())), "google");
  EXPECT_EQ(Concerns(kDmarcFailBulk, Failing()), "");
  EXPECT_EQ(Concerns(kDmarcFailBulk, Bulk(Failing(DmarcPolicy::kQuarantine))),
            "google");
  EXPECT_EQ(Concerns(kDmarcFailBulk, Bulk(Failing(DmarcPolicy::kReject))), "");
}

TEST(DmarcFail, DoesNotTellWhatIsNotKnown) {
  const FactsBuilder unknown =
      With(DmarcResult::kTempError, DmarcPolicy::kNone);
  EXPECT_EQ(Say(kDmarcFail, unknown), "pass");
  EXPECT_EQ(Say(kDmarcFailBulk, Bulk(unknown)), "unknown");
}

TEST(DmarcFail, SaysWhatFailsAndWhere) {
  FactsBuilder builder =
      Dkim(Spf(Failing(), SpfResult::kSoftfail, kYes), DkimResult::kPass, kNot);
  builder.facts().dmarc.tree_walk.found_at = Domain::Parse("org");
  EXPECT_EQ(DetailOf(kDmarcFail, builder),
            "p=none of example.org (at org): SPF softfail for example.org at "
            "192.0.2.10, DKIM pass for esp.example (not aligned)");
}

TEST(DmarcMissing, TellsNoRecordFromNoAnswer) {
  const auto absent = [] {
    return With(DmarcResult::kNone, DmarcPolicy::kNone,
                DmarcDiscovery::Status::kAbsent);
  };
  const auto unknown = [] {
    return With(DmarcResult::kTempError, DmarcPolicy::kNone,
                DmarcDiscovery::Status::kTempError);
  };
  EXPECT_EQ(Concerns(kDmarcMissing, absent()), "google selfhost");
  EXPECT_EQ(Concerns(kDmarcMissing, Bulk(absent())), "selfhost");
  EXPECT_EQ(Concerns(kDmarcMissingBulk, Bulk(absent())), "google");
  EXPECT_EQ(Concerns(kDmarcMissingBulk, absent()), "");
  EXPECT_EQ(Say(kDmarcMissing, unknown()), "pass");
  EXPECT_EQ(Say(kDmarcMissingBulk, Bulk(unknown())), "unknown");
  EXPECT_EQ(Say(kDmarcMissingBulk, Bulk(Failing())), "pass");
}

TEST(DmarcRecordInvalid, QuotesTheFault) {
  FactsBuilder builder = Failing();
  EXPECT_EQ(Say(kDmarcRecordInvalid, builder), "pass");
  builder.facts().dmarc.tree_walk.fault = "no p= at _dmarc.example.org";
  EXPECT_EQ(Concerns(kDmarcRecordInvalid, builder), "google");
  EXPECT_EQ(DetailOf(kDmarcRecordInvalid, builder),
            "no p= at _dmarc.example.org");
  // A record that cannot be used is none for a mailing.
  builder.facts().dmarc.tree_walk.status = DmarcDiscovery::Status::kAbsent;
  EXPECT_EQ(DetailOf(kDmarcMissingBulk, Bulk(builder)),
            "no p= at _dmarc.example.org");
  EXPECT_EQ(Concerns(kDmarcMissing, builder), "");
}

TEST(DmarcMethodsDiffer, ComparesResultsAndPolicies) {
  EXPECT_EQ(Say(kDmarcMethodsDiffer, Failing()), "pass");
  FactsBuilder policy = Failing();
  policy.facts().dmarc.public_suffix_list.policy = DmarcPolicy::kReject;
  EXPECT_EQ(DetailOf(kDmarcMethodsDiffer, policy),
            "tree-walk fail with p=none (no record), psl fail with p=reject "
            "(no record)");
  FactsBuilder result = Failing();
  result.facts().dmarc.all[1].result = DmarcResult::kPass;
  EXPECT_EQ(Say(kDmarcMethodsDiffer, result), "fail");
  // With a pass on both sides the policies do not matter.
  result.facts().dmarc.all[0].result = DmarcResult::kPass;
  result.facts().dmarc.tree_walk.policy = DmarcPolicy::kReject;
  EXPECT_EQ(Say(kDmarcMethodsDiffer, result), "pass");
  result.facts().dmarc.all[0].result = DmarcResult::kTempError;
  EXPECT_EQ(Say(kDmarcMethodsDiffer, result), "pass");
}

TEST(DkimNotAligned, FailsWhereOnlyStrangersVouch) {
  const auto say = [](SpfResult spf, Alignment alignment, DkimResult dkim) {
    return Say(kDkimNotAligned,
               Dkim(Spf(Failing(), spf, alignment), dkim, kNot));
  };
  EXPECT_EQ(say(SpfResult::kFail, kYes, DkimResult::kPass), "fail");
  EXPECT_EQ(say(SpfResult::kPass, kNot, DkimResult::kPass), "fail");
  EXPECT_EQ(say(SpfResult::kPass, kYes, DkimResult::kPass), "pass");
  EXPECT_EQ(say(SpfResult::kTempError, kYes, DkimResult::kPass), "pass");
  EXPECT_EQ(say(SpfResult::kFail, kYes, DkimResult::kFail), "pass");
}

TEST(DkimSignatureWeak, NamesTheWeakness) {
  const auto say = [](const char* algorithm, std::vector<std::string> headers,
                      std::optional<std::uint64_t> length, bool is_ours) {
    FactsBuilder builder;
    builder.Dkim(DkimResult::kPass);
    DkimFact& dkim = builder.facts().dkim[0];
    dkim.algorithm = algorithm;
    dkim.signed_headers = std::move(headers);
    dkim.signed_body_bytes = length;
    dkim.is_ours = is_ours;
    return DetailOf(kDkimSignatureWeak, builder);
  };
  EXPECT_EQ(say("rsa-sha256", {"from"}, std::nullopt, false), "");
  EXPECT_EQ(say("rsa-sha1", {"from"}, std::nullopt, false),
            "example.org/s: rsa-sha1");
  EXPECT_EQ(say("rsa-sha256", {"to"}, std::nullopt, false),
            "example.org/s: From is not signed");
  EXPECT_EQ(say("rsa-sha256", {"from"}, 0, false),
            "example.org/s: l=0 of 0 octets");
  EXPECT_EQ(say("rsa-sha256", {}, std::nullopt, true), "");
}

TEST(ListUnsubscribeUnsigned, WantsBothFieldsSigned) {
  const auto say = [](DkimResult result, std::vector<std::string> headers,
                      bool is_ours = false) {
    FactsBuilder builder;
    builder.Field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    builder.Dkim(result);
    builder.facts().dkim[0].signed_headers = std::move(headers);
    builder.facts().dkim[0].is_ours = is_ours;
    return Say(kListUnsubscribeUnsigned, Bulk(builder));
  };
  const std::vector<std::string> both = {"list-unsubscribe",
                                         "list-unsubscribe-post"};
  EXPECT_EQ(say(DkimResult::kPass, both), "pass");
  EXPECT_EQ(say(DkimResult::kTempError, both), "pass");
  EXPECT_EQ(say(DkimResult::kFail, both), "fail");
  EXPECT_EQ(say(DkimResult::kPass, {"list-unsubscribe"}), "fail");
  EXPECT_EQ(say(DkimResult::kPass, {}, true), "pass");
  EXPECT_EQ(Say(kListUnsubscribeUnsigned, Bulk(FactsBuilder())), "pass");
}

TEST(DkimSignaturesBroken, TellTheOnlyOneFromOneOfSeveral) {
  const auto with = [](std::vector<std::pair<DkimResult, Alignment>> all) {
    FactsBuilder builder;
    for (const auto& [result, alignment] : all)
      builder = Dkim(builder, result, alignment);
    return builder;
  };
  const FactsBuilder only = with({{DkimResult::kFail, kYes}});
  EXPECT_EQ(Say(kDkimAuthorSignatureBroken, only), "fail");
  EXPECT_EQ(Say(kDkimOneSignatureBroken, only), "pass");
  for (const DkimResult other :
       {DkimResult::kPass, DkimResult::kTempError, DkimResult::kNeutral}) {
    const FactsBuilder several =
        with({{DkimResult::kPermError, kYes}, {other, kYes}});
    EXPECT_EQ(Say(kDkimAuthorSignatureBroken, several), "pass");
    EXPECT_EQ(Say(kDkimOneSignatureBroken, several), "fail");
  }
  const FactsBuilder stranger =
      with({{DkimResult::kFail, kYes}, {DkimResult::kPass, kNot}});
  EXPECT_EQ(Say(kDkimAuthorSignatureBroken, stranger), "fail");
  const FactsBuilder not_authors = with({{DkimResult::kFail, kNot}});
  EXPECT_EQ(Say(kDkimAuthorSignatureBroken, not_authors), "pass");
  FactsBuilder ours = only;
  ours.facts().dkim[0].is_ours = true;  // dkim-key-mismatch's business
  EXPECT_EQ(Say(kDkimAuthorSignatureBroken, ours), "pass");
}

FactsBuilder From(FactsBuilder builder, const char* domain) {
  builder.facts().author_domain = Domain::Parse(domain);
  builder.facts().dmarc.author_domain = builder.facts().author_domain;
  return builder;
}

TEST(AuthorIsMailboxProvider, FailsWhereTheProviderDoesNotVouch) {
  const auto say = [](SpfResult result, const char* domain = "gmail.com") {
    return Say(kAuthorIsMailboxProvider,
               From(Spf(Failing(), result, kYes), domain));
  };
  EXPECT_EQ(say(SpfResult::kSoftfail), "fail");
  EXPECT_EQ(say(SpfResult::kPass), "pass");
  EXPECT_EQ(say(SpfResult::kTempError), "unknown");
  EXPECT_EQ(say(SpfResult::kSoftfail, "example.org"), "pass");
  EXPECT_EQ(say(SpfResult::kSoftfail, "sub.gmail.com"), "pass");
}

TEST(AuthorIsRecipientsDomain, ConcernsThoseRecipientsOnly) {
  const FactsBuilder failing =
      From(Spf(Failing(), SpfResult::kNone, kYes), "gmail.com");
  EXPECT_EQ(Concerns(kAuthorIsRecipientsDomain, failing), "a@gmail.com");
  EXPECT_EQ(Say(kAuthorIsRecipientsDomain,
                From(Spf(Failing(), SpfResult::kPass, kYes), "gmail.com")),
            "pass");
  EXPECT_EQ(Say(kAuthorIsRecipientsDomain, From(Failing(), "gmail.com")),
            "unknown");
}

TEST(BulkAuthorNoReply, WantsSomebodyToAnswer) {
  const auto say = [](const char* from) {
    return Say(kBulkAuthorNoReply, Bulk(FactsBuilder().From(from)));
  };
  for (const char* from :
       {"noreply@example.org", "No-Reply <no-reply@example.org>",
        "do_not_reply+42@example.org", "DoNotReply.news@example.org"})
    EXPECT_EQ(say(from), "fail") << from;
  EXPECT_EQ(say("news@example.org"), "pass");
  EXPECT_EQ(Say(kBulkAuthorNoReply, FactsBuilder().From("noreply@example.org")),
            "pass");
  EXPECT_EQ(
      Say(kBulkAuthorNoReply, Bulk(FactsBuilder()
                                       .From("noreply@example.org")
                                       .Field("Reply-To", "a@example.org"))),
      "pass");
}

TEST(BulkAuthentication, WantsBothWhereOneWouldDoForDmarc) {
  const auto say = [](SpfResult spf, DkimResult dkim) {
    return Say(kBulkAuthentication,
               Bulk(Dkim(Spf(Failing(), spf, kNot), dkim, kNot)));
  };
  EXPECT_EQ(say(SpfResult::kPass, DkimResult::kPass), "pass");
  EXPECT_EQ(say(SpfResult::kSoftfail, DkimResult::kPass), "fail");
  EXPECT_EQ(say(SpfResult::kPass, DkimResult::kFail), "fail");
  EXPECT_EQ(say(SpfResult::kTempError, DkimResult::kPass), "unknown");
  EXPECT_EQ(say(SpfResult::kPass, DkimResult::kTempError), "unknown");
  EXPECT_EQ(say(SpfResult::kFail, DkimResult::kTempError), "fail");
  EXPECT_EQ(Concerns(kBulkAuthentication,
                     Bulk(Spf(Failing(), SpfResult::kPass, kYes))),
            "google");
  EXPECT_EQ(DetailOf(kBulkAuthentication,
                     Bulk(Spf(Failing(), SpfResult::kPass, kYes))),
            "at 192.0.2.10: SPF pass for example.org, DKIM none");
  EXPECT_EQ(Say(kBulkAuthentication, Spf(Failing(), SpfResult::kFail, kYes)),
            "pass");
}

}  // namespace
}  // namespace postern
