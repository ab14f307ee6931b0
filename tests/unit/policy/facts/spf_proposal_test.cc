#include "policy/facts/spf_proposal.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

std::vector<SpfQuery> Queries(std::initializer_list<const char*> addresses,
                              std::string from = "user@a.example") {
  std::vector<SpfQuery> queries;
  for (const char* address : addresses)
    queries.push_back({.address = *IpAddress::Parse(address),
                       .mail_from = from,
                       .helo_name = "helo.example"});
  return queries;
}

std::optional<SpfProposal> Propose(
    const std::string& zone,
    std::initializer_list<const char*> addresses = {"192.0.2.1"}) {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return ProposeSpf(Queries(addresses), **dns, {});
}

// The one record proposed for a.example; "none" where there is no proposal.
std::string RecordFor(const std::string& record, const std::string& zone = "",
                      std::initializer_list<const char*> addresses = {
                          "192.0.2.1"}) {
  const auto proposal =
      Propose("a.example TXT \"" + record + "\"\n" + zone, addresses);
  if (!proposal) return "none";
  EXPECT_EQ(proposal->records.size(), 1u);
  EXPECT_EQ(proposal->records.front().name, "a.example");
  return proposal->records.front().text;
}

TEST(SpfProposal, AddsOurAddressBeforeTheEnd) {
  EXPECT_EQ(RecordFor("v=spf1 ip4:198.51.100.77 -all"),
            "v=spf1 ip4:198.51.100.77 ip4:192.0.2.1 -all");
  EXPECT_EQ(RecordFor("v=spf1 mx ~all", "a.example MX 1 m.example\n"),
            "v=spf1 mx ip4:192.0.2.1 ~all");
  EXPECT_EQ(RecordFor("v=spf1 ip4:198.51.100.77"),
            "v=spf1 ip4:198.51.100.77 ip4:192.0.2.1");
  EXPECT_EQ(RecordFor("v=spf1 exp=e.example redirect=b.example",
                      "b.example TXT \"v=spf1 -all\"\n"),
            "v=spf1 exp=e.example ip4:192.0.2.1 redirect=b.example");
}

TEST(SpfProposal, AddsEveryAddressThatIsDenied) {
  EXPECT_EQ(RecordFor("v=spf1 ip4:192.0.2.2 -all", "",
                      {"192.0.2.1", "192.0.2.2", "2001:db8::1"}),
            "v=spf1 ip4:192.0.2.2 ip4:192.0.2.1 ip6:2001:db8::1 -all");
}

TEST(SpfProposal, GoesBeforeWhatDeniesEarlier) {
  EXPECT_EQ(RecordFor("v=spf1 -ip4:192.0.2.0/24 ip4:198.51.100.7 -all"),
            "v=spf1 ip4:192.0.2.1 -ip4:192.0.2.0/24 ip4:198.51.100.7 -all");
  EXPECT_EQ(RecordFor("v=spf1 ?include:b.example -all",
                      "b.example TXT \"v=spf1 ip4:192.0.2.0/24\"\n"),
            "v=spf1 ip4:192.0.2.1 ?include:b.example -all");
}

TEST(SpfProposal, MendsTheQualifierOfOurOwnAddress) {
  EXPECT_EQ(RecordFor("v=spf1 ?ip4:192.0.2.1 -all"),
            "v=spf1 ip4:192.0.2.1 -all");
}

TEST(SpfProposal, TakesOutWhatIsInError) {
  EXPECT_EQ(RecordFor("v=spf1 ip4:192.0.2.1 ip4:300.1.1.1 foo -all"),
            "v=spf1 ip4:192.0.2.1 -all");
  EXPECT_EQ(RecordFor("v=spf1 include:gone.example ip4:192.0.2.1 -all"),
            "v=spf1 ip4:192.0.2.1 -all");
}

TEST(SpfProposal, MergesSeveralRecords) {
  const auto proposal = Propose(
      "a.example TXT \"v=spf1 ip4:198.51.100.1 ~all\"\n"
      "a.example TXT \"v=spf1 ip4:192.0.2.1 ip4:198.51.100.1 -all\"\n");
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->ToString(),
            "publish at a.example TXT \"v=spf1 ip4:198.51.100.1 ip4:192.0.2.1 "
            "-all\"");
}

TEST(SpfProposal, MakesARecordWhereThereIsNone) {
  const auto proposal = Propose("a.example A 192.0.2.7\n");
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->records.front().text, "v=spf1 ip4:192.0.2.1 ~all");
}

