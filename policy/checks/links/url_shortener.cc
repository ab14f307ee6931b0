// url-shortener: link hosts on the list of shorteners
// (conf/lists/shorteners.txt).

#include <set>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [PH01]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"google",
     421,
     {4, 7, 0},
     "suspicious due to the nature of the content or the links within",
     "support.google.com/a/answer/3726730"},
};

// The host itself or a parent on the list: "a.page.link" for "page.link".
bool IsListed(std::string_view host,
              const std::set<std::string, std::less<>>& list) {
  while (!host.empty()) {
    if (list.contains(host)) return true;
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos) return false;
    host.remove_prefix(dot + 1);
  }
  return false;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::set<std::string> hosts;
  for (const Link& link : facts.links)
    if (IsListed(link.host, facts.config->shorteners)) hosts.insert(link.host);
  if (hosts.empty()) return {};
  std::string detail = "shortened link:";
  for (const std::string& host : hosts) detail += " " + host;
  return FailsWith(detail.substr(0, 200));
}

}  // namespace

constinit const Check kUrlShortener = {
    .id = "url-shortener",
    .rules = "L01",
    .summary = "A link hides its target behind a URL shortener.",
    .cites = "mail.ru sender rules; Spamhaus DBL abuse-redir",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
