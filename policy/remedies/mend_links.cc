// Links that disguise where they lead, or lead where no receiver lets a reader
// go.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/checks/links/dangerous_url.h"
#include "policy/checks/links/text_mismatch.h"
#include "policy/message/charset.h"
#include "policy/message/url.h"
#include "policy/remedies/html_rewriter.h"
#include "policy/remedies/remedy.h"
#include "policy/remedies/replacements.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

constexpr std::size_t kLongestShown = 200;

bool IsWeb(std::string_view scheme) {
  return scheme == "http" || scheme == "https";
}

// What becomes of an address: nullopt: it stays; "": the link goes, what it
// shows stays.
using NewAddress =
    std::function<std::optional<std::string>(const std::string& url)>;

// In attributes, and where `in_text` has it, written out in text.
bool RewriteLinks(const Facts& facts, const NewAddress& address,
                  Replacements in_text, Message* message) {
  SortReplacements(&in_text);
  const HtmlWishes wishes{
      .address = address, .link_text = {}, .text = [&](std::string_view text) {
        return Replaced(std::string(text), in_text, Markup::kHtml);
      }};
  return RewriteTextParts(
      facts,
      [&](const MimePart& part, std::string_view text) {
        if (part.type == "text/html") return RewritePart(part, text, wishes);
        return Replaced(std::string(text), in_text, Markup::kPlain);
      },
      message);
}

// May be written for the other: it leads to the same host.
bool IsSameHost(const std::string& url, const std::string& written) {
  return IsAscii(written) && IsPlainUrl(written) &&
         HostOfUrl(written).host == HostOfUrl(url).host;
}

std::optional<std::string> WithoutUserinfo(const std::string& text) {
  const std::optional<Url> url = ParseUrl(text);
  if (!url || url->userinfo.empty() || !IsWeb(url->scheme)) return std::nullopt;
  const std::string_view front =
      std::string_view(url->text).substr(0, url->path_at);
  const std::size_t authority =
      front.find_first_not_of("/\\", url->scheme.size() + 1);
  std::string written = std::string(front.substr(0, authority)) +
                        url->text.substr(front.rfind('@') + 1);
  if (!IsSameHost(text, written)) return std::nullopt;
  return written;
}

// Its host and path by the standard; the rest of it as it was written.
std::optional<std::string> Normalised(const std::string& text) {
  const std::optional<Url> url = ParseUrl(text);
  if (!url || !IsWeb(url->scheme) || !HostOfUrl(text).is_oddly_written)
    return std::nullopt;
  std::string path(url->path());
  for (char& c : path)
    if (c == '\\') c = '/';
  std::string written = url->scheme + "://";
  if (!url->userinfo.empty()) written += url->userinfo + "@";
  written += url->host_kind == Url::HostKind::kIpv6 ? "[" + url->host + "]"
                                                    : url->host;
  if (url->port) written += ":" + std::to_string(*url->port);
  written += path + url->text.substr(url->path_at + path.size());
  if (!IsSameHost(text, written)) return std::nullopt;
  return written;
}

// What is shown instead of another site: as much of the true address as was
// shown of the false one.
std::string TrueText(const TextMismatch& mismatch, std::string_view text) {
  const bool was_url = Contains(text, "/");
  const bool is_showable = IsPlainUrl(mismatch.url) && IsAscii(mismatch.url) &&
                           mismatch.url.size() <= kLongestShown &&
                           !HostOfUrl(mismatch.url).has_userinfo &&
                           !HostOfUrl(mismatch.url).is_oddly_written;
  return was_url && is_showable ? mismatch.url : mismatch.host;
}

std::string SiteOf(const std::string& host) {
  const std::optional<Domain> domain = Domain::Parse(host);
  if (!domain) return host;
  return RegistrableDomain(*domain).value_or(*domain).text();
}

// The sites that blocklists list. Empty where the sender is one of them: no
// link is the cause then.
std::set<std::string> ListedSites(const Facts& facts) {
  std::set<std::string> sites;
  for (const Listing& listing : facts.linking.listings)
    if (!listing.listed.empty()) sites.insert(listing.subject);
  for (const auto& domain : {facts.author_domain, facts.mail_from_domain})
    if (domain && sites.contains(SiteOf(domain->text()))) return {};
  return sites;
}

}  // namespace

bool ShowTrueTarget(const Facts& facts, Message* message) {
  std::map<std::pair<std::string, std::string>, TextMismatch> mismatches;
  for (std::size_t i = 0; i < facts.links.size(); ++i)
    if (auto mismatch = TextMismatchOf(facts, i))
      mismatches.emplace(std::pair(facts.links[i].url, mismatch->shown),
                         *std::move(mismatch));
  if (mismatches.empty()) return false;
  const HtmlWishes wishes{
      .address = {},
      .link_text = [&](const std::string& url,
                       const std::string& text) -> std::optional<std::string> {
        const auto found = mismatches.find({url, HostShownByText(text)});
        if (found == mismatches.end()) return std::nullopt;
        return TrueText(found->second, text);
      },
      .text = {}};
  return RewriteHtmlParts(facts, wishes, message);
}

bool DropUserinfo(const Facts& facts, Message* message) {
  Replacements in_text;
  for (const Link& link : facts.links)
    if (const auto written = WithoutUserinfo(link.url);
        written && link.origin == LinkOrigin::kText)
      in_text.emplace_back(link.url, *written);
  return RewriteLinks(facts, WithoutUserinfo, std::move(in_text), message);
}

bool NormaliseLinks(const Facts& facts, Message* message) {
  return RewriteLinks(facts, Normalised, {}, message);
}

bool RemoveDangerousLinks(const Facts& facts, Message* message) {
  std::set<std::string> leading_there;
  for (const LinkTarget& target : facts.linking.targets)
    if (target.via == HostClass::kShortener &&
        IsDangerousUrl(HostOfUrl(target.url).scheme, target.url))
      leading_there.insert(facts.links[target.link].url);
  return RewriteLinks(
      facts,
      [&](const std::string& url) -> std::optional<std::string> {
        if (IsDangerousUrl(HostOfUrl(url).scheme, url) ||
            leading_there.contains(url))
          return "";
        return std::nullopt;
      },
      {}, message);
}

bool RemoveListedLinks(const Facts& facts, Message* message) {
  const std::set<std::string> sites = ListedSites(facts);
  if (sites.empty()) return false;
  std::set<std::string> listed;
  for (const Link& link : facts.links)
    if (sites.contains(SiteOf(link.host))) listed.insert(link.url);
  for (const LinkTarget& target : facts.linking.targets)
    if (sites.contains(SiteOf(target.host)))
      listed.insert(facts.links[target.link].url);
  Replacements in_text;
  for (const std::string& url : listed)
    in_text.emplace_back(url, "[link removed]");
  return RewriteLinks(
      facts,
      [&](const std::string& url) -> std::optional<std::string> {
        if (listed.contains(url)) return "";
        return std::nullopt;
      },
      std::move(in_text), message);
}

}  // namespace postern
