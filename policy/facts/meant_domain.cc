#include "policy/facts/meant_domain.h"

#include "policy/base/text.h"

namespace postern {
namespace {

// In a short name two slips make another name.
std::size_t SlipsAllowed(const std::string& provider) {
  constexpr std::size_t kLong = 9;  // "gmail.com"
  return provider.size() < kLong ? 1 : 2;
}

bool IsDead(MailDomain kind) {
  switch (kind) {
    case MailDomain::kNxDomain:
    case MailDomain::kNoMail:
    case MailDomain::kNullMx:
      return true;
    case MailDomain::kHasMx:
    case MailDomain::kAddressOnly:
    case MailDomain::kUnknown:
      return false;
  }
  return false;
}

}  // namespace

std::string MeantDomain(const Domain& domain, MailDomain kind,
                        const Config& config) {
  const std::string& text = domain.text();
  if (!IsDead(kind) && !config.mail_domain_typos.contains(text)) return {};
  if (config.mail_domains.contains(text)) return {};
  std::string meant;
  std::size_t least = 3;
  for (const std::string& provider : config.mail_domains) {
    // Fewer edits than the lengths differ by are not possible.
    if (provider.size() > text.size() + 2 || text.size() > provider.size() + 2)
      continue;
    const std::size_t slips = EditDistance(text, provider);
    if (slips >= least || slips > SlipsAllowed(provider)) continue;
    least = slips;
    meant = provider;
  }
  return meant;
}

}  // namespace postern
