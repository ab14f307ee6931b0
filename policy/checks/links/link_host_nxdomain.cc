// link-host-nxdomain: links to hosts that DNS does not know: a misspelling, or
// a template that was not filled in. Asked with links.resolve alone.

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
};

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.addresses == DnsStatus::kNxDomain)
      return FailsWith("no such host: " + host.host);
  for (const LinkHost& host : facts.linking.hosts)
    if (host.addresses == DnsStatus::kTempError)
      return UnknownFor("DNS did not answer for " + host.host);
  return {};
}

}  // namespace

constinit const Check kLinkHostNxdomain = {
    .id = "link-host-nxdomain",
    .rules = "L10",
    .summary = "A link's host does not exist.",
    .fix =
        "correct the link; if the host is yours, publish its A or AAAA before "
        "the mail goes",
    .cites = "Spamhaus ZRD and like lists of names that are new or gone",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
