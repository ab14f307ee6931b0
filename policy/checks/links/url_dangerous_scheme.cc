// url-dangerous-scheme: schemes that run something, or lead into the reader's
// own machine; receivers remove such links or refuse the message.

#include <algorithm>
#include <iterator>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::string_view kDangerous[] = {
    "javascript", "vbscript", "file", "blob", "jar", "search-ms", "livescript"};

// "javascript:void(0)" and the empty script lead nowhere.
bool IsNothing(std::string_view url) {
  const std::string_view script = Trim(url.substr(url.find(':') + 1));
  return script.empty() || script.starts_with(";") ||
         script.starts_with("void(0)") || script.starts_with("void 0");
}

bool IsDangerous(const Link& link) {
  if (link.scheme == "javascript" && IsNothing(link.url)) return false;
  if (link.scheme == "data")
    return !StartsWithIgnoreCase(link.url, "data:image/");
  // ms-word:ofe|u|… and its kin hand a file to a program.
  return std::ranges::find(kDangerous, link.scheme) != std::end(kDangerous) ||
         link.scheme.starts_with("ms-");
}

std::vector<Verdict> Run(const Facts& facts) {
  for (const Link& link : facts.links) {
    const bool is_followed =
        link.origin == LinkOrigin::kHref || link.origin == LinkOrigin::kForm;
    if (is_followed && IsDangerous(link))
      return FailsWith("link with " + link.scheme + ":");
  }
  for (const LinkTarget& target : facts.linking.targets) {
    const Link end{.url = target.url, .scheme = HostOfUrl(target.url).scheme};
    if (target.via == HostClass::kShortener && IsDangerous(end))
      return FailsWith(facts.links[target.link].host + " leads to " +
                       end.scheme + ":");
  }
  return {};
}

}  // namespace

constinit const Check kUrlDangerousScheme = {
    .id = "url-dangerous-scheme",
    .rules = "L07",
    .summary = "A link runs a script or leads to a local file.",
    .fix =
        "link to a web page by https: instead; scripts and local files do "
        "nothing in mail",
    .cites =
        "Gmail and Outlook remove javascript:, data:, file: and ms-*: links",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
