// url-dynamic-host: hosts under a dynamic-DNS or tunnel provider's name: of
// somebody's own machine, and gone tomorrow.

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

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts) {
    const bool is_dynamic = host.host_class == HostClass::kDynamicDns ||
                            host.host_class == HostClass::kTunnel;
    if (is_dynamic && host.is_led_to && !host.is_own)
      return FailsWith(host.host + " (" +
                       std::string(ToString(host.host_class)) + ")");
  }
  return {};
}

}  // namespace

constinit const Check kUrlDynamicHost = {
    .id = "url-dynamic-host",
    .rules = "L09",
    .summary = "A link leads to a dynamic-DNS or tunnel host.",
    .cites =
        "URI blocklists list such names; the providers are on "
        "conf/lists/link-hosts.txt",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
