#include "policy/facts/spf_client.h"

#include <algorithm>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxNames = 10;  // RFC 7208 s.4.6.4

// 0: the domain itself, 1: below it, 2: elsewhere.
int Distance(std::string_view name, std::string_view domain) {
  if (EqualsIgnoreCase(name, domain)) return 0;
  const bool is_below = EndsWithIgnoreCase(name, "." + std::string(domain));
  return is_below ? 1 : 2;
}

}  // namespace

const DnsAnswer& SpfClient::Names() {
  if (names_) return *names_;
  names_ = dns_.Ask(address_.ReverseName(), RrType::kPtr, deadline_);
  if (names_->records.size() > kMaxNames) names_->records.resize(kMaxNames);
  return *names_;
}

// However many macros want it, a name is asked once.
bool SpfClient::LeadsBack(const std::string& name) {
  const auto [known, is_new] = leads_back_.try_emplace(name);
  if (!is_new) return known->second;
  const DnsAnswer answer = dns_.Ask(name, address_type(), deadline_);
  known->second =
      std::ranges::any_of(answer.records, [&](const DnsRecord& record) {
        return record.value == address_.octets();
      });
  return known->second;
}

bool SpfClient::HasNameWithin(std::string_view domain) {
  return std::ranges::any_of(Names().records, [&](const DnsRecord& record) {
    return Distance(record.value, domain) < 2 && LeadsBack(record.value);
  });
}

std::string SpfClient::NameFor(std::string_view domain) {
  for (const int distance : {0, 1, 2})
    for (const DnsRecord& record : Names().records)
      if (Distance(record.value, domain) == distance && LeadsBack(record.value))
        return record.value;
  return "unknown";
}

}  // namespace postern
