#include "policy/signing/arc.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/signing/arc_fields.h"
#include "tests/support/map_dns.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'795'290'840)};

// A message and the hops that seal it.
class ArcChainTest : public testing::Test {
 protected:
  ArcChainTest() {
    dns_.txt["s._domainkey.hop.example"] = {KeyRecordOf(*key_.key)};
    header_.Receive("Received", " from a.example");
    header_.Receive("From", " Alice <alice@example.org>");
    header_.Receive("Subject", " hello");
  }

  void Seal(int instance, ArcResult received) {
    const Result<ArcSet> set = SealMessage(header_, body_,
                                           {.key = key_,
                                            .instance = instance,
                                            .received = received,
                                            .results = "hop.example; spf=pass",
                                            .now = kNow});
    ASSERT_TRUE(set) << set.error().message;
    header_.Prepend(kArcResults, set->results);
    header_.Prepend(kArcMessageSignature, set->message_signature);
    header_.Prepend(kArcSeal, set->seal);
  }
  void SealTimes(int hops) {
    for (int hop = 1; hop <= hops; ++hop)
      Seal(hop, hop == 1 ? ArcResult::kNone : ArcResult::kPass);
  }
  ArcChain Validated() {
    return ValidateChain(header_, body_, dns_, Deadline::max(), kNow);
  }
  // The index-th field of that name, from 0, with `from` replaced.
  void Change(std::string_view name, std::size_t index, std::string_view from,
              std::string_view to) {
    std::string value = header_.FindAll(name).at(index)->value;
    const std::size_t at = value.find(from);
    ASSERT_NE(at, std::string::npos) << value;
    header_.SetNth(name, index, Trim(value.replace(at, from.size(), to)));
  }

  KeyInUse key_ = TestKey("hop.example", "s", kTestRsa2048Pem);
  MapDns dns_;
  Header header_;
  Body body_ = Body::FromString("Hello.\r\n");
};

TEST_F(ArcChainTest, IsNoneWithoutAnyField) {
  const ArcChain chain = Validated();
  EXPECT_EQ(chain.result, ArcResult::kNone);
  EXPECT_EQ(chain.highest, 0);
}

TEST_F(ArcChainTest, PassesAfterOneAndAfterManyHops) {
  for (int hop = 1; hop <= 50; ++hop) {
    Seal(hop, hop == 1 ? ArcResult::kNone : ArcResult::kPass);
    if (hop % 10 != 1 && hop != 50) continue;
    const ArcChain chain = Validated();
    EXPECT_EQ(chain.result, ArcResult::kPass) << chain.reason;
    EXPECT_EQ(chain.highest, hop);
  }
}

TEST_F(ArcChainTest, FailsWhenTheMessageWasChangedSinceTheLastSeal) {
  SealTimes(2);
  body_ = Body::FromString("Hello.\r\n-- \r\nthe list\r\n");
  const ArcChain chain = Validated();
  EXPECT_EQ(chain.result, ArcResult::kFail);
  EXPECT_TRUE(chain.do_seals_hold);
  EXPECT_EQ(chain.reason, "ARC-Message-Signature i=2: the body was changed");
}

TEST_F(ArcChainTest, PassesWhenSomebodyChangedAndSealedAnew) {
  SealTimes(1);
  body_ = Body::FromString("Hello.\r\n-- \r\nthe list\r\n");
  Seal(2, ArcResult::kPass);
  EXPECT_EQ(Validated().result, ArcResult::kPass);
}

TEST_F(ArcChainTest, FailsWhenASetWasTouched) {
  SealTimes(3);
  Change(kArcResults, 1, "spf=pass", "spf=fail");
  const ArcChain chain = Validated();
  EXPECT_EQ(chain.result, ArcResult::kFail);
  EXPECT_FALSE(chain.do_seals_hold);
  EXPECT_EQ(chain.reason, "ARC-Seal i=2: the signature does not verify");
}

TEST_F(ArcChainTest, FailsByStructure) {
  SealTimes(2);
  const Header whole = header_;
  struct {
    std::string_view name;
    std::size_t index;
    std::string_view fault;
  } const kTaken[] = {
      {kArcSeal, 0, "the set i=2 is not complete"},
      {kArcResults, 1, "the set i=1 is not complete"},
  };
  for (const auto& taken : kTaken) {
    header_ = whole;
    header_.RemoveNth(taken.name, taken.index);
    EXPECT_EQ(Validated().result, ArcResult::kFail);
    EXPECT_EQ(Validated().reason, taken.fault);
  }
  header_ = whole;
  header_.Prepend(kArcSeal, header_.Find(kArcSeal)->Unfolded());
  EXPECT_EQ(Validated().reason, "two ARC-Seal with i=2");
  header_ = whole;
  header_.Prepend(kArcSeal, "i=51; cv=pass");
  EXPECT_EQ(Validated().reason, "ARC-Seal without i= from 1 to 50");
  EXPECT_EQ(Validated().highest, 2);
}

