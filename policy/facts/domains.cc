#include "policy/facts/domains.h"

namespace postern {

MailDomains::Entry MailDomains::Ask(const Domain& domain) {
  Entry entry;
  entry.mx = AskMx(dns_, domain, deadline_);
  switch (entry.mx.status) {
    case DnsStatus::kOk:
      entry.kind =
          entry.mx.is_null_mx() ? MailDomain::kNullMx : MailDomain::kHasMx;
      return entry;
    case DnsStatus::kNxDomain:
      entry.kind = MailDomain::kNxDomain;
      return entry;
    case DnsStatus::kTempError:
      return entry;
    case DnsStatus::kNoData:
      break;
  }
  // RFC 5321 s.5.1: without MX the domain itself is the mail host.
  switch (AskAddresses(dns_, domain.text(), deadline_).status) {
    case DnsStatus::kOk:
      entry.kind = MailDomain::kAddressOnly;
      return entry;
    case DnsStatus::kNxDomain:
    case DnsStatus::kNoData:
      entry.kind = MailDomain::kNoMail;
      return entry;
    case DnsStatus::kTempError:
      return entry;
  }
  return entry;
}

const MailDomains::Entry& MailDomains::Find(const Domain& domain) {
  const auto it = entries_.find(domain);
  if (it != entries_.end()) return it->second;
  return entries_.emplace(domain, Ask(domain)).first->second;
}

std::string_view ToString(MailDomain kind) {
  switch (kind) {
    case MailDomain::kHasMx:
      return "mx";
    case MailDomain::kAddressOnly:
      return "address-only";
    case MailDomain::kNullMx:
      return "null-mx";
    case MailDomain::kNoMail:
      return "no-mail";
    case MailDomain::kNxDomain:
      return "nxdomain";
    case MailDomain::kUnknown:
      return "unknown";
  }
  return "?";
}

}  // namespace postern
