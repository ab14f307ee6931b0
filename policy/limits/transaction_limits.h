// TransactionLimits: what one transaction asks of the limits, from RCPT to its
// end. Belongs to its transaction; decides nothing by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/config/config.h"
#include "policy/decision/decision.h"
#include "policy/facts/facts.h"
#include "policy/limits/charges.h"
#include "policy/limits/limiter.h"
#include "policy/message/envelope.h"

namespace postern {

class History;
class HistoryVisit;

// What one transaction carries from RCPT to its end. Destroyed uncommitted, it
// gives back every reservation.
struct TransactionLimits {
  struct Over {
    Finding finding;
    Action action = Action::kHold;  // hold, or what RCPT could not answer
    std::optional<TimePoint> retry_at;
  };
  std::vector<std::shared_ptr<Reservation>> reservations;
  std::vector<Over> over;  // answered at end of message
  LimitTally tally;
  // Recipients whose receivers DNS did not tell at RCPT.
  std::vector<std::string> without_receiver;
  // Its recipients, as others' judgements see them; null: nobody looks.
  std::shared_ptr<HistoryVisit> visit;
};

// Who asks the limits, and which of them may not say no.
class WarmUp;

struct Asker {
  Limiter* limiter;  // null: nothing is limited
  const Config& config;
  const Submission& submission;
  std::span<const std::string> waived;  // ids of limits' findings
  History* history = nullptr;           // null: nobody is new
  WarmUp* warm_up = nullptr;            // null: everybody is known
};

struct Reserved {
  std::vector<Finding> findings;
  std::optional<TransactionLimits::Over> over;  // nothing is reserved
};

// Reserves all charges or none. A rule that only observes never stands in the
// way of the others. What is over becomes findings.
[[nodiscard]] Reserved Reserve(const Asker& asker, std::vector<Owed> owed,
                               TransactionLimits* limits);

// What the envelope tells of one recipient. The facts are of RCPT.
[[nodiscard]] Reserved ReserveAtRcpt(const Asker& asker, const Facts& facts,
                                     TransactionLimits* limits);

// Leaves the answer to the end of message. Each recipient may run into the same
// limit; one reason is enough.
void PutOff(const TransactionLimits::Over& over, TransactionLimits* limits);

// At end of message: what RCPT put off, and the charges that only the message
// makes known. A released message pays for its envelope here as well, as the
// one who sent it first; a waived limit charges it all the same.
[[nodiscard]] std::vector<Finding> ReserveAtEnd(const Asker& asker,
                                                const Facts& facts,
                                                bool is_released,
                                                TransactionLimits* limits);

// When copies for some recipients are held: they pay when they are released.
void ChargeOnlyWhatLeaves(const Asker& asker, const Facts& facts,
                          const std::vector<std::string>& held_recipients,
                          TransactionLimits* limits);

// Has somebody else got hold of the login?
struct Hijack {
  Finding finding;
  bool is_new = false;  // the operator is to be told
};
[[nodiscard]] std::optional<Hijack> JudgeHijack(const Asker& asker,
                                                const Facts& facts,
                                                const Clock& clock);
// Does its domain send far more than it used to? (rule V03)
[[nodiscard]] std::optional<Finding> JudgeVolume(const Asker& asker,
                                                 const Facts& facts);
// The hijack finding's id, and what the desk calls it beside the limits.
inline constexpr std::string_view kHijackAlarm = "hijack-alarm";

// Once it leaves, the sender's history has it, but for those recipients.
void RememberWhatLeaves(const Asker& asker, const Facts& facts,
                        const std::vector<std::string>& held_recipients,
                        TransactionLimits* limits);

}  // namespace postern
