#include "policy/facts/bulk_facts.h"

#include <algorithm>

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

}  // namespace

void GatherBulk(const GatherFrom& from, Facts* facts) {
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
