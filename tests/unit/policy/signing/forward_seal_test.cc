#include "policy/signing/forward_seal.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/signing/arc_fields.h"
#include "tests/support/map_dns.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'795'290'840)};
constexpr std::string_view kRecordName = "arc._domainkey.ours.example";

// A forwarded message that came with `received_` and leaves as it came.
class ForwardSeal : public testing::Test {
 protected:
  ForwardSeal() {
    dns_.txt[std::string(kRecordName)] = {KeyRecordOf(*key_->key)};
    config_.arc.trusted_authserv_ids = {"mx.ours.example"};
    facts_.is_forwarded = true;
    received_.header.Receive("From", " Alice <alice@away.example>");
    received_.body = Body::FromString("Hello.\r\n");
  }

  SealPlan Plan() {
    return PlanSeal({received_, facts_.dkim}, facts_, key_, From());
  }
  Decision Sealed() {
    Decision decision;
    decision.message = received_;
    decision.findings.push_back({.check = "forwarded-without-arc"});
    const SealPlan plan = Plan();
    CountSeal(plan, &decision.findings);
    Seal(plan, *key_, From(), &decision);
    return decision;
  }
  // The decision's edits done to the message, which is then received again.
  void TakeOn(const Decision& decision) {
    for (const Edit& edit : decision.edits) {
      const auto& insert = std::get<InsertHeader>(edit);
      received_.header.Prepend(insert.name, Trim(insert.value));
    }
  }
  GatherFrom From() { return {config_, keys_, dns_, kNow, Deadline::max()}; }

  Config config_;
  KeyRing keys_;
  MapDns dns_;
  std::optional<KeyInUse> key_ =
      TestKey("ours.example", "arc", kTestRsa2048Pem);
  Facts facts_;
  Message received_;
};

TEST_F(ForwardSeal, PutsASetOnTopThatVerifies) {
  const Decision decision = Sealed();
  ASSERT_TRUE(decision.seal) << decision.unsealed_reason;
  EXPECT_EQ(decision.seal->instance, 1);
  EXPECT_EQ(decision.seal->received, "none");
  EXPECT_TRUE(decision.findings.front().is_mended);
  TakeOn(decision);
  EXPECT_EQ(received_.header.fields().front().name, kArcSeal);
  EXPECT_EQ(ValidateChain(received_.header, received_.body, dns_,
                          Deadline::max(), kNow)
                .result,
            ArcResult::kPass);
}

TEST_F(ForwardSeal, ExtendsAChainThatHolds) {
  TakeOn(Sealed());
  const Decision decision = Sealed();
  ASSERT_TRUE(decision.seal) << decision.unsealed_reason;
  EXPECT_EQ(decision.seal->instance, 2);
  EXPECT_EQ(decision.seal->received, "pass");
}

TEST_F(ForwardSeal, SaysSoWhenTheChainIsBrokenAndThenNoMore) {
  TakeOn(Sealed());
  received_.body = Body::FromString("Changed.\r\n");
  const Decision decision = Sealed();
  ASSERT_TRUE(decision.seal) << decision.unsealed_reason;
  EXPECT_EQ(decision.seal->received, "fail");
  TakeOn(decision);
  const Decision again = Sealed();
  EXPECT_FALSE(again.seal);
  EXPECT_EQ(again.unsealed_reason, "the newest seal says cv=fail");
  EXPECT_FALSE(again.findings.front().is_mended);
  EXPECT_TRUE(again.edits.empty());
}

TEST_F(ForwardSeal, BelievesOurBorderWhereAListChangedTheMessage) {
  TakeOn(Sealed());
  received_.header.Receive("Authentication-Results",
                           " mx.ours.example; arc=pass; spf=pass");
  received_.body = Body::FromString("Hello.\r\n-- \r\nthe list\r\n");
  const Decision decision = Sealed();
  ASSERT_TRUE(decision.seal) << decision.unsealed_reason;
  EXPECT_EQ(decision.seal->received, "pass");
}

TEST_F(ForwardSeal, WritesWhatWasFound) {
  facts_.dkim.push_back(
      {.domain = "away.example", .selector = "s", .result = DkimResult::kPass});
  received_.header.Receive("Authentication-Results",
                           " mx.ours.example; spf=pass smtp.mailfrom=x");
  EXPECT_EQ(Plan().results,
            "ours.example; spf=pass smtp.mailfrom=x; dkim=pass "
            "header.d=away.example header.s=s; arc=none");
}

TEST_F(ForwardSeal, IsNotMadeWithAKeyThatReceiversCannotFind) {
  dns_.txt.clear();
  EXPECT_EQ(Sealed().unsealed_reason, "the published key: missing");
}

TEST_F(ForwardSeal, IsNotMadeOverWhatDnsDoesNotTell) {
  KeyInUse other = TestKey("other.example", "o", kTestRsa1024Pem);
  const Result<ArcSet> set = SealMessage(
      received_.header, received_.body,
      {.key = other, .results = "other.example; none", .now = kNow});
  ASSERT_TRUE(set);
  received_.header.Prepend(kArcResults, set->results);
  received_.header.Prepend(kArcMessageSignature, set->message_signature);
  received_.header.Prepend(kArcSeal, set->seal);
  dns_.silent.insert("o._domainkey.other.example");
  EXPECT_EQ(Sealed().unsealed_reason,
            "DNS did not answer for o._domainkey.other.example");
}

TEST_F(ForwardSeal, IsNotMadeOnOurOwnMailNorOnALoneLf) {
  facts_.body.has_bare_lf = true;
  EXPECT_EQ(Sealed().unsealed_reason, "a lone CR or LF in the body");
  facts_.is_forwarded = false;
  EXPECT_EQ(Sealed().unsealed_reason, "");
  EXPECT_TRUE(Sealed().edits.empty());
}

TEST_F(ForwardSeal, IsTakenBackWhenItDoesNotVerify) {
  // DNS answers for the plan and publishes another key afterwards.
  const SealPlan plan = Plan();
  ASSERT_TRUE(plan.will_seal);
  Decision decision;
  decision.message = received_;
  decision.findings.push_back(
      {.check = "forwarded-without-arc", .is_mended = true});
  dns_.txt[std::string(kRecordName)] = {
      KeyRecordOf(*TestKey("x.example", "x", kTestRsa1024Pem).key)};
  Seal(plan, *key_, From(), &decision);
  EXPECT_FALSE(decision.seal);
  EXPECT_TRUE(decision.edits.empty());
  EXPECT_FALSE(decision.findings.front().is_mended);
  EXPECT_TRUE(
      decision.unsealed_reason.starts_with("our own seal does not verify: "));
}

TEST(LoadArcKey, TakesNothingButRsa) {
  ArcConfig config;
  EXPECT_EQ(*LoadArcKey(config), std::nullopt);
  config = {.enabled = true,
            .domain = Domain::Parse("ours.example"),
            .selector = "arc",
            .key_file = "/no/such/file"};
  EXPECT_FALSE(LoadArcKey(config));
}

}  // namespace
}  // namespace postern
