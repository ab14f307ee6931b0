// What it costs to foresee SPF, DKIM and DMARC of a message when DNS has
// answered before: egress, policy by both ways, SPF at each address, the plan
// of the signatures, the outcomes. CPU time, the least of many runs. Making
// the signatures is signer_bench's.

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "policy/config/load.h"
#include "policy/facts/dns_cache.h"
#include "policy/facts/domains.h"
#include "policy/facts/identity.h"
#include "policy/facts/scripted_dns.h"
#include "policy/facts/zone_line.h"
#include "tests/bench/measure.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

constexpr std::string_view kZone = R"(
example.org TXT "v=spf1 ip4:198.51.100.0/24 include:_spf.example.net -all"
example.org MX 10 mx.example.org
mx.example.org A 192.0.2.10
_spf.example.net TXT "v=spf1 ip4:203.0.113.0/24 ip4:192.0.2.0/28 ip6:2001:db8::/64 -all"
_dmarc.example.org TXT "v=DMARC1; p=reject; rua=mailto:d@example.org"
gmail.example MX 5 mx.google.com
mx.google.com A 198.51.100.20
mx.google.com AAAA 2001:db8:1::20
)";

// Answers as the daemon's resolver keeps them.
class CachedDns final : public Dns {
 public:
  explicit CachedDns(Dns& dns) : dns_(dns) {}
  DnsAnswer Ask(std::string_view name, RrType type,
                Deadline deadline) override {
    const auto asked = QueryName(name);
    if (!asked) return {DnsStatus::kNxDomain, {}, {}};
    const DnsQuestion question{*asked, type};
    DnsCache::Place place = cache_.Find(question, In(std::chrono::seconds(0)));
    if (place.answer) return *std::move(place.answer);
    DnsAnswer answer = dns_.Ask(name, type, deadline);
    answer.ttl = std::chrono::seconds(3600);
    cache_.Settle(question, answer, In(std::chrono::seconds(0)));
    return answer;
  }

 private:
  Dns& dns_;
  DnsCache cache_;
};

std::string KeyFile(const std::string& path, std::string_view pem) {
  std::ofstream(path) << pem;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                         std::filesystem::perms::owner_write);
  return path;
}

std::shared_ptr<const Message> Letter() {
  auto message = std::make_shared<Message>();
  message->envelope.mail_from = "alice@example.org";
  message->envelope.recipients = {{"bob@gmail.example", {}}};
  message->header.Receive("From", " Alice <alice@example.org>");
  message->header.Receive("To", " bob@gmail.example");
  message->header.Receive("Subject", " order 17");
  message->header.Receive("Date", " Sat, 21 Nov 2026 19:54:00 +0000");
  message->header.Receive("Message-ID", " <17@example.org>");
  message->body = Body::FromString("thank you\r\n");
  return message;
}

void Measure(const std::string& name, const std::vector<std::string>& egress) {
  const ScratchDirectory scratch;
  Config config = DefaultConfig();
  config.signing.domains = {
      {.domain = *Domain::Parse("example.org"),
       .keys = {{"rsa", KeyFile(scratch.name() + "/rsa.pem", kTestRsa2048Pem)},
                {"ed", KeyFile(scratch.name() + "/ed.pem", kTestEd25519Pem)}}}};
  config.egress = {{.name = "main", .helo_name = "mx.example.org"}};
  for (const std::string& address : egress)
    config.egress[0].addresses.push_back(*IpAddress::Parse(address));
  const auto ring = *KeyRing::Load(config.signing);
  std::string zone(kZone);
  for (const KeyReference& reference : ring->References()) {
    const KeyInUse key = *ring->Open(reference);
    const bool is_rsa = key.key->algorithm() == KeyAlgorithm::kRsaSha256;
    zone += fmt::format(
        "{} TXT {}\n", key.RecordName(),
        QuoteTxt(fmt::format("v=DKIM1; k={}; p={}", is_rsa ? "rsa" : "ed25519",
                             key.key->public_base64())));
  }
  const auto scripted = *ScriptedDns::Parse(zone, "zone");
  CachedDns dns(*scripted);
  const GatherFrom from{.config = config,
                        .keys = *ring,
                        .dns = dns,
                        .now = SystemClock().Now(),
                        .deadline = In(std::chrono::hours(1))};
  Facts bare = Gather(Letter(), from);
  for (const SpfFact& spf : bare.spf)
    if (spf.result != SpfResult::kPass) fmt::print("SPF does not pass\n");
  for (const DmarcOutcome& outcome : bare.dmarc.all)
    if (outcome.result != DmarcResult::kPass) fmt::print("DMARC fails\n");
  bare.egress.clear();
  bare.spf.clear();
  bare.dkim.clear();
  bare.signing = {};
  bare.dmarc = {};
  MailDomains domains(config, dns, from.deadline);
  const double copied = Least([&] { const Facts facts = bare; });
  const double judged = Least([&] {
    Facts facts = bare;
    GatherEgress(from, &domains, &facts);
    GatherDmarcPolicy(from, &facts);
    GatherSpf(from, &facts);
    GatherDkim(from, &facts);
    GatherDmarcOutcomes(&facts);
  });
  fmt::print("{:18} {:6.1f} us\n", name, judged - copied);
}

}  // namespace
}  // namespace postern

int main() {
  postern::Measure("one address", {"192.0.2.10"});
  postern::Measure("IPv4 and IPv6", {"192.0.2.10", "2001:db8::10"});
}
