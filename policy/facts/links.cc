#include "policy/facts/links.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "policy/base/confusable.h"
#include "policy/base/idn.h"
#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/facts/short_links.h"

namespace postern {
namespace {

constexpr std::size_t kMostAsked = 20;
constexpr std::size_t kMostUnsubscribe = 10;
constexpr std::size_t kMostEnds = 100;

bool LeadsReader(LinkOrigin origin) {
  return origin == LinkOrigin::kHref || origin == LinkOrigin::kText ||
         origin == LinkOrigin::kForm || origin == LinkOrigin::kListUnsubscribe;
}

std::string SiteOf(const std::string& host) {
  const std::optional<Domain> domain = Domain::Parse(host);
  if (!domain) return host;
  return RegistrableDomain(*domain).value_or(*domain).text();
}

// RFC 2369 s.2: URLs in angle brackets.
void AddUnsubscribeTargets(Facts* facts) {
  const HeaderField* field = facts->message->header.Find("List-Unsubscribe");
  if (field == nullptr) return;
  const std::string value = field->Unfolded();
  std::string_view rest = value;
  for (std::size_t i = 0; i < kMostUnsubscribe; ++i) {
    const std::size_t begin = rest.find('<');
    const std::size_t end = rest.find('>', begin);
    if (begin == rest.npos || end == rest.npos) return;
    const std::string_view url = rest.substr(begin + 1, end - begin - 1);
    rest.remove_prefix(end + 1);
    UrlHost host = HostOfUrl(url);
    if (host.host.empty()) continue;
    facts->links.Add({.url = std::string(Trim(url)),
                      .host = std::move(host.host),
                      .is_host_numeric = host.is_numeric,
                      .origin = LinkOrigin::kListUnsubscribe,
                      .scheme = std::move(host.scheme),
                      .port = host.port,
                      .has_userinfo = host.has_userinfo,
                      .is_oddly_written = host.is_oddly_written});
  }
}

// The host itself or a parent is on the list.
bool IsListed(std::string_view host,
              const std::set<std::string, std::less<>>& list) {
  while (!list.empty() && !host.empty()) {
    if (list.contains(host)) return true;
    const std::size_t dot = host.find('.');
    host = dot == host.npos ? std::string_view() : host.substr(dot + 1);
  }
  return false;
}

bool HasAceLabel(const std::string& host) {
  return host.starts_with("xn--") || Contains(host, ".xn--");
}

// Everything that is known of one message's hosts without asking anybody.
class Hosts {
 public:
  explicit Hosts(Facts* facts) : facts_(*facts), config_(*facts->config) {
    if (facts->author_domain) own_site_ = SiteOf(facts->author_domain->text());
    own_label_ = own_site_.substr(0, own_site_.find('.'));
    own_skeleton_ = SkeletonOf(own_label_);
  }

  void Read() {
    for (std::size_t i = 0; i < facts_.links.size(); ++i) Add(i);
    AddEndsOfRedirectors();
    CountSites();
  }

  // What short links lead to is led to like the rest.
  void AddTargetsOfShortLinks() {
    for (const ShortLink& link : facts_.linking.short_links)
      if (link.expansion.result == Expansion::Result::kTarget)
        AddTargetOf(facts_.links[link.link].url, link.expansion.url);
    CountSites();
  }

 private:
  void AddEndsOfRedirectors() {
    std::set<std::string_view> seen;
    for (const LinkTarget& target : facts_.linking.targets) {
      if (seen.size() == kMostEnds) return;
      if (target.via == HostClass::kRedirector &&
          LeadsReader(facts_.links[target.link].origin) &&
          seen.insert(target.url).second)
        AddEnd(EndAt(target.url));
    }
  }

  void CountSites() {
    std::set<std::string_view> sites;
    for (const LinkHost& host : facts_.linking.hosts)
      if (host.is_led_to) sites.insert(host.site);
    facts_.linking.sites = sites.size();
  }

