// Transaction: one message being received, from MAIL to its end.
//
// Belongs to its session. What goes wrong while it is received (disk full, an
// exception) is kept until the end of the message, where alone the MTA listens.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "milter/traffic.h"
#include "policy/base/result.h"
#include "policy/gate.h"
#include "policy/message/message.h"

namespace postern {

class Transaction {
 public:
  struct Begin {
    std::shared_ptr<const Rulebook> rulebook;  // the same one to the end
    std::string spool_directory;
    std::shared_ptr<BodyPool> bodies;
    Envelope envelope;  // no recipients yet
    Traffic::Place place;
  };
  explicit Transaction(Begin begin);

  void AddRecipient(ForwardPath recipient);
  void AddHeader(std::string name, std::string value);
  void AddBody(std::string_view chunk);
  // The message cannot be judged any more. The first reason is kept.
  void Spoil(std::string why);

  // Everything that was received, but for the submission. Once.
  [[nodiscard]] Result<Message> Finish();

  [[nodiscard]] const Envelope& envelope() const { return envelope_; }
  [[nodiscard]] const Rulebook& rulebook() const { return *rulebook_; }
  [[nodiscard]] TransactionLimits* limits() { return &limits_; }

 private:
  std::shared_ptr<const Rulebook> rulebook_;
  TransactionLimits limits_;
  Envelope envelope_;
  Header header_;
  BodyWriter body_;
  std::string spoilt_;    // why; empty: it is well
  Traffic::Place place_;  // last: given back first
};

}  // namespace postern
