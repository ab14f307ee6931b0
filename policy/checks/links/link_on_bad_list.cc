// link-on-bad-list: hosts on the operator's own list (lists.bad_links), such as
// a copy of a phishing feed.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 7, 1}, "", "RFC 6409 s.6.1, our own policy"},
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

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.is_on_bad_list) return FailsWith("link to " + host.host);
  return {};
}

}  // namespace

constinit const Check kLinkOnBadList = {
    .id = "link-on-bad-list",
    .rules = "L16",
    .summary = "A link's host is on the operator's list of bad ones.",
    .fix =
        "take the link out and make sure that the login is not stolen; or "
        "correct the file lists.bad_links",
    .cites = "Yahoo PH01; Gmail 5.7.1 content",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
