#include "policy/facts/bulk_facts.h"

#include <algorithm>
#include <optional>
#include <set>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/facts/gather.h"

namespace postern {
namespace {

bool IsWeb(std::string_view uri) {
  return StartsWithIgnoreCase(uri, "https:") ||
         StartsWithIgnoreCase(uri, "http:");
}

UnsubscribeHost StateOf(const std::string& host, const GatherFrom& from) {
  bool exists = false;
  for (const RrType type : {RrType::kA, RrType::kAaaa}) {
    const DnsAnswer answer = from.dns.Ask(host, type, from.deadline);
    switch (answer.status) {
      case DnsStatus::kOk:
        return UnsubscribeHost::kResolves;
      case DnsStatus::kNoData:
        exists = true;
        break;
      case DnsStatus::kNxDomain:
        return UnsubscribeHost::kNxDomain;
      case DnsStatus::kTempError:
        return UnsubscribeHost::kUnknown;
    }
  }
  return exists ? UnsubscribeHost::kNoAddress : UnsubscribeHost::kUnknown;
}

// Their receivers ask of all its mail what they ask of mailings.
void GatherBulkSender(const GatherFrom& from, Facts* facts) {
  if (!from.is_bulk_sender || !facts->author_domain) return;
  const std::optional<Domain> organization =
      RegistrableDomain(*facts->author_domain);
  if (!organization) return;
  std::set<std::string> receivers;
  for (const RecipientFact& recipient : facts->recipients)
    receivers.insert(recipient.receiver);
  for (const std::string& receiver : receivers)
    if (from.is_bulk_sender(*organization, receiver))
      facts->bulk_sender_at.push_back(receiver);
}

}  // namespace

bool Facts::IsBulkAt(const std::string& receiver) const {
  return is_bulk ||
         std::ranges::find(bulk_sender_at, receiver) != bulk_sender_at.end();
}

std::string Facts::WhyBulkAt(const std::string& receiver) const {
  if (is_bulk || !author_domain) return "bulk mail";
  return author_domain->text() + " has sent " + receiver +
         " so much in a day that all its mail counts as bulk there";
}

void GatherBulk(const GatherFrom& from, Facts* facts) {
  GatherBulkSender(from, facts);
  if (!facts->is_bulk) return;
  BulkFact& bulk = facts->bulk;
  bulk.unsubscribe = ReadListUnsubscribe(facts->message->header);
  const auto web = std::ranges::find_if(bulk.unsubscribe.uris, IsWeb);
  if (web == bulk.unsubscribe.uris.end()) return;
  bulk.is_plain_http = bulk.unsubscribe.https == 0;
  const UrlHost host = HostOfUrl(*web);
  bulk.host = host.host;
  const bool is_wanted =
      PolicyOf("unsubscribe-host-unusable", from.config, facts->stream.config)
          .action != Action::kOff;
  if (is_wanted && !host.host.empty() && !host.is_numeric)
    bulk.host_state = StateOf(host.host, from);
}

}  // namespace postern