  // An open redirector behind it, and one behind that, name their targets.
  void AddTargetOf(const std::string& short_url, std::string target) {
    constexpr int kMostHops = 4;
    HostClass via = HostClass::kShortener;
    for (int hop = 0; hop < kMostHops; ++hop) {
      const Link end = EndAt(target);
      for (std::size_t i = 0; i < facts_.links.size(); ++i)
        if (facts_.links[i].url == short_url &&
            LeadsReader(facts_.links[i].origin))
          facts_.linking.targets.push_back({i, target, end.host, via});
      AddEnd(end);
      const LinkHosts::Entry* entry = RedirectorAt(end.host);
      if (entry == nullptr) return;
      std::optional<std::string> next = TargetOf(end.url, *entry);
      if (!next || HostOfUrl(*next).host.empty()) return;
      target = std::move(*next);
      via = HostClass::kRedirector;
    }
  }

  const LinkHosts::Entry* RedirectorAt(const std::string& host) const {
    if (host.empty() || !config_.link_hosts ||
        config_.link_hosts->ClassOf(host) != HostClass::kRedirector)
      return nullptr;
    return config_.link_hosts->Find(host);
  }

  static Link EndAt(const std::string& url) {
    UrlHost host = HostOfUrl(url);
    return {.url = url,
            .host = std::move(host.host),
            .is_host_numeric = host.is_numeric,
            .origin = LinkOrigin::kHref,
            .scheme = std::move(host.scheme),
            .port = host.port,
            .has_userinfo = host.has_userinfo,
            .is_oddly_written = host.is_oddly_written};
  }

  void AddEnd(const Link& end) {
    LinkFacts& linking = facts_.linking;
    linking.ends.push_back(end);
    if (end.host.empty()) return;
    const auto known =
        std::ranges::find(linking.hosts, end.host, &LinkHost::host);
    if (known != linking.hosts.end()) {
      known->is_led_to = true;
      return;
    }
    if (linking.hosts.size() == LinkFacts::kMaxHosts) return;
    linking.hosts.push_back(Described(end));
    linking.hosts.back().is_led_to = true;
    linking.hosts.back().links = 1;
  }

  void Add(std::size_t index) {
    const Link& link = facts_.links[index];
    LinkFacts& linking = facts_.linking;
    const bool leads = LeadsReader(link.origin);
    if (leads) ++linking.led_to;
    if (link.host.empty()) return;
    const auto [known, is_new] =
        by_name_.try_emplace(link.host, linking.hosts.size());
    if (is_new && linking.hosts.size() == LinkFacts::kMaxHosts) {
      linking.is_over_limit = true;
      by_name_.erase(known);
      return;
    }
    if (is_new) linking.hosts.push_back(Described(link));
    LinkHost& host = linking.hosts[known->second];
    ++host.links;
    host.is_led_to |= leads;
    host.is_in_style |= link.origin == LinkOrigin::kCss;
    host.is_fetched |= link.origin == LinkOrigin::kSource || host.is_in_style;
    AddTarget(index, host.host_class);
  }

  LinkHost Described(const Link& link) const {
    LinkHost host{.host = link.host};
    if (link.is_host_numeric) {
      host.site = link.host;
      return host;
    }
    host.site = SiteOf(link.host);
    host.is_own = host.site == own_site_ || IsTracking(link.host);
    if (config_.link_hosts)
      host.host_class = config_.link_hosts->ClassOf(link.host);
    host.is_on_bad_list = IsListed(link.host, config_.bad_links);
    if (!host.is_own) DescribeName(&host);
    return host;
  }

  void DescribeName(LinkHost* host) const {
    if (HasAceLabel(host->host)) {
      const std::optional<std::string> shown = ToULabels(host->host);
      host->is_invalid_idn = !shown;
      host->mixes_scripts = shown && MixesScripts(*shown);
    }
    if (!config_.brand_hosts) return;
    const std::string label = host->site.substr(0, host->site.find('.'));
    host->imitates = config_.brand_hosts->ImitatedBy(label);
    if (host->imitates.empty() && label != own_label_ && !label.empty() &&
        SkeletonOf(label) == own_skeleton_)
      host->imitates = own_site_;
    host->names_brand = config_.brand_hosts->NamedBy(host->host, host->site);
  }

  bool IsTracking(const std::string& host) const {
    if (config_.links.tracking_domains.empty()) return false;
    const std::optional<Domain> domain = Domain::Parse(host);
    return domain && std::ranges::any_of(config_.links.tracking_domains,
                                         [&](const Domain& own) {
                                           return domain->IsWithin(own);
                                         });
  }

