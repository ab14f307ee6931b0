#include "policy/facts/short_links.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts/personal_link.h"
#include "policy/message/url.h"

namespace postern {
namespace {

constexpr std::size_t kMostAsked = 10;

std::set<std::string_view> Shorteners(const LinkFacts& linking) {
  std::set<std::string_view> hosts;
  for (const LinkHost& host : linking.hosts)
    if (host.host_class == HostClass::kShortener && !host.is_own &&
        host.is_led_to)
      hosts.insert(host.host);
  return hosts;
}

// The first link of each URL that may be asked.
std::vector<std::size_t> LinksToAsk(const Facts& facts) {
  std::vector<std::size_t> asked;
  const std::set<std::string_view> hosts = Shorteners(facts.linking);
  if (hosts.empty()) return asked;
  std::vector<std::string> recipients;
  for (const RecipientFact& recipient : facts.recipients)
    recipients.push_back(recipient.address);
  std::set<std::string_view> seen;
  for (const Link& link : facts.links)
    if (link.origin == LinkOrigin::kListUnsubscribe ||
        link.origin == LinkOrigin::kForm)
      seen.insert(link.url);
  for (std::size_t i = 0; i < facts.links.size(); ++i) {
    const Link& link = facts.links[i];
    const bool is_followed =
        link.origin == LinkOrigin::kHref || link.origin == LinkOrigin::kText;
    if (!is_followed || !hosts.contains(link.host) ||
        !seen.insert(link.url).second)
      continue;
    const std::optional<Url> url = ParseUrl(link.url);
    if (url && !MayBePersonal(*url) && !NamesOneOf(*url, recipients))
      asked.push_back(i);
  }
  return asked;
}

}  // namespace

void ExpandShortLinks(const GatherFrom& from, Facts* facts) {
  if (facts->is_mta_bounce) return;
  const ExpandBy by{from.config, from.dns,
                    std::min(from.deadline, from.expand_until)};
  for (const std::size_t index : LinksToAsk(*facts)) {
    std::vector<ShortLink>& known = facts->linking.short_links;
    if (known.size() == kMostAsked) {
      known.push_back({index, {.reason = "more than 10 short links"}});
      return;
    }
    known.push_back(
        {index, from.expander->Expand(facts->links[index].url, by)});
  }
}

}  // namespace postern
