// Mta: the seam between the door and the mail server that asked.
//
// LibmilterMta (libmilter_mta.h) speaks to the real one, FakeMta to tests. An
// Mta lives for one callback and belongs to its thread, but for Progress: see
// heartbeat.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "policy/base/smtp_reply.h"
#include "policy/decision/edits.h"

namespace postern {

// What a callback tells the MTA to do with the command.
enum class Answer { kContinue, kTempFail, kReject, kDiscard };

class Mta {
 public:
  Mta() = default;
  Mta(const Mta&) = delete;
  Mta& operator=(const Mta&) = delete;
  virtual ~Mta() = default;

  // The value as the MTA gave it last; nullopt: not given, or empty.
  [[nodiscard]] virtual std::optional<std::string> Macro(
      const std::string& name) const = 0;

  // The text that goes with the answer. When it is refused the MTA uses its
  // own words.
  virtual void SetReply(const Reply& reply) = 0;

  // One edit; false: the MTA did not take it, and the message must be deferred.
  // Only at end of message.
  [[nodiscard]] virtual bool Apply(const SetHeader& edit) = 0;
  [[nodiscard]] virtual bool Apply(const DeleteHeader& edit) = 0;
  [[nodiscard]] virtual bool Apply(const InsertHeader& edit) = 0;
  [[nodiscard]] virtual bool Apply(const ReplaceBody& edit) = 0;
  [[nodiscard]] virtual bool Apply(const ChangeSender& edit) = 0;
  [[nodiscard]] virtual bool Apply(const AddRecipient& edit) = 0;
  [[nodiscard]] virtual bool Apply(const DeleteRecipient& edit) = 0;

  // "Still at it": restarts the MTA's timer. False: the MTA is gone. Only at
  // end of message.
  [[nodiscard]] virtual bool Progress() = 0;
};

}  // namespace postern