  void AddTarget(std::size_t index, HostClass host_class) {
    if (host_class != HostClass::kRedirector &&
        host_class != HostClass::kSecurityRewriter &&
        host_class != HostClass::kClickTracker)
      return;
    const Link& link = facts_.links[index];
    const LinkHosts::Entry* entry = config_.link_hosts->Find(link.host);
    std::optional<std::string> target = TargetOf(link.url, *entry);
    if (!target) return;
    std::string host = HostOfUrl(*target).host;
    if (host.empty()) return;
    facts_.linking.targets.push_back(
        {index, std::move(*target), std::move(host), host_class});
  }

  Facts& facts_;
  const Config& config_;
  std::string own_site_, own_label_, own_skeleton_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

// The domains that receivers look up: of links and images, of the author and of
// the signatures; each once.
std::vector<std::string> DomainsToAsk(const Facts& facts) {
  std::vector<std::string> domains;
  const auto add = [&](const std::string& site) {
    const bool is_name =
        Domain::Parse(site) && Contains(site, ".") && !IpAddress::Parse(site);
    if (is_name && domains.size() < kMostAsked &&
        std::ranges::find(domains, site) == domains.end())
      domains.push_back(site);
  };
  if (facts.author_domain) add(SiteOf(facts.author_domain->text()));
  if (facts.mail_from_domain) add(SiteOf(facts.mail_from_domain->text()));
  for (const LinkHost& host : facts.linking.hosts)
    if (host.is_led_to || host.is_fetched) add(host.site);
  return domains;
}

void AskBlocklists(const GatherFrom& from, Facts* facts) {
  const std::vector<std::string> domains = DomainsToAsk(*facts);
  if (domains.empty()) return;
  std::vector<const Blocklist*> lists;
  for (const Blocklist& list : from.config.blocklists)
    if (list.lists_names) lists.push_back(&list);
  for (const Blocklist* list : lists) {
    PrefetchTests(*list, from.dns);
    for (const std::string& domain : domains)
      from.dns.Prefetch(domain + "." + list->zone, RrType::kA);
  }
  for (const Blocklist* list : lists) {
    const ListTest test = TestBlocklist(*list, from.dns, from.deadline);
    for (const std::string& domain : domains)
      facts->linking.listings.push_back(
          AskBlocklist(*list, test, domain, from.dns, from.deadline));
  }
}

void AskAddressesOfHosts(const GatherFrom& from, Facts* facts) {
  std::vector<LinkHost*> asked;
  for (LinkHost& host : facts->linking.hosts)
    if (host.is_led_to && asked.size() < kMostAsked &&
        !IpAddress::Parse(host.host))
      asked.push_back(&host);
  for (const LinkHost* host : asked) from.dns.Prefetch(host->host, RrType::kA);
  for (LinkHost* host : asked)
    host->addresses = AskAddresses(from.dns, host->host, from.deadline).status;
}

}  // namespace

const LinkHost* LinkFacts::Find(const std::string& host) const {
  const auto found = std::ranges::find(hosts, host, &LinkHost::host);
  return found == hosts.end() ? nullptr : &*found;
}

const Link* FindLink(const Facts& facts, bool (*is_like_this)(const Link&)) {
  for (const Link& link : facts.links)
    if (is_like_this(link)) return &link;
  const auto end = std::ranges::find_if(facts.linking.ends, is_like_this);
  return end == facts.linking.ends.end() ? nullptr : &*end;
}

void ReadHosts(Facts* facts) {
  if (!facts->links.empty()) Hosts(facts).Read();
}

void GatherLinks(const GatherFrom& from, Facts* facts) {
  AddUnsubscribeTargets(facts);
  if (!facts->links.empty()) {
    Hosts hosts(facts);
    hosts.Read();
    if (from.config.links.expand && from.expander != nullptr) {
      ExpandShortLinks(from, facts);
      hosts.AddTargetsOfShortLinks();
    }
  }
  if (from.config.links.resolve) AskAddressesOfHosts(from, facts);
  if (from.config.links.blocklists) AskBlocklists(from, facts);
}

}  // namespace postern
