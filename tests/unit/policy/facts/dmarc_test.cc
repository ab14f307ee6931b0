#include "policy/facts/dmarc.h"

#include <gtest/gtest.h>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

DmarcDiscovery Discover(const std::string& zone, const std::string& author,
                        DmarcMethod method = DmarcMethod::kTreeWalk) {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  return DiscoverDmarc(*Domain::Parse(author), method, **dns,
                       In(std::chrono::seconds(5)));
}

std::string Organization(const std::string& zone, const std::string& name,
                         DmarcMethod method = DmarcMethod::kTreeWalk) {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  const std::optional<Domain> found = OrganizationalDomain(
      *Domain::Parse(name), method, **dns, In(std::chrono::seconds(5)));
  return found ? found->text() : "unknown";
}

TEST(ParseDmarcRecord, ReadsTagsAndIgnoresTheUnknown) {
  const auto record = ParseDmarcRecord(
      "v=DMARC1; p=Reject; sp=none ; adkim=s; aspf=r; pct=50; x=y; "
      "rua=mailto:d@example.org; psd=n; t=y");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->policy, DmarcPolicy::kReject);
  EXPECT_EQ(record->subdomain_policy, DmarcPolicy::kNone);
  EXPECT_TRUE(record->is_strict_dkim);
  EXPECT_FALSE(record->is_strict_spf);
  EXPECT_TRUE(record->is_testing);
  EXPECT_TRUE(record->has_reports);
  EXPECT_EQ(record->is_public_suffix, false);
}

TEST(ParseDmarcRecord, RefusesWhatIsNoRecord) {
  for (const char* txt : {"", "v=spf1 -all", "v=DMARC12; p=none",
                          "p=none; v=DMARC1", "v=dmarc1; p=none", "DMARC1"})
    EXPECT_FALSE(ParseDmarcRecord(txt)) << txt;
}

TEST(DiscoverDmarc, FindsTheAuthorDomainsOwnRecord) {
  const auto found =
      Discover("_dmarc.example.org TXT \"v=DMARC1; p=reject\"", "example.org");
  EXPECT_EQ(found.status, DmarcDiscovery::Status::kFound);
  EXPECT_EQ(found.policy, DmarcPolicy::kReject);
  EXPECT_EQ(found.organizational_domain->text(), "example.org");
}

TEST(DiscoverDmarc, FallsBackToTheOrganizationalDomainWithSp) {
  const std::string zone =
      "_dmarc.example.org TXT \"v=DMARC1; p=none; sp=reject\"\n"
      "a.b.example.org MX 1 mx.example.org";
  for (const DmarcMethod method :
       {DmarcMethod::kTreeWalk, DmarcMethod::kPublicSuffixList}) {
    const auto found = Discover(zone, "a.b.example.org", method);
    EXPECT_EQ(found.policy, DmarcPolicy::kReject) << ToString(method);
    EXPECT_EQ(found.found_at->text(), "example.org");
  }
}

TEST(DiscoverDmarc, UsesNpForWhatDoesNotExist) {
  const std::string zone =
      "_dmarc.example.org TXT \"v=DMARC1; p=none; sp=none; np=reject\"\n"
      "real.example.org A 192.0.2.1";
  EXPECT_EQ(Discover(zone, "ghost.example.org").policy, DmarcPolicy::kReject);
  EXPECT_EQ(Discover(zone, "real.example.org").policy, DmarcPolicy::kNone);
}

TEST(DiscoverDmarc, NpIsUnknownWhenTheNameIs) {
  EXPECT_EQ(Discover("_dmarc.example.org TXT \"v=DMARC1; p=none; np=reject\"\n"
                     "maybe.example.org A TEMPERROR",
                     "maybe.example.org")
                .status,
            DmarcDiscovery::Status::kTempError);
}

TEST(DiscoverDmarc, SeveralRecordsCountAsNone) {
  const auto found = Discover(
      "_dmarc.example.org TXT \"v=DMARC1; p=reject\"\n"
      "_dmarc.example.org TXT \"v=DMARC1; p=none\"",
      "example.org");
  EXPECT_EQ(found.status, DmarcDiscovery::Status::kAbsent);
  EXPECT_FALSE(found.fault.empty());
}

TEST(DiscoverDmarc, WithoutPolicyOnlyReportsMakeARecord) {
  EXPECT_EQ(
      Discover("_dmarc.e.org TXT \"v=DMARC1; p=nonsense\"", "e.org").status,
      DmarcDiscovery::Status::kAbsent);
  const auto found =
      Discover("_dmarc.e.org TXT \"v=DMARC1; rua=mailto:d@e.org\"", "e.org");
  EXPECT_EQ(found.status, DmarcDiscovery::Status::kFound);
  EXPECT_EQ(found.policy, DmarcPolicy::kNone);
}

TEST(DiscoverDmarc, NoAnswerIsNotNoRecord) {
  const std::string zone = "_dmarc.example.org TXT TEMPERROR";
  for (const DmarcMethod method :
       {DmarcMethod::kTreeWalk, DmarcMethod::kPublicSuffixList})
    EXPECT_EQ(Discover(zone, "example.org", method).status,
              DmarcDiscovery::Status::kTempError);
}

TEST(DiscoverDmarc, TestingAsksForOneStepLess) {
  EXPECT_EQ(
      Discover("_dmarc.e.org TXT \"v=DMARC1; p=reject; t=y\"", "e.org").policy,
      DmarcPolicy::kQuarantine);
}

TEST(OrganizationalDomain, IsTheHighestNameWithARecord) {
  const std::string zone =
      "_dmarc.example.org TXT \"v=DMARC1; p=none\"\n"
      "_dmarc.sub.example.org TXT \"v=DMARC1; p=none\"";
  EXPECT_EQ(Organization(zone, "a.sub.example.org"), "example.org");
}

TEST(OrganizationalDomain, StopsAtPsdN) {
  const std::string zone =
      "_dmarc.example.org TXT \"v=DMARC1; p=none\"\n"
      "_dmarc.sub.example.org TXT \"v=DMARC1; p=none; psd=n\"";
  EXPECT_EQ(Organization(zone, "a.sub.example.org"), "sub.example.org");
}

TEST(OrganizationalDomain, IsOneBelowPsdY) {
  EXPECT_EQ(Organization("_dmarc.bank TXT \"v=DMARC1; p=none; psd=y\"",
                         "a.b.giant.bank"),
            "giant.bank");
}

TEST(OrganizationalDomain, WithoutRecordsIsTheNameItself) {
  EXPECT_EQ(Organization("x.example A 192.0.2.1", "a.example.org"),
            "a.example.org");
}

TEST(OrganizationalDomain, DiffersBetweenTheMethods) {
  const std::string zone = "_dmarc.co.uk.example TXT \"v=DMARC1; p=none\"";
  EXPECT_EQ(
      Organization(zone, "a.example.co.uk", DmarcMethod::kPublicSuffixList),
      "example.co.uk");
}

TEST(OrganizationalDomain, IsUnknownWithoutAnswer) {
  EXPECT_EQ(Organization("_dmarc.example.org TXT TEMPERROR", "a.example.org"),
            "unknown");
}

}  // namespace
}  // namespace postern
