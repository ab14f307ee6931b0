// clock-skew: another MTA stamped the message minutes after our now: one of the
// two clocks is wrong, and t= and x= of our signatures rest on ours.
//
// A stamp of the past tells nothing: the message may have waited.

#include <fmt/format.h>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::chrono::seconds kTolerance = std::chrono::minutes(5);

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.received_ahead || *facts.received_ahead <= kTolerance) return {};
  return FailsWith(
      fmt::format("the newest Received field is {} s ahead of our clock",
                  facts.received_ahead->count()));
}

}  // namespace

constinit const Check kClockSkew = {
    .id = "clock-skew",
    .rules = "S17",
    .summary = "Our clock and that of the MTA before us differ.",
    .fix = "run NTP on this host and on the MTA before it",
    .cites = "RFC 6376 s.3.5; RFC 5321 s.4.4",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
