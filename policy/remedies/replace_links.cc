// Links through a redirector whose URL says where they lead, and short links
// whose shortener said it, become links to that place, where the operator
// allows it (links.replace). Text and HTML parts keep their transfer encoding,
// and all else that they say.

#include <algorithm>
#include <utility>

#include "policy/base/text.h"
#include "policy/remedies/remedy.h"
#include "policy/remedies/replacements.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

// Of a web address, what stands behind the scheme; empty: it is none.
std::string WithoutScheme(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (StartsWithIgnoreCase(url, scheme))
      return std::string(url.substr(scheme.size()));
  return {};
}

bool IsClean(const Facts& facts, const LinkTarget& target) {
  if (target.via != HostClass::kRedirector &&
      target.via != HostClass::kShortener)
    return false;
  const LinkHost* host = facts.linking.Find(target.host);
  return IsPlainUrl(target.url) && !WithoutScheme(target.url).empty() &&
         facts.config->link_hosts->ClassOf(target.host) == HostClass::kPlain &&
         !facts.config->bad_links.contains(target.host) &&
         (host == nullptr || !host->is_on_bad_list);
}

Replacements Wanted(const Facts& facts) {
  Replacements wanted;
  for (const LinkTarget& target : facts.linking.targets) {
    if (!IsClean(facts, target)) continue;
    const std::string& url = facts.links[target.link].url;
    wanted.emplace_back(url, target.url);
    // Where the text of the link shows it so; it would name another site now.
    const std::string shown = WithoutScheme(url);
    if (target.via == HostClass::kShortener && !shown.empty())
      wanted.emplace_back(shown, WithoutScheme(target.url));
  }
  return wanted;
}

}  // namespace

bool ReplaceLinks(const Facts& facts, Message* message) {
  if (!facts.config->links.replace) return false;
  Replacements wanted = Wanted(facts);
  SortReplacements(&wanted);
  if (wanted.empty()) return false;
  return RewriteTextParts(
      facts,
      [&](const MimePart& part, std::string_view text) {
        return Replaced(
            std::string(text), wanted,
            part.type == "text/html" ? Markup::kHtml : Markup::kPlain);
      },
      message);
}

}  // namespace postern
