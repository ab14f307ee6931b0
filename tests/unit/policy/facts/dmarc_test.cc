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
  for (const char* txt :
       {"", "v=spf1 -all", "v=DMARC12; p=none", "p=none; v=DMARC1",
        "v=dmarc1; p=none", "DMARC1", "v=DMARC2; p=reject", ";v=DMARC1"})
    EXPECT_FALSE(ParseDmarcRecord(txt)) << txt;
}

// RFC 9989 s.4.7, s.4.8.
TEST(ParseDmarcRecord, TakesEveryFormOfTheGrammar) {
  for (const char* txt :
       {"v=DMARC1;p=reject", "V = DMARC1 ; p = reject ;",
        "v=DMARC1; rua=mailto:a@example.org; p=REJECT", "v=DMARC1;;p=reject;",
        "v=DMARC1; p=reject; fo=1:d:s; ruf=mailto:a@example.org; rf=afrf",
        "v=DMARC1; unknown=; p=reject; nonsense"}) {
    const auto record = ParseDmarcRecord(txt);
    ASSERT_TRUE(record) << txt;
    EXPECT_EQ(record->policy, DmarcPolicy::kReject) << txt;
    EXPECT_EQ(record->fault, "") << txt;
  }
}

TEST(ParseDmarcRecord, NamesTheTagsThatCannotBeUsed) {
  const struct {
    const char* tags;
    const char* fault;
  } kCases[] = {
      {"", "no p="},
      {"p=", "p= cannot be used"},
      {"p=rejekt", "p=rejekt cannot be used"},
      {"p=none; SP=all", "sp=all cannot be used"},
      {"p=none; np=\x01", "np=\\x01 cannot be used"},
      {"p=none; adkim=strict; t=1",
       "adkim=strict cannot be used, t=1 cannot be used"},
      {"p=none; psd=x", "psd=x cannot be used"},
      {"p=none; pct=150", "pct=150 cannot be used"},
      {"p=none; pct=50%", "pct=50% cannot be used"},
      {"p=none; rua=d@example.org", "rua=d@example.org cannot be used"},
      {"p=none; psd=u; adkim=r; aspf=R; t=n; pct=0", ""},
  };
  for (const auto& [tags, fault] : kCases)
    EXPECT_EQ(ParseDmarcRecord(std::string("v=DMARC1; ") + tags)->fault, fault)
        << tags;
}

TEST(ParseDmarcRecord, CountsUrisAsReports) {
  for (const char* rua : {"mailto:a@example.org", "x, mailto:a@example.org!10m",
                          "https://example.org/r", "a+b-c.1:x"})
    EXPECT_TRUE(
        ParseDmarcRecord(std::string("v=DMARC1; rua=") + rua)->has_reports)
        << rua;
  for (const char* rua : {"", ",", "a@example.org", ":x", "1a:x", "mailto:"})
    EXPECT_FALSE(
        ParseDmarcRecord(std::string("v=DMARC1; rua=") + rua)->has_reports)
        << rua;
}

constexpr DmarcMethod kWalk = DmarcMethod::kTreeWalk;
constexpr DmarcMethod kList = DmarcMethod::kPublicSuffixList;

// "reject at example.org", "absent" or "unknown"; the fault after a colon.
std::string Found(const std::string& zone, const std::string& author,
                  DmarcMethod method) {
  const DmarcDiscovery found = Discover(zone, author, method);
  std::string said = "unknown";
  if (found.status == DmarcDiscovery::Status::kAbsent) said = "absent";
  if (found.status == DmarcDiscovery::Status::kFound)
    said =
        std::string(ToString(found.policy)) + " at " + found.found_at->text();
  return found.fault.empty() ? said : said + ": " + found.fault;
}

// A line for each record: "example.org p=reject".
std::string Zone(std::initializer_list<std::string> records) {
  std::string zone;
  for (const std::string& record : records) {
    const std::size_t space = record.find(' ');
    zone += "_dmarc." + record.substr(0, space) + " TXT \"v=DMARC1; " +
            record.substr(space + 1) + "\"\n";
  }
  return zone;
}

struct DiscoveryCase {
  const char* why;
  std::string zone;
  const char* author;
  const char* by_walk;
  const char* by_list;
};

