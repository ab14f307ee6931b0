// MilterMessage: what an MTA tells a filter about one message, and
// MilterOutcome: what the filter told the MTA to do with it.
//
// Header values stand as on the wire, leading space included, folds as LF +
// white space; bodies have CRLF lines. Plain values; nothing here touches a
// socket. Edits are kept as sent; ApplyEdits carries them out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern {

// Names as on the wire: "i", "{auth_authen}".
using MilterMacros = std::vector<std::pair<std::string, std::string>>;

enum class MtaFlavour { kPostfix, kSendmail };

// One SMTP connection as the MTA announces it.
struct MilterSession {
  std::string client_name = "client.example";
  char family = '4';  // 4, 6, L (unix), U (unknown: nothing else is sent)
  std::uint16_t port = 5000;
  std::string address = "192.0.2.1";
  std::string helo_name = "helo.example";
  std::string mta_name = "mx.example.com";     // macro j
  std::string daemon_name = "mx.example.com";  // macro {daemon_name}
  MtaFlavour flavour = MtaFlavour::kPostfix;
};

struct MilterField {
  std::string name;
  std::string value;
};

struct MilterRecipient {
  std::string address;  // with angle brackets, as SMTP gives it
  std::vector<std::string> args;
};

struct MilterMessage {
  std::string mail_from = "<a@example.com>";
  std::vector<std::string> mail_args;
  std::vector<MilterRecipient> recipients = {{"<b@example.net>", {}}};
  std::vector<MilterField> headers;
  std::string body;

  std::string queue_id = "4WbX2k3cq9";
  std::string login;  // empty: not authenticated
  // Macros of a stage (command letters C H M R T N E) beyond the usual ones,
  // or in their place.
  std::map<char, MilterMacros> extra_macros;
  // The MTA's own Received field, on top and hidden from the filter; empty:
  // none.
  std::string own_received;
};

enum class MilterVerdict {
  kNone,  // no answer was due, or none came (then `failure` says why)
  kContinue,
  kAccept,
  kReject,
  kTempfail,
  kDiscard,
  kReplyCode,
  kShutdown,
  kConnectionFail,
  kSkip,
};

// The answer to one command.
struct MilterReply {
  MilterVerdict verdict = MilterVerdict::kNone;
  std::string text;     // of kReplyCode: "550 5.7.1 No"
  std::string failure;  // empty: the filter kept to the protocol
  [[nodiscard]] bool goes_on() const;
};

struct MilterEdit {
  enum class Op {
    kAddHeader,
    kInsertHeader,
    kChangeHeader,  // an empty value deletes
    kReplaceBody,   // all chunks joined
    kChangeSender,
    kAddRecipient,
    kDeleteRecipient,
    kQuarantine,
  };
  Op op;
  std::uint32_t index = 0;
  std::string name;
  std::string value;  // or the body, the address, the reason
  std::string args;   // ESMTP arguments of an address
};

struct MilterOutcome {
  MilterVerdict verdict = MilterVerdict::kNone;
  std::string text;     // of kReplyCode
  std::string stage;    // that gave the verdict: "mail", "eom", …
  std::string failure;  // empty: the filter kept to the protocol
  std::vector<MilterReply> recipient_replies;
  std::vector<MilterEdit> edits;
  int progress_count = 0;
};

// The message as Postfix would send it on: edits in the order given, indexes
// renumbered after each. Recipients refused at RCPT are left out.
[[nodiscard]] MilterMessage ApplyEdits(MilterMessage message,
                                       const MilterOutcome& outcome);

// As bytes with CRLF, ready for a DKIM verifier; and back. Bytes without an
// empty line are all header.
[[nodiscard]] std::string MessageBytes(const MilterMessage& message);
[[nodiscard]] MilterMessage MessageFromBytes(std::string_view bytes);

// The macros the MTA gives before the command. `asked`: names the filter asked
// for (smfi_setsymlist), null for the MTA's own choice. `recipient` counts from
// 0 and matters for R only.
struct MacroQuestion {
  char command = 'M';
  const std::vector<std::string>* asked = nullptr;
  std::size_t recipient = 0;
};
[[nodiscard]] MilterMacros StageMacros(const MilterSession& session,
                                       const MilterMessage& message,
                                       const MacroQuestion& question);

}  // namespace postern
