// bulk-without-headers: one text to many, that does not say it is a mailing.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  const auto many = static_cast<std::size_t>(facts.config->many_recipients);
  if (facts.is_bulk || facts.is_mta_bounce || facts.recipients.size() < many)
    return {};
  return FailsWith(std::to_string(facts.recipients.size()) +
                   " recipients, no List-Unsubscribe, List-Id, Feedback-ID or "
                   "Precedence");
}

}  // namespace

constinit const Check kBulkWithoutHeaders = {
    .id = "bulk-without-headers",
    .rules = "C09",
    .summary = "One message to many recipients that does not say it is bulk.",
    .fix =
        "send one copy each, with List-Unsubscribe, from a list; if it is no "
        "mailing, raise bulk.many_recipients",
    .cites = "RFC 2369; bulk.many_recipients",
    .level = Level::kNotice,
    .run = Run,
};

}  // namespace postern
