// url-free-hosting: hosts under a provider's name that anybody can have; their
// reputation is that of all of them together.

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

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.host_class == HostClass::kFreeHosting && host.is_led_to &&
        !host.is_own)
      return FailsWith("link to " + host.host);
  return {};
}

}  // namespace

constinit const Check kUrlFreeHosting = {
    .id = "url-free-hosting",
    .rules = "L09",
    .summary = "A link leads to a free-hosting page.",
    .cites =
        "URI blocklists list such names; the providers are on "
        "conf/lists/link-hosts.txt",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