TEST(DiscoverDmarc, FollowsEachClause) {
  const DiscoveryCase kCases[] = {
      {"RFC 9989 s.4.10.1, RFC 7489 s.6.6.3: the author domain's own record",
       Zone({"example.org p=reject"}), "example.org", "reject at example.org",
       "reject at example.org"},
      {"no record anywhere", "", "example.org", "absent", "absent"},
      {"s.4.10.1: sp= for a subdomain that exists",
       Zone({"example.org p=none; sp=reject"}) + "a.b.example.org A 192.0.2.1",
       "a.b.example.org", "reject at example.org", "reject at example.org"},
      {"s.4.7: p= where sp= is absent", Zone({"example.org p=quarantine"}),
       "a.example.org", "quarantine at example.org",
       "quarantine at example.org"},
      {"s.4.7: sp= is not for the domain itself",
       Zone({"example.org p=none; sp=reject"}), "example.org",
       "none at example.org", "none at example.org"},
      {"s.4.7: sp= of a record on the author domain is ignored",
       Zone({"a.example.org p=none; sp=reject", "example.org p=reject"}),
       "a.example.org", "none at a.example.org", "none at a.example.org"},
      {"RFC 9989: what stands between counts only by the walk's end, and the "
       "list never asks there",
       Zone({"b.example.org p=reject", "example.org p=none"}),
       "a.b.example.org", "none at example.org", "none at example.org"},
      {"s.4.10 knows a record between that RFC 7489 does not",
       Zone({"b.example.org p=reject"}), "a.b.example.org",
       "reject at b.example.org", "absent"},
      {"s.4.7, s.4.10.1: np= for what does not exist; RFC 7489 has no np=",
       Zone({"example.org p=none; sp=none; np=reject"}), "ghost.example.org",
       "reject at example.org", "none at example.org"},
      {"RFC 8020: NODATA is not NXDOMAIN",
       Zone({"example.org p=none; np=reject"}) + "real.example.org MX 1 mx.e",
       "real.example.org", "none at example.org", "none at example.org"},
      {"s.4.7: np= stricter than sp=, for the domain itself neither",
       Zone({"example.org p=none; sp=reject; np=reject"}), "example.org",
       "none at example.org", "none at example.org"},
      {"s.4.7: np= absent: sp=", Zone({"example.org p=none; sp=quarantine"}),
       "ghost.example.org", "quarantine at example.org",
       "quarantine at example.org"},
      {"s.4.7: t=y asks for one step less; RFC 7489 has no t=",
       Zone({"example.org p=reject; t=y"}), "example.org",
       "quarantine at example.org", "reject at example.org"},
      {"s.4.7: t=y of quarantine is none",
       Zone({"example.org p=quarantine; t=y"}), "example.org",
       "none at example.org", "quarantine at example.org"},
      {"RFC 7489 s.6.6.4: pct=0 treats no message; RFC 9989 has no pct=",
       Zone({"example.org p=reject; pct=0"}), "example.org",
       "reject at example.org", "quarantine at example.org"},
      {"RFC 7489 s.6.6.4: with pct=10 this message may be the one",
       Zone({"example.org p=reject; pct=10"}), "example.org",
       "reject at example.org", "reject at example.org"},
      {"s.4.10 step 2: several records are all discarded",
       Zone({"example.org p=reject", "example.org p=none"}), "example.org",
       "absent: several DMARC records at _dmarc.example.org",
       "absent: several DMARC records at _dmarc.example.org"},
      {"s.4.10 walks on past them; RFC 7489 s.6.6.3 step 5 ends there",
       Zone({"a.example.org p=none", "a.example.org p=none",
             "example.org p=reject"}),
       "a.example.org", "reject at example.org",
       "absent: several DMARC records at _dmarc.a.example.org"},
      {"s.4.10 step 2: what does not begin with v=DMARC1 is no record",
       Zone({"example.org p=reject"}) + "_dmarc.example.org TXT \"v=spf1\"\n",
       "example.org", "reject at example.org", "reject at example.org"},
      {"s.4.10.1: no p= and no rua=: no DMARC, nor that of the parent",
       Zone({"a.example.org adkim=s", "example.org p=reject"}), "a.example.org",
       "absent: no p= at _dmarc.a.example.org",
       "absent: no p= at _dmarc.a.example.org"},
      {"s.4.10.1: no p= with rua= is p=none",
       Zone({"example.org rua=mailto:d@example.org"}), "example.org",
       "none at example.org: no p= at _dmarc.example.org",
       "none at example.org: no p= at _dmarc.example.org"},
      {"s.4.10.1: a bad p= is none",
       Zone({"example.org p=rejekt; rua=mailto:d@example.org"}), "example.org",
       "none at example.org: p=rejekt cannot be used at _dmarc.example.org",
       "none at example.org: p=rejekt cannot be used at _dmarc.example.org"},
      {"s.4.10.1: a bad sp= spoils p= too",
       Zone({"example.org p=reject; sp=x; rua=mailto:d@example.org"}),
       "example.org",
       "none at example.org: sp=x cannot be used at _dmarc.example.org",
       "none at example.org: sp=x cannot be used at _dmarc.example.org"},
      {"s.4.10.1: so does a bad np=, which RFC 7489 does not read",
       Zone({"example.org p=reject; np=x"}), "example.org",
       "absent: np=x cannot be used at _dmarc.example.org",
       "reject at example.org: np=x cannot be used at _dmarc.example.org"},
      {"s.4.10.1: the public suffix's record where there is no other",
       Zone({"bank psd=y; p=none; sp=reject"}) + "giant.bank A 192.0.2.1",
       "giant.bank", "reject at bank", "absent"},
      {"s.4.10.1: and np= of it",
       Zone({"bank psd=y; p=none; sp=none; np=reject"}), "ghost.bank",
       "reject at bank", "absent"},
      {"s.4.10.1: not where the organization has its own",
       Zone({"bank psd=y; p=reject", "giant.bank p=none"}), "a.giant.bank",
       "none at giant.bank", "none at giant.bank"},
      {"s.5.3.1: a public suffix is not exempt",
       Zone({"bank psd=y; p=reject; sp=none"}), "bank", "reject at bank",
       "reject at bank"},
      {"an author domain of one label", "", "localhost", "absent", "absent"},
      {"s.5.3.1: U-labels are asked as A-labels",
       Zone({"xn--bcher-kva.example p=reject"}), "Bücher.example.",
       "reject at xn--bcher-kva.example", "reject at xn--bcher-kva.example"},
      {"silence at the author domain", "_dmarc.example.org TXT TEMPERROR",
       "example.org", "unknown", "unknown"},
      {"silence further up where the own record decides",
       Zone({"a.example.org p=reject"}) + "_dmarc.example.org TXT TEMPERROR",
       "a.example.org", "reject at a.example.org", "reject at a.example.org"},
      {"silence further up where it does not",
       "_dmarc.example.org TXT TEMPERROR", "a.example.org", "unknown",
       "unknown"},
      {"silence about the domain that np= depends on",
       Zone({"example.org p=none; np=reject"}) + "m.example.org A TEMPERROR",
       "m.example.org", "unknown", "none at example.org"},
      {"np= that changes nothing needs no answer",
       Zone({"example.org p=reject; np=reject"}) + "m.example.org A TEMPERROR",
       "m.example.org", "reject at example.org", "reject at example.org"},
  };
  for (const DiscoveryCase& c : kCases) {
    EXPECT_EQ(Found(c.zone, c.author, kWalk), c.by_walk) << c.why;
    EXPECT_EQ(Found(c.zone, c.author, kList), c.by_list) << c.why;
  }
}