TEST_F(ArcChainTest, FailsWhenASealClaimsAnotherState) {
  Seal(1, ArcResult::kPass);
  EXPECT_EQ(Validated().reason, "ARC-Seal i=1: cv=pass, not none");
}

TEST_F(ArcChainTest, HasEndedWhereASealSaysSo) {
  SealTimes(1);
  body_ = Body::FromString("changed\r\n");
  Seal(2, ArcResult::kFail);
  const ArcChain chain = Validated();
  EXPECT_EQ(chain.result, ArcResult::kFail);
  EXPECT_TRUE(chain.has_ended);
  EXPECT_EQ(chain.highest, 2);
}

// RFC 8617 s.5.1.2: the seal over a failed chain covers its own set alone.
TEST_F(ArcChainTest, OfASealThatSaysFailOnlyItsOwnSetIsCovered) {
  SealTimes(1);
  Seal(2, ArcResult::kFail);
  Header alone = header_;
  for (const std::string_view name :
       {kArcSeal, kArcMessageSignature, kArcResults})
    alone.RemoveNth(name, 1);
  header_ = Header();
  header_.Receive("From", " Alice <alice@example.org>");
  header_.Receive("Subject", " hello");
  const Result<ArcSet> set = SealMessage(header_, body_,
                                         {.key = key_,
                                          .instance = 2,
                                          .received = ArcResult::kFail,
                                          .results = "hop.example; spf=pass",
                                          .now = kNow});
  ASSERT_TRUE(set);
  EXPECT_EQ(Trim(alone.Find(kArcSeal)->value), set->seal);
}

TEST_F(ArcChainTest, IsUnknownWhenDnsDoesNotAnswer) {
  SealTimes(1);
  dns_.silent.insert("s._domainkey.hop.example");
  EXPECT_EQ(Validated().result, ArcResult::kTempError);
  dns_.silent.clear();
  dns_.txt.clear();
  EXPECT_EQ(Validated().result, ArcResult::kFail);
}

TEST_F(ArcChainTest, FailsWithAWeakRevokedOrForeignKey) {
  SealTimes(1);
  for (const char* record :
       {"v=DKIM1; p=", "v=DKIM1; k=ed25519; p=AAAA", "v=DKIM1; p=AAAA",
        "v=spf1", "v=DKIM1; h=sha1; p=AAAA"}) {
    dns_.txt["s._domainkey.hop.example"] = {record};
    EXPECT_EQ(Validated().result, ArcResult::kFail) << record;
  }
  dns_.txt["s._domainkey.hop.example"] = {"v=DKIM1; p=", "v=DKIM1; p="};
  EXPECT_EQ(Validated().result, ArcResult::kFail);
}

TEST_F(ArcChainTest, FailsWithTagsThatAreNotTrusted) {
  SealTimes(1);
  const Header whole = header_;
  struct {
    std::string_view name, from, to, reason;
  } const kChanges[] = {
      {kArcMessageSignature, "c=relaxed", "l=3; c=relaxed", "l= is not"},
      {kArcMessageSignature, "c=relaxed", "x=1; c=relaxed", "has expired"},
      {kArcMessageSignature, "h=from", "h=arc-seal: from", "names ARC-Seal"},
      {kArcMessageSignature, "h=from", "h=to", "From is not in h="},
      {kArcMessageSignature, "relaxed/relaxed", "odd", "an unknown c="},
      {kArcMessageSignature, "a=rsa-sha256", "a=rsa-sha1", "a= is neither"},
      {kArcSeal, "cv=none", "cv=none; h=from", "h= in a seal"},
      {kArcSeal, "d=hop.example", "d=..", "no usable d= and s="},
  };
  for (const auto& change : kChanges) {
    header_ = whole;
    Change(change.name, 0, change.from, change.to);
    // A changed message signature is found by the seal first; this tells why.
    const ArcChain chain = Validated();
    EXPECT_EQ(chain.result, ArcResult::kFail) << change.to;
    EXPECT_TRUE(change.name != kArcSeal ||
                Contains(chain.reason, change.reason))
        << chain.reason;
  }
}

TEST_F(ArcChainTest, IsNotSealedWithoutFrom) {
  Header header;
  header.Receive("Subject", " x");
  EXPECT_FALSE(SealMessage(header, body_, {.key = key_, .now = kNow}));
}

TEST(WithoutSignature, EmptiesNothingButB) {
  EXPECT_EQ(WithoutSignature(" a=1; b=abc\n def; bh=x"), " a=1; b=; bh=x");
  EXPECT_EQ(WithoutSignature("b=x"), "b=");
  EXPECT_EQ(WithoutSignature("bb=x"), "bb=x");
  EXPECT_EQ(WithoutSignature(""), "");
}

}  // namespace
}  // namespace postern
