#include "policy/facts/domains.h"

#include <gtest/gtest.h>

#include "policy/config/load.h"
#include "policy/facts/meant_domain.h"
#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

MailDomains::Entry EntryOf(const std::string& zone, const Config& config = {}) {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return MailDomains(config, **dns, {}).Find(*Domain::Parse("a.example"));
}

Config WithEgress(const char* address) {
  Config config;
  config.egress.push_back(
      {.name = "main", .addresses = {*IpAddress::Parse(address)}});
  return config;
}

TEST(MailDomains, ReachesAHostWithAPublicAddress) {
  EXPECT_EQ(EntryOf("a.example MX 1 m.example\nm.example A 198.51.100.1").hosts,
            MailHosts::kReachable);
  EXPECT_EQ(
      EntryOf("a.example MX 1 m.example\nm.example AAAA 2001:db8::1").hosts,
      MailHosts::kReachable);
  EXPECT_EQ(EntryOf("a.example A 198.51.100.1").hosts, MailHosts::kReachable);
  // One of several is enough.
  EXPECT_EQ(EntryOf("a.example MX 1 m.example\na.example MX 2 n.example\n"
                    "m.example A 127.0.0.1\nn.example A 198.51.100.1")
                .hosts,
            MailHosts::kReachable);
}

TEST(MailDomains, NamesTheAddressThatNobodyReaches) {
  for (const char* address :
       {"127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.1.1", "100.64.0.1", "255.255.255.255"}) {
    const MailDomains::Entry entry = EntryOf(
        "a.example MX 1 m.example\nm.example A " + std::string(address));
    EXPECT_EQ(entry.hosts, MailHosts::kUnusable) << address;
    EXPECT_EQ(entry.hosts_fault, "m.example is " + std::string(address));
  }
  for (const char* address : {"::1", "::", "fd00::1", "fe80::1", "ff02::1"})
    EXPECT_EQ(EntryOf("a.example MX 1 m.example\nm.example AAAA " +
                      std::string(address))
                  .hosts,
              MailHosts::kUnusable)
        << address;
}

TEST(MailDomains, ReachesPrivateHostsFromAPrivateEgress) {
  const std::string kZone = "a.example MX 1 m.example\nm.example A 10.1.2.3";
  EXPECT_EQ(EntryOf(kZone, WithEgress("10.0.0.1")).hosts,
            MailHosts::kReachable);
  EXPECT_EQ(EntryOf(kZone, WithEgress("198.51.100.9")).hosts,
            MailHosts::kUnusable);
  EXPECT_EQ(EntryOf("a.example A 127.0.0.1", WithEgress("10.0.0.1")).hosts,
            MailHosts::kUnusable);
}

TEST(MailDomains, TellsNoAddressFromNoAnswer) {
  const MailDomains::Entry none = EntryOf("a.example MX 1 m.example");
  EXPECT_EQ(none.hosts, MailHosts::kNoAddress);
  EXPECT_EQ(none.hosts_fault, "m.example has no address");
  EXPECT_EQ(EntryOf("a.example MX 1 m.example\nm.example TEMPERROR").hosts,
            MailHosts::kUnknown);
  // Beside a private address, the host without an answer may be public.
  EXPECT_EQ(EntryOf("a.example MX 1 m.example\na.example MX 2 n.example\n"
                    "m.example TEMPERROR\nn.example A 10.0.0.1")
                .hosts,
            MailHosts::kUnknown);
  EXPECT_EQ(EntryOf("a.example TEMPERROR").hosts, MailHosts::kUnknown);
}

TEST(MailDomains, SaysNothingOfMoreHostsThanItAsks) {
  std::string zone;
  for (int i = 0; i < 11; ++i)
    zone += "a.example MX 1 m" + std::to_string(i) + ".example\n";
  EXPECT_EQ(EntryOf(zone).hosts, MailHosts::kUnknown);
}

class MeantDomainTest : public testing::Test {
 protected:
  std::string Meant(const char* domain, MailDomain kind) {
    return MeantDomain(*Domain::Parse(domain), kind, config_);
  }

  const Config config_ = DefaultConfig();
};

TEST_F(MeantDomainTest, FindsTheProviderOneSlipAway) {
  for (const char* slip : {"gmial.com", "gmail.con", "gmai.com", "gmaill.com",
                           "gamil.com", "gmal.con"})
    EXPECT_EQ(Meant(slip, MailDomain::kNxDomain), "gmail.com") << slip;
  EXPECT_EQ(Meant("hotmial.com", MailDomain::kNoMail), "hotmail.com");
  EXPECT_EQ(Meant("outlok.com", MailDomain::kNullMx), "outlook.com");
  EXPECT_EQ(Meant("yahoo.cmo", MailDomain::kNxDomain), "yahoo.com");
}

TEST_F(MeantDomainTest, LeavesWhatWorksAlone) {
  EXPECT_EQ(Meant("gmaik.com", MailDomain::kHasMx), "");
  EXPECT_EQ(Meant("gmaik.com", MailDomain::kUnknown), "");
  EXPECT_EQ(Meant("ymail.com", MailDomain::kNxDomain), "");  // a provider too
  EXPECT_EQ(Meant("example.org", MailDomain::kNxDomain), "");
}

TEST_F(MeantDomainTest, KnowsMisspellingsThatResolve) {
  EXPECT_EQ(Meant("gmial.com", MailDomain::kHasMx), "gmail.com");
}

TEST_F(MeantDomainTest, FindsAProviderForEveryKnownMisspelling) {
  for (const std::string& typo : config_.mail_domain_typos)
    EXPECT_NE(Meant(typo.c_str(), MailDomain::kHasMx), "") << typo;
}

}  // namespace
}  // namespace postern
