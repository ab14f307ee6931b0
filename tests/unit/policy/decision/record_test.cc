#include "policy/decision/record.h"

#include <gtest/gtest.h>

#include "tests/support/facts_builder.h"

namespace postern {
namespace {

DmarcOutcome At(std::string egress, DmarcMethod method,
                std::vector<std::string> receivers, DmarcResult result) {
  return {std::move(egress), method, std::move(receivers), result};
}

TEST(AuthenticationRecord, IsAResinfoList) {
  FactsBuilder builder;
  builder.Recipient("a@x.example", MailDomain::kHasMx, "google")
      .Spf(SpfResult::kPass)
      .Dkim(DkimResult::kPass);
  Facts& facts = builder.facts();
  facts.dkim[0].algorithm = "rsa-sha256";
  facts.dmarc.tree_walk = {.status = DmarcDiscovery::Status::kFound,
                           .found_at = Domain::Parse("example.org"),
                           .policy = DmarcPolicy::kReject};
  facts.dmarc.all = {
      At("192.0.2.10", DmarcMethod::kTreeWalk, {"google"}, DmarcResult::kPass)};
  EXPECT_EQ(AuthenticationRecord(builder.Build()),
            "spf=pass smtp.mailfrom=example.org (at 192.0.2.10); "
            "dkim=pass header.d=example.org header.s=s header.a=rsa-sha256; "
            "dmarc=pass polrec.p=reject header.from=example.org (for google)");
}

TEST(AuthenticationRecord, SaysWhatThereIsNot) {
  FactsBuilder builder;
  builder.facts().author_domain.reset();
  EXPECT_EQ(AuthenticationRecord(builder.Build()),
            "spf=none (no egress configured); dkim=none; dmarc=none");
}

TEST(AuthenticationRecord, TellsTheWorstFirstAndForWhom) {
  FactsBuilder builder;
  builder.Recipient("a@x.example", MailDomain::kHasMx, "google")
      .Recipient("b@y.example", MailDomain::kHasMx)
      .Spf(SpfResult::kPass);
  Facts& facts = builder.facts();
  facts.spf.push_back(facts.spf[0]);
  facts.spf.push_back(facts.spf[0]);
  facts.spf[1].egress = "2001:db8::1";
  facts.spf[2].egress = "192.0.2.11";
  facts.spf[2].result = SpfResult::kFail;
  facts.dmarc.public_suffix_list = {.status = DmarcDiscovery::Status::kFound,
                                    .found_at = Domain::Parse("org.example"),
                                    .policy = DmarcPolicy::kNone};
  facts.dmarc.tree_walk.status = DmarcDiscovery::Status::kAbsent;
  for (const char* egress : {"192.0.2.10", "2001:db8::1"}) {
    facts.dmarc.all.push_back(
        At(egress, DmarcMethod::kTreeWalk, {"google"}, DmarcResult::kNone));
    facts.dmarc.all.push_back(At(egress, DmarcMethod::kPublicSuffixList,
                                 {"selfhost"}, DmarcResult::kFail));
  }
  EXPECT_EQ(AuthenticationRecord(builder.Build()),
            "spf=fail smtp.mailfrom=example.org (at 192.0.2.11); "
            "spf=pass smtp.mailfrom=example.org (at 192.0.2.10, 2001:db8::1); "
            "dkim=none; "
            "dmarc=fail polrec.p=none polrec.domain=org.example "
            "header.from=example.org (for selfhost); "
            "dmarc=none header.from=example.org (for google)");
}

TEST(AuthenticationRecord, QuotesForeignText) {
  FactsBuilder builder;
  builder.Spf(SpfResult::kPass, "a\"b\\c\r\nd\x80 (e)");
  builder.facts().spf[0].is_helo_identity = true;
  const std::string record = AuthenticationRecord(builder.Build());
  EXPECT_TRUE(record.starts_with(
      R"~(spf=pass smtp.helo="a\"b\\c??d? (e)" (at 192.0.2.10); )~"))
      << record;
}

TEST(AuthenticationRecord, IsBounded) {
  FactsBuilder builder;
  for (int i = 0; i < 3'000; ++i) {
    builder.Dkim(DkimResult::kFail, std::string(5'000, 'd'));
    builder.Spf(SpfResult::kFail, std::string(5'000, '"'));
    builder.facts().spf.back().egress = "192.0.2." + std::to_string(i);
    builder.facts().dkim.back().selector = std::string(5'000, '\\');
  }
  EXPECT_LE(AuthenticationRecord(builder.Build()).size(), 1'530u);
}

TEST(ChangeRecord, NamesFieldsBodyAndLinks) {
  EXPECT_EQ(ChangeRecord({}, 0), "");
  EXPECT_EQ(ChangeRecord({SetHeader{"From", 1, " a"}, DeleteHeader{"X-A", 2},
                          DeleteHeader{"X-A", 1}, ReplaceBody{},
                          ChangeSender{"a@b.example"}},
                         2),
            "From,X-A,body,links:2");
}

TEST(ChangeRecord, IsBounded) {
  std::vector<Edit> edits;
  for (int i = 0; i < 100; ++i)
    edits.push_back(DeleteHeader{std::string(200, 'x') + std::to_string(i), 1});
  edits.push_back(ReplaceBody{});
  EXPECT_LT(ChangeRecord(edits, 0).size(), 800U);
  edits.clear();
  for (int i = 0; i < 100; ++i)
    edits.push_back(DeleteHeader{"X-" + std::to_string(i), 1});
  EXPECT_TRUE(ChangeRecord(edits, 0).ends_with("X-11,88-more"));
}

}  // namespace
}  // namespace postern
