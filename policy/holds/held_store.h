// HeldStore: what waits. The bytes and everything needed to send them later,
// on disk and fsynced before anybody is told that they are held.
//
// One folder per hold: message.eml and hold.json. A hold is pending until the
// MTA is known to have taken the verdict; a retry with the same envelope and
// bytes joins the pending hold. Several processes (the daemon and `postern
// held`) may use one store at once. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/message/message.h"

namespace postern {

struct HeldReason {
  std::string check;  // finding's check id
  std::string detail;
  std::string reply;  // the reply foreseen, "550 5.7.26 …"; may be empty
  // Of a limit: what it counts, and what of it the message costs.
  std::string key = {};
  std::int64_t cost = 0;
};

struct HeldMessage {
  std::string id;  // 16 octets in hexadecimal
  TimePoint held_at;
  bool is_pending = false;
  Envelope envelope;  // only the held recipients
  Submission submission;
  std::vector<HeldReason> reasons;
  std::optional<TimePoint> free_at;  // a limit that frees itself then
  std::string subject;               // for lists; unfolded
  std::int64_t message_bytes = 0;
};

// Who releases: an operator waives what the message is held for, a limit that
// has freed waives nothing.
enum class ReleaseBy { kOperator, kLimit };

// What a message with a valid X-Postern-Release may skip.
struct ReleasePass {
  std::string hold_id;
  std::vector<std::string> waived_checks;
  Submission submission;  // of the message when it was first judged
  ReleaseBy by = ReleaseBy::kOperator;
  TimePoint held_at = {};
};

// Where the program keeps its holds.
[[nodiscard]] inline std::string HoldsDirectory(
    const std::string& state_directory) {
  return state_directory + "/holds";
}

inline constexpr std::string_view kReleaseField = "X-Postern-Release";

class HeldStore {
 public:
  [[nodiscard]] static Result<std::unique_ptr<HeldStore>> Open(
      const std::string& directory, const Clock& clock);
  virtual ~HeldStore() = default;

  // Durable when it returns. The held header and body are the message's own,
  // unsigned. The returned id may be that of a pending hold that it joined.
  [[nodiscard]] virtual Result<std::string> Put(
      const Message& message, const std::vector<HeldReason>& reasons,
      std::optional<TimePoint> free_at) = 0;
  // The MTA took the verdict: no longer pending.
  [[nodiscard]] virtual Result<void> Confirm(const std::string& id) = 0;

  [[nodiscard]] virtual Result<std::vector<HeldMessage>> List() const = 0;
  [[nodiscard]] virtual Result<HeldMessage> Find(
      const std::string& id) const = 0;
  [[nodiscard]] virtual Result<std::string> Octets(
      const std::string& id) const = 0;
  [[nodiscard]] virtual Result<void> Drop(const std::string& id) = 0;

  // Release, first step: a new single-use token bound to the hold and to the
  // body's hash; the value for the kReleaseField of the re-injected message.
  [[nodiscard]] virtual Result<std::string> IssueToken(const std::string& id,
                                                       ReleaseBy by) = 0;
  // Release, when the MTA took the message back for some recipients only: these
  // stay held, under the same id; the token ends.
  [[nodiscard]] virtual Result<void> KeepRecipients(
      const std::string& id, const std::vector<ForwardPath>& recipients) = 0;
  // Release, when the MTA took nothing: all of it stays held, and others may
  // release it; the token ends.
  [[nodiscard]] virtual Result<void> Keep(const std::string& id) = 0;
  // Release, last step: the MTA has taken the message back; the hold ends.
  [[nodiscard]] virtual Result<void> Complete(const std::string& id) = 0;
  // At the door, before judging: the pass, if the value is an issued token for
  // this body. The token is good for this one message: a retry after a
  // deferral may use it again until Complete. nullopt: forged or stale.
  [[nodiscard]] virtual std::optional<ReleasePass> Redeem(
      std::string_view field_value, const Body& body) = 0;
};

}  // namespace postern
