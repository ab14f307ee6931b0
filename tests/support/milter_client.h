// MilterClient: the MTA's side of the milter protocol, version 6.
//
// Open() dials, negotiates and greets; SendMessage() then plays a whole
// transaction as Postfix would and may be called many times. The single
// commands are there for tests that leave the usual path. Commands the filter
// does not want are not sent and answers it does not give are not awaited.
// Nothing throws; a failure is told in the outcome, after it the connection is
// of no further use. Belongs to one thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/milter_message.h"
#include "tests/support/milter_wire.h"

namespace postern {

// What is offered to the filter, and what it took.
struct MilterTerms {
  std::uint32_t version = 6;
  std::uint32_t actions = 0x1ff;
  std::uint32_t protocol = 0x1fffff;
  // Macro names asked for, by command letter.
  std::map<char, std::vector<std::string>> macro_names;
};

class MilterClient {
 public:
  static constexpr std::chrono::milliseconds kTimeout{10000};

  explicit MilterClient(MilterWire wire) : wire_(std::move(wire)) {}
  // Not greeted yet.
  [[nodiscard]] static Result<MilterClient> Dial(
      const std::string& where, std::chrono::milliseconds timeout = kTimeout);
  // Dialled, negotiated, CONNECT and HELO said; fails when the filter did not
  // let the client go on.
  [[nodiscard]] static Result<MilterClient> Open(
      const std::string& where, const MilterSession& session = {},
      std::chrono::milliseconds timeout = kTimeout);

  // The whole transaction, MAIL to end of message. Where the filter's answer
  // ends it sooner, the MTA's ABORT follows.
  [[nodiscard]] MilterOutcome SendMessage(const MilterMessage& message);

  [[nodiscard]] Result<void> Negotiate(const MilterTerms& offer = {});
  // What is agreed; before Negotiate(): everything is sent and answered.
  [[nodiscard]] const MilterTerms& terms() const { return terms_; }

  [[nodiscard]] MilterReply Connect(const MilterSession& session);
  [[nodiscard]] MilterReply Helo(const std::string& name);
  [[nodiscard]] MilterReply Mail(const MilterMessage& message);
  // The index-th recipient of the message, from 0.
  [[nodiscard]] MilterReply Rcpt(const MilterMessage& message,
                                 std::size_t index);
  [[nodiscard]] MilterReply Data(const MilterMessage& message);
  [[nodiscard]] MilterReply Header(const MilterField& field);
  [[nodiscard]] MilterReply Eoh(const MilterMessage& message);
  // One chunk, at most 65,535 octets.
  [[nodiscard]] MilterReply Body(std::string_view chunk);
  [[nodiscard]] MilterOutcome Eom(const MilterMessage& message);
  [[nodiscard]] MilterReply Unknown(const std::string& command);
  [[nodiscard]] Result<void> Abort();
  [[nodiscard]] Result<void> Quit();
  // Quit, and another SMTP connection follows on this socket.
  [[nodiscard]] Result<void> QuitNc();

  // Macros as given, before the command of that letter.
  [[nodiscard]] Result<void> Macros(char command, const MilterMacros& macros);
  // For garbage, and for answers nobody asked for.
  [[nodiscard]] MilterWire& wire() { return wire_; }

 private:
  struct Command {
    char letter;
    std::uint32_t not_wanted;  // protocol bit: the filter does not want it
    std::uint32_t no_reply;    // protocol bit: the filter does not answer it
  };
  struct StagedReply {
    std::string stage;
    MilterReply reply;
  };
  [[nodiscard]] MilterReply Say(const Command& command,
                                const std::string& payload);
  [[nodiscard]] Result<void> SayMacros(const MilterMessage& message,
                                       char command, std::size_t recipient = 0);
  [[nodiscard]] MilterReply SayWithMacros(const MilterMessage& message,
                                          const Command& command,
                                          const std::string& payload,
                                          std::size_t recipient = 0);
  [[nodiscard]] StagedReply SayRecipients(const MilterMessage& message,
                                          std::vector<MilterReply>& replies);
  [[nodiscard]] StagedReply SayHeader(const MilterMessage& message);
  [[nodiscard]] StagedReply SayBody(const std::string& body);
  [[nodiscard]] MilterOutcome EndEarly(const StagedReply& last);
  [[nodiscard]] bool IsAgreed(std::uint32_t protocol_bit) const {
    return (terms_.protocol & protocol_bit) != 0;
  }

  MilterWire wire_;
  MilterTerms terms_{.protocol = 0, .macro_names = {}};
  MilterSession session_;
};

}  // namespace postern
