// unsubscribe-host-unusable: List-Unsubscribe leads to a host that is not
// there, or not by https.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  const BulkFact& bulk = facts.bulk;
  const std::string host = EscapeForLog(bulk.host, 100);
  switch (bulk.host_state) {
    case UnsubscribeHost::kUnknown:
      return UnknownFor(host + ": DNS did not answer");
    case UnsubscribeHost::kNxDomain:
      return FailsWith(host + ": NXDOMAIN");
    case UnsubscribeHost::kNoAddress:
      return FailsWith(host + ": no address");
    case UnsubscribeHost::kNone:
    case UnsubscribeHost::kResolves:
      break;
  }
  if (bulk.is_plain_http) return FailsWith(host + ": http:, not https:");
  return {};
}

}  // namespace

constinit const Check kUnsubscribeHostUnusable = {
    .id = "unsubscribe-host-unusable",
    .rules = "B06",
    .summary = "List-Unsubscribe leads to a host that cannot be reached.",
    .fix =
        "publish A or AAAA of the host and serve the page by https: for as "
        "long as the mail is read",
    .cites = "RFC 8058 s.3.1; support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .run = Run,
};

}  // namespace postern
