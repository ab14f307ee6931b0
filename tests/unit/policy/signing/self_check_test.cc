#include "policy/signing/self_check.h"

#include <gtest/gtest.h>

#include "policy/facts/scripted_dns.h"
#include "policy/signing/signer.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

// One Ed25519 key, and messages signed with it.
class SelfCheckTest : public testing::Test {
 protected:
  SelfCheckTest() { header_.Receive("From", " a@example.org"); }

  // What the self check says of a message whose body is changed after signing.
  SelfCheck::Outcome Verify(SelfCheck* self_check,
                            const std::string& signed_body,
                            const std::string& sent_body, Dns& dns) {
    const TimePoint now{std::chrono::hours(24 * 365 * 56)};
    Header header = header_;
    header.Prepend(
        "DKIM-Signature",
        SignMessage(header, Body::FromString(signed_body), keys_, {}, now)
            ->front());
    return self_check
        ->Verify(header, Body::FromString(sent_body), keys_,
                 {dns, In(std::chrono::seconds(5)), now})
        .outcome;
  }

  static std::unique_ptr<ScriptedDns> DnsWith(const std::string& record) {
    return *ScriptedDns::Parse("s._domainkey.example.org TXT " + record,
                               "zone");
  }
  std::string Published() const {
    return "\"v=DKIM1; k=ed25519; p=" + keys_[0].key->public_base64() + "\"";
  }

  SigningConfig config_;
  const std::vector<KeyInUse> keys_ = {
      TestKey("example.org", "s", kTestEd25519Pem)};
  Header header_;
};

TEST_F(SelfCheckTest, LooksAtTheFirstOfEachKeyAndThenAtAShare) {
  config_.self_check_first = 2;
  config_.self_check_share = 0.25;
  SelfCheck self_check(config_);
  const auto dns = DnsWith(Published());
  std::string looked;
  for (int i = 0; i < 9; ++i)
    looked += Verify(&self_check, "x\r\n", "x\r\n", *dns) ==
                      SelfCheck::Outcome::kVerified
                  ? 'v'
                  : '-';
  EXPECT_EQ(looked, "vv--v---v");
}

TEST_F(SelfCheckTest, LooksAtEveryMessageAfterAMismatch) {
  config_.self_check_first = 1;
  config_.self_check_share = 0;
  SelfCheck self_check(config_);
  const auto dns = DnsWith(Published());
  EXPECT_EQ(Verify(&self_check, "x\r\n", "y\r\n", *dns),
            SelfCheck::Outcome::kMismatch);
  EXPECT_EQ(Verify(&self_check, "x\r\n", "x\r\n", *dns),
            SelfCheck::Outcome::kVerified);
  EXPECT_EQ(Verify(&self_check, "x\r\n", "y\r\n", *dns),
            SelfCheck::Outcome::kMismatch);
}

TEST_F(SelfCheckTest, AKeyThatDnsCannotTellIsNoMismatch) {
  SelfCheck self_check(config_);
  EXPECT_EQ(Verify(&self_check, "x\r\n", "x\r\n", *DnsWith("TEMPERROR")),
            SelfCheck::Outcome::kUnknown);
}

TEST_F(SelfCheckTest, WhatWasNotExaminedIsNoMismatch) {
  // libopendkim is not given a From that it cannot read.
  header_ = Header();
  header_.Receive("From", " \"a");
  SelfCheck self_check(config_);
  EXPECT_EQ(Verify(&self_check, "x\r\n", "x\r\n", *DnsWith(Published())),
            SelfCheck::Outcome::kUnknown);
}

}  // namespace
}  // namespace postern
