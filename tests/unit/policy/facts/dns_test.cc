#include "policy/facts/dns.h"

#include <gtest/gtest.h>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

std::unique_ptr<ScriptedDns> Zone(std::string_view lines) {
  auto dns = ScriptedDns::Parse(lines, "test");
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return std::move(*dns);
}

MxTargets Mx(std::string_view lines) {
  return AskMx(*Zone(lines), *Domain::Parse("a.example"), {});
}

HostAddresses Addresses(std::string_view lines) {
  return AskAddresses(*Zone(lines), "a.example", {});
}

TEST(QueryName, IsLowerCaseWithoutTheLastDot) {
  EXPECT_EQ(QueryName("A.Example."), "a.example");
}

TEST(QueryName, RefusesWhatCannotExist) {
  const std::string label(63, 'a');
  const std::string longest =
      label + "." + label + "." + label + "." + std::string(61, 'a');
  EXPECT_TRUE(QueryName(longest));
  EXPECT_TRUE(QueryName(longest + "."));
  EXPECT_FALSE(QueryName(longest + "a"));
  for (const std::string& name :
       {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
        std::string("a.."), label + "a.example"})
    EXPECT_FALSE(QueryName(name)) << name;
}

TEST(AskMx, SortsByPreferenceThenName) {
  const MxTargets mx = Mx(
      "a.example MX 20 third\na.example MX 5 first\na.example MX 20 second\n");
  ASSERT_EQ(mx.targets.size(), 3u);
  EXPECT_EQ(mx.targets[0].value, "first");
  EXPECT_EQ(mx.targets[1].value, "second");
  EXPECT_EQ(mx.targets[2].value, "third");
  EXPECT_FALSE(mx.is_null_mx());
}

TEST(AskMx, TellsANullMx) { EXPECT_TRUE(Mx("a.example MX 0 .").is_null_mx()); }

TEST(AskMx, TellsWhyThereIsNone) {
  EXPECT_EQ(Mx("a.example MX TEMPERROR").status, DnsStatus::kTempError);
  EXPECT_EQ(Mx("a.example A 192.0.2.1").status, DnsStatus::kNoData);
  EXPECT_EQ(Mx("").status, DnsStatus::kNxDomain);
}

TEST(AskAddresses, HasTheFourBeforeTheSix) {
  const HostAddresses found =
      Addresses("a.example AAAA 2001:db8::1\na.example A 192.0.2.1\n");
  EXPECT_EQ(found.status, DnsStatus::kOk);
  ASSERT_EQ(found.addresses.size(), 2u);
  EXPECT_EQ(found.addresses[0].ToString(), "192.0.2.1");
  EXPECT_EQ(found.addresses[1].ToString(), "2001:db8::1");
}

TEST(AskAddresses, UsesOneFamilyWhenTheOtherDoesNotAnswer) {
  EXPECT_EQ(Addresses("a.example A 192.0.2.1\na.example AAAA TEMPERROR").status,
            DnsStatus::kOk);
  EXPECT_EQ(
      Addresses("a.example AAAA 2001:db8::1\na.example A TEMPERROR").status,
      DnsStatus::kOk);
}

TEST(AskAddresses, DoesNotKnowWhenOneFamilyDoesNotAnswer) {
  EXPECT_EQ(Addresses("a.example A NODATA\na.example AAAA TEMPERROR").status,
            DnsStatus::kTempError);
  EXPECT_EQ(Addresses("a.example A TEMPERROR\na.example AAAA NODATA").status,
            DnsStatus::kTempError);
}

TEST(AskAddresses, TellsAMissingHostFromAHostWithoutAddress) {
  EXPECT_EQ(Addresses("").status, DnsStatus::kNxDomain);
  EXPECT_EQ(Addresses("a.example TXT x").status, DnsStatus::kNoData);
}

}  // namespace
}  // namespace postern
