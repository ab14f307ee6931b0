// TransactionLimits: what one transaction asks of the limits, from RCPT to its
// end. Belongs to its transaction; decides nothing by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
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
    LimitCharge charge = {};  // what was refused first, without its rates
    std::set<std::string, std::less<>> keys = {};  // of all that was refused
    bool is_whole = false;         // whatever its recipients are counted under
    std::vector<Owed> asked = {};  // at RCPT, in vain
  };
  std::vector<std::shared_ptr<Reservation>> reservations;
  std::vector<Over> over;  // answered at end of message
  // What RCPT found and only told: one of each check and outcome, with its
  // recipients.
  std::vector<Finding> observed;
  LimitTally tally;
  std::set<std::pair<std::string, LimitOutcome>> counted;  // by rule
  // Recipients whose receivers DNS did not tell at RCPT.
  std::vector<std::string> without_receiver;
  // Its recipients, as others' judgements see them; null: nobody looks.
  std::shared_ptr<HistoryVisit> visit;
};

class WarmUp;
class WaitingLines;

// Who asks the limits, and which of them may not say no.
struct Asker {
  Limiter* limiter;  // null: nothing is limited
  const Config& config;
  const Submission& submission;
  std::span<const std::string> waived;  // ids of their findings
  History* history = nullptr;           // null: nobody is new
  WarmUp* warm_up = nullptr;            // null: everybody is known
  // It was taken once: nothing that it costs is too much for one message.
  bool is_released = false;
  const WaitingLines* lines = nullptr;  // null: nobody waits ahead of it
  // Of domains and ways out; null: what they send is not counted.
  History* volumes = nullptr;

  // Whether a finding of theirs may do more than be told.
  [[nodiscard]] bool Enforces(std::string_view finding) const {
    return config.mode == Mode::kEnforce &&
           std::ranges::find(waived, finding) == waived.end();
  }
};

// All charges are reserved or none. A rule that only observes never stands in
// the way of the others. What is over becomes findings. Recipients are charged
// one by one, but what a message costs is their sum: where that is above a
// burst, no waiting helps it (a grant may).
struct Reserved {
  std::vector<Finding> findings;
  std::optional<TransactionLimits::Over> over;  // nothing is reserved
};

// What the envelope tells of one recipient. The facts are of RCPT.
[[nodiscard]] Reserved ReserveAtRcpt(const Asker& asker, const Facts& facts,
                                     TransactionLimits* limits);

// Leaves the answer to the end of message. Each recipient may run into the same
// limit; one reason for each thing to do is enough.
void PutOff(const TransactionLimits::Over& over, TransactionLimits* limits);

// Keeps what only observes for the end of message. The recipient was taken.
void Observe(const std::vector<Finding>& findings, TransactionLimits* limits);

// At end of message: what RCPT put off or observed, and the charges that only
// the message makes known. A limit that counts some of the recipients (by a key
// of theirs, or because others are exempt) holds the copies for these alone;
// what no waiting helps is answered for all of them. A released message pays
// for its envelope here as well, as the one who sent it first; a waived limit
// charges it all the same.
[[nodiscard]] std::vector<Finding> ReserveAtEnd(const Asker& asker,
                                                const Facts& facts,
                                                TransactionLimits* limits);

// When copies for some recipients are held: they pay when they are released.
void ChargeOnlyWhatLeaves(const Asker& asker, const Facts& facts,
                          const std::vector<std::string>& held_recipients,
                          TransactionLimits* limits);

}  // namespace postern
