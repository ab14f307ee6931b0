// dkim-signature-expires: a signature may be out of date when the message
// arrives, or is not yet in date now.
//
// MTAs try for five days (Postfix maximal_queue_lifetime, Sendmail
// Timeout.queuereturn); x= within that time can run out in a queue.

#include <chrono>

#include <fmt/format.h>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

using std::chrono::seconds;

constexpr seconds kQueueTime = std::chrono::hours(5 * 24);
constexpr seconds kTolerance = std::chrono::minutes(5);

std::string FaultOf(const DkimFact& dkim, seconds now) {
  if (dkim.expires_at && seconds(*dkim.expires_at) <= now)
    return fmt::format("x={} is over", *dkim.expires_at);
  if (dkim.expires_at && seconds(*dkim.expires_at) - now < kQueueTime)
    return fmt::format("x={} is less than five days away", *dkim.expires_at);
  if (dkim.signed_at && seconds(*dkim.signed_at) - now > kTolerance)
    return fmt::format("t={} is in the future", *dkim.signed_at);
  return {};
}

std::vector<Verdict> Run(const Facts& facts) {
  const auto now =
      std::chrono::duration_cast<seconds>(facts.received_at.time_since_epoch());
  std::string detail;
  for (const DkimFact& dkim : facts.dkim) {
    // A signature that does not pass anyhow is not worth words.
    if (dkim.result == DkimResult::kFail) continue;
    const std::string fault = FaultOf(dkim, now);
    if (fault.empty()) continue;
    detail += fmt::format("{}{}._domainkey.{}: {}", detail.empty() ? "" : ", ",
                          dkim.selector, dkim.domain, fault);
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimSignatureExpires = {
    .id = "dkim-signature-expires",
    .rules = "S11",
    .summary = "A signature can be out of date when the message arrives.",
    .fix =
        "sign with x= two weeks ahead or without (here: signing.expiry); t= in "
        "the future: run NTP",
    .cites = "RFC 6376 s.3.5",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
