#include "policy/signing/arc_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postern {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kIds = {"mx.ours.example"};

TrustedResults Read(const std::vector<std::string>& values) {
  Header header;
  for (const std::string& value : values)
    header.Receive("Authentication-Results", value);
  return ReadTrustedResults(header, kIds);
}

TEST(TrustedResults, AreThoseOfOurOwnServers) {
  const TrustedResults results =
      Read({" mx.ours.example; spf=pass smtp.mailfrom=a@b.example;\n"
            "\tdkim=fail (bad; \"key\") header.d=b.example",
            " mx.evil.example; spf=pass smtp.mailfrom=bank.example"});
  EXPECT_THAT(results.entries, ElementsAre("spf=pass smtp.mailfrom=a@b.example",
                                           "dkim=fail header.d=b.example"));
  EXPECT_TRUE(results.has_dkim);
  EXPECT_FALSE(results.says_arc_pass);
}

TEST(TrustedResults, MayCarryAVersionAndNothing) {
  EXPECT_THAT(Read({" MX.ours.example 1; none"}).entries, IsEmpty());
  EXPECT_THAT(Read({" mx.ours.example (c) 1; spf=none"}).entries,
              ElementsAre("spf=none"));
}

TEST(TrustedResults, SayWhetherTheChainHeld) {
  EXPECT_TRUE(Read({" mx.ours.example; arc=pass (i=2)"}).says_arc_pass);
  EXPECT_FALSE(Read({" mx.ours.example; arc=fail"}).says_arc_pass);
  EXPECT_FALSE(
      Read({" mx.ours.example; arc=pass", " mx.ours.example; arc=none"})
          .says_arc_pass);
  EXPECT_FALSE(Read({" mx.evil.example; arc=pass"}).says_arc_pass);
  EXPECT_THAT(Read({" mx.ours.example; arc=pass"}).entries, IsEmpty());
}

TEST(TrustedResults, LeaveOutWhatIsNoResult) {
  EXPECT_THAT(
      Read({" mx.ours.example; x; =y; a b=c; spf=; spf=\xff; ;"}).entries,
      IsEmpty());
  EXPECT_THAT(
      Read({" mx.ours.example; spf=pass x=" + std::string(500, 'a')}).entries,
      IsEmpty());
  std::string many = " mx.ours.example";
  for (int i = 0; i < 100; ++i) many += "; spf=pass";
  EXPECT_EQ(Read({many}).entries.size(), 20u);
}

TEST(TrustedResults, LeaveOutWhatIsNotClosedOrNotOpened) {
  EXPECT_THAT(Read({" mx.ours.example; spf=pass a) b"}).entries, IsEmpty());
  EXPECT_THAT(Read({" mx.ours.example; spf=pass (a"}).entries, IsEmpty());
  EXPECT_THAT(Read({R"( mx.ours.example; spf=pass x="a; dkim=pass)"}).entries,
              IsEmpty());
}

TEST(TrustedResults, KeepSemicolonsInQuotes) {
  EXPECT_THAT(Read({" mx.ours.example; dkim=pass reason=\"a;\\\"b\""}).entries,
              ElementsAre("dkim=pass reason=\"a;\\\"b\""));
}

TEST(DkimEntries, AreOfTheSignaturesThatWereThere) {
  const std::vector<DkimFact> facts = {
      {.domain = "b.example", .selector = "s", .result = DkimResult::kPass},
      {.domain = "o.example", .selector = "s", .is_ours = true},
      {.domain = "a; b", .selector = "s"},
      {.domain = "c.example", .selector = "t", .result = DkimResult::kFail}};
  EXPECT_THAT(DkimEntries(facts),
              ElementsAre("dkim=pass header.d=b.example header.s=s",
                          "dkim=fail header.d=c.example header.s=t"));
}

}  // namespace
}  // namespace postern
