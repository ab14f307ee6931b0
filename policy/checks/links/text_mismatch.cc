#include "policy/checks/links/text_mismatch.h"

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"

namespace postern {
namespace {

std::string Site(const std::string& host) {
  const std::optional<Domain> domain = Domain::Parse(host);
  if (!domain) return host;
  return RegistrableDomain(*domain).value_or(*domain).text();
}

bool IsAuthors(const Facts& facts, const std::string& host) {
  return facts.author_domain && Site(host) == Site(facts.author_domain->text());
}

// Where the link leads in the end, as far as it is known.
TextMismatch FinalPlace(const Facts& facts, std::size_t index) {
  TextMismatch place{.host = facts.links[index].host,
                     .url = facts.links[index].url};
  for (const LinkTarget& target : facts.linking.targets) {
    if (target.link != index || target.host.empty()) continue;
    place.host = target.host;
    place.url = target.url;
  }
  return place;
}

// A short link that is shown as it is written deceives nobody by its text.
bool ShowsItself(const Facts& facts, const Link& link,
                 const std::string& shown) {
  return shown == link.host &&
         facts.config->link_hosts->ClassOf(shown) == HostClass::kShortener;
}

}  // namespace

std::optional<TextMismatch> TextMismatchOf(const Facts& facts,
                                           std::size_t index) {
  const Link& link = facts.links[index];
  if (link.host.empty() || !Contains(link.text, ".")) return std::nullopt;
  const std::string shown = HostShownByText(link.text);
  if (shown.empty() || ShowsItself(facts, link, shown)) return std::nullopt;
  const LinkHost* known = facts.linking.Find(link.host);
  if (known != nullptr && known->is_own) return std::nullopt;
  TextMismatch mismatch = FinalPlace(facts, index);
  if (Site(shown) == Site(mismatch.host)) return std::nullopt;
  if (IsAuthors(facts, mismatch.host) || IsAuthors(facts, shown))
    return std::nullopt;
  mismatch.shown = shown;
  return mismatch;
}

}  // namespace postern
