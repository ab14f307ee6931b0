// link-domain-listed: a domain of the links, the author or the envelope that a
// DNS blocklist of names lists. Asked with links.blocklists alone.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"cox",
     554,
     {5, 7, 1},
     "AUP#URLBL011: a URL is on a blocklist",
     "cox.com: email error codes"},
    {"apple",
     550,
     {5, 7, 1},
     "domain present in the Spamhaus DBL",
     "support.apple.com/102322"},
    {"barracuda",
     554,
     {5, 7, 1},
     "rejected due to spam URL in content",
     "SMTP Field Manual: Barracuda replies"},
    {"godaddy", 554, {5, 7, 1}, "IB212", "GoDaddy bounce codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::string found, unknown;
  for (const Listing& listing : facts.linking.listings) {
    if (!listing.listed.empty())
      found += " " + listing.subject + " by " + listing.zone + " (" +
               listing.listed + ")";
    else if (listing.status != ListStatus::kAnswers && unknown.empty())
      unknown = listing.zone + " " + listing.reason;
  }
  if (!found.empty()) return FailsWith(EscapeForLog("listed:" + found, 300));
  if (!unknown.empty()) return UnknownFor(EscapeForLog(unknown));
  return {};
}

}  // namespace

constinit const Check kLinkDomainListed = {
    .id = "link-domain-listed",
    .rules = "L11",
    .summary = "A domain in the message is on a domain blocklist.",
    .fix =
        "take the link out or send under another domain; if it is yours, find "
        "the cause and ask for removal",
    .cites = "Cox URLBL error codes; Apple HT204137; RFC 5782",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