// RFC 9989 appendix B.4 and s.4.10.2.
TEST(OrganizationalDomain, FollowsEachClause) {
  const struct {
    const char* why;
    std::string zone;
    const char* name;
    const char* by_walk;
    const char* by_list;
  } kCases[] = {
      {"B.4.1", Zone({"example.com p=reject", "signing.example.com p=none"}),
       "signing.example.com", "example.com", "example.com"},
      {"B.4.2", Zone({"example.com p=reject"}),
       "a.b.c.d.e.f.g.h.i.j.k.example.com", "example.com", "example.com"},
      {"B.4.3: one below psd=y",
       Zone({"bank.example psd=y; p=reject", "giant.bank.example p=none"}),
       "mail.giant.bank.example", "giant.bank.example", "bank.example"},
      {"B.4.3: also where that has no record",
       Zone({"bank.example psd=y; p=reject"}), "mail.mega.bank.example",
       "mega.bank.example", "bank.example"},
      {"s.4.10.2 rule 1: psd=n ends the walk",
       Zone({"example.org p=none", "sub.example.org p=none; psd=n"}),
       "a.sub.example.org", "sub.example.org", "example.org"},
      {"s.4.10.2 rule 2: not the psd=y the walk started at",
       Zone({"bank psd=y; p=none"}), "bank", "bank", "bank"},
      {"s.4.10.2 rule 3: the fewest labels",
       Zone({"example.org p=none", "sub.example.org p=none"}),
       "a.sub.example.org", "example.org", "example.org"},
      {"no record: the name itself", "", "a.example.org", "a.example.org",
       "example.org"},
      {"the list's private section", "", "a.user.github.io", "a.user.github.io",
       "user.github.io"},
      {"a public suffix by the list", "", "co.uk", "co.uk", "co.uk"},
      {"silence", "_dmarc.example.org TXT TEMPERROR", "a.example.org",
       "unknown", "example.org"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Organization(c.zone, c.name, kWalk), c.by_walk) << c.why;
    EXPECT_EQ(Organization(c.zone, c.name, kList), c.by_list) << c.why;
  }
}