TEST(SpfProposal, FlattensNoMoreThanItMust) {
  std::string record = "v=spf1 include:wide.example";
  std::string zone = "wide.example TXT \"v=spf1";
  for (int i = 0; i < 4; ++i) {
    zone += fmt::format(" a:w{}.example", i);
    record += fmt::format(" include:i{}.example a:h{}.example", i, i);
  }
  zone += " -all\"\n";
  for (int i = 0; i < 4; ++i)
    zone += fmt::format(
        "w{0}.example A 198.51.100.{0}\nh{0}.example A 203.0.113.{0}\n"
        "i{0}.example TXT \"v=spf1 ip4:203.0.113.{0} -all\"\n",
        i);
  EXPECT_EQ(RecordFor(record + " ip4:192.0.2.1 -all", zone),
            "v=spf1 ip4:198.51.100.0 ip4:198.51.100.1 ip4:198.51.100.2 "
            "ip4:198.51.100.3 include:i0.example a:h0.example "
            "include:i1.example a:h1.example include:i2.example a:h2.example "
            "include:i3.example a:h3.example ip4:192.0.2.1 -all");
}

TEST(SpfProposal, TakesOutTheLookupWithoutAnswer) {
  EXPECT_EQ(RecordFor("v=spf1 a:x.example a:y.example a:z.example "
                      "ip4:192.0.2.1 -all"),
            "v=spf1 a:x.example a:y.example ip4:192.0.2.1 -all");
}

TEST(SpfProposal, SplitsWhatIsTooLong) {
  std::string record = "v=spf1";
  std::string zone;
  for (int i = 0; i < 12; ++i) {
    record += fmt::format(" include:i{}.example", i);
    zone += fmt::format("i{}.example TXT \"v=spf1", i);
    for (int j = 0; j < 12; ++j)
      zone += fmt::format(" ip4:198.51.{}.{}", i + 100, j + 100);
    zone += " -all\"\n";
  }
  const auto proposal =
      Propose("a.example TXT \"" + record + " -all\"\n" + zone);
  ASSERT_TRUE(proposal);
  EXPECT_GT(proposal->records.size(), 1u);
  for (const SpfPublication& part : proposal->records)
    EXPECT_LE(part.text.size(), 450u) << part.name;
  EXPECT_EQ(proposal->records.at(1).name, "_spf1.a.example");
}

TEST(SpfProposal, WritesLongTextsAsSeveralStrings) {
  const SpfProposal proposal{{{"a.example", std::string(300, 'x')}}};
  EXPECT_EQ(proposal.ToString(), "publish at a.example TXT \"" +
                                     std::string(255, 'x') + "\" \"" +
                                     std::string(45, 'x') + "\"");
}

TEST(SpfProposal, SaysNothingOfWhatItDoesNotKnow) {
  EXPECT_FALSE(Propose("a.example TEMPERROR\n"));
  EXPECT_EQ(RecordFor("v=spf1 include:b.example -all", "b.example TEMPERROR\n"),
            "none");
  // Eleven look-ups, one of them unanswered: not every network is known.
  std::string record = "v=spf1";
  for (int i = 0; i < 11; ++i) record += fmt::format(" a:h{}.example", i);
  EXPECT_EQ(RecordFor(record + " -all", "h0.example TEMPERROR\n"), "none");
}

TEST(SpfProposal, SaysNothingWhereNothingIsWrong) {
  EXPECT_EQ(RecordFor("v=spf1 ip4:192.0.2.1 -all"), "none");
}

TEST(SpfProposal, NeverFlattensExceptionsOrEverybody) {
  // Two too many.
  std::string record = "v=spf1 include:odd.example include:all.example";
  std::string zone =
      "odd.example TXT \"v=spf1 -ip4:198.51.100.1 ip4:198.51.100.0/24 ?all\"\n"
      "all.example TXT \"v=spf1 exists:%{i}.x.example\"\n";
  for (int i = 0; i < 9; ++i) {
    record += fmt::format(" a:h{}.example", i);
    zone += fmt::format("h{0}.example A 203.0.113.{0}\n", i);
  }
  EXPECT_EQ(
      RecordFor(record + " ip4:192.0.2.1 -all", zone),
      "v=spf1 include:odd.example include:all.example ip4:203.0.113.0 "
      "ip4:203.0.113.1 a:h2.example a:h3.example a:h4.example a:h5.example "
      "a:h6.example a:h7.example a:h8.example ip4:192.0.2.1 -all");
}

TEST(SpfProposal, IsForTheEhloNameOfANullSender) {
  const auto dns =
      ScriptedDns::Parse("helo.example TXT \"v=spf1 -all\"\n", "zone");
  const auto proposal = ProposeSpf(Queries({"192.0.2.1"}, ""), **dns, {});
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->ToString(),
            "publish at helo.example TXT \"v=spf1 ip4:192.0.2.1 -all\"");
}

}  // namespace
}  // namespace postern