// Notes what is asked, in order.
class RecordingDns final : public Dns {
 public:
  explicit RecordingDns(Dns& dns) : dns_(dns) {}
  [[nodiscard]] DnsAnswer Ask(std::string_view name, RrType type,
                              Deadline deadline) override {
    asked.emplace_back(name);
    return dns_.Ask(name, type, deadline);
  }
  std::vector<std::string> asked;

 private:
  Dns& dns_;
};

std::vector<std::string> Asked(const std::string& zone,
                               const std::string& author, DmarcMethod method) {
  const auto scripted = ScriptedDns::Parse(zone, "zone");
  RecordingDns dns(**scripted);
  static_cast<void>(DiscoverDmarc(*Domain::Parse(author), method, dns,
                                  In(std::chrono::seconds(5))));
  return dns.asked;
}

// RFC 9989 s.4.10: the eight queries of its own example.
TEST(DiscoverDmarc, AsksEightNamesAtMost) {
  EXPECT_EQ(
      Asked("", "a.b.c.d.e.f.g.h.i.j.mail.example.com", kWalk),
      (std::vector<std::string>{
          "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
          "_dmarc.g.h.i.j.mail.example.com", "_dmarc.h.i.j.mail.example.com",
          "_dmarc.i.j.mail.example.com", "_dmarc.j.mail.example.com",
          "_dmarc.mail.example.com", "_dmarc.example.com", "_dmarc.com"}));
  std::string deep = "example.org";
  for (int i = 0; i < 110; ++i) deep = "a." + deep;
  EXPECT_EQ(Asked("", deep, kWalk).size(), 8u);
  EXPECT_EQ(Asked("", "a.b.c.d.e.f.example.org", kWalk).size(), 8u);
  EXPECT_EQ(Asked("", "b.c.d.e.f.example.org", kWalk).size(), 7u);
  EXPECT_EQ(Asked("", deep, kList),
            (std::vector<std::string>{"_dmarc." + deep, "_dmarc.example.org"}));
}

TEST(DiscoverDmarc, StopsWhereARecordSaysSo) {
  const std::vector<std::string> want = {"_dmarc.a.bank.example",
                                         "_dmarc.bank.example"};
  EXPECT_EQ(
      Asked(Zone({"bank.example p=reject; psd=y"}), "a.bank.example", kWalk),
      want);
  EXPECT_EQ(
      Asked(Zone({"bank.example p=reject; psd=n"}), "a.bank.example", kWalk),
      want);
  EXPECT_EQ(
      Asked(Zone({"example.org p=reject; psd=n"}), "example.org", kWalk).size(),
      1u);
  EXPECT_EQ(Asked("", "example.org", kList).size(), 1u);
}

}  // namespace
}  // namespace postern
