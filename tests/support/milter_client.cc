// The transaction as Postfix plays it: a refused recipient is left out, a
// refusal elsewhere ends the message, ACCEPT ends the questions.
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_client.h"

#include <libmilter/mfdef.h>

#include <algorithm>
#include <utility>

#include "tests/support/milter_answer.h"

namespace postern {
namespace {

constexpr std::size_t kChunkBytes = MILTER_CHUNK_SIZE;

std::string Terminated(const std::string& text) { return text + '\0'; }

std::string ConnectPayload(const MilterSession& session) {
  std::string payload = Terminated(session.client_name) + session.family;
  if (session.family == SMFIA_UNKNOWN) return payload;
  payload += static_cast<char>(session.port >> 8);
  payload += static_cast<char>(session.port & 0xff);
  const bool is_inet6 = session.family == SMFIA_INET6;
  return payload + (is_inet6 ? "IPv6:" : "") + Terminated(session.address);
}

std::string AddressPayload(const std::string& address,
                           const std::vector<std::string>& args) {
  std::string payload = Terminated(address);
  for (const std::string& arg : args) payload += Terminated(arg);
  return payload;
}

// Chunks of a replaced body become one edit, where the first one stood.
void Collect(MilterOutcome& outcome, MilterEdit edit) {
  const bool continues_body =
      edit.op == MilterEdit::Op::kReplaceBody && !outcome.edits.empty() &&
      outcome.edits.back().op == MilterEdit::Op::kReplaceBody;
  if (continues_body) {
    outcome.edits.back().value += edit.value;
  } else {
    outcome.edits.push_back(std::move(edit));
  }
}

std::unexpected<Error> Refused(const std::string& command,
                               const MilterReply& reply) {
  if (!reply.failure.empty()) return Fail(command + ": " + reply.failure);
  return Fail(command + " was refused: " + reply.text);
}

}  // namespace

Result<MilterClient> MilterClient::Dial(const std::string& where,
                                        std::chrono::milliseconds timeout) {
  auto wire = MilterWire::Dial(where, timeout);
  if (!wire) return std::unexpected(wire.error());
  return MilterClient(std::move(*wire));
}

Result<MilterClient> MilterClient::Open(const std::string& where,
                                        const MilterSession& session,
                                        std::chrono::milliseconds timeout) {
  auto client = Dial(where, timeout);
  if (!client) return client;
  if (auto agreed = client->Negotiate(); !agreed) {
    return std::unexpected(agreed.error());
  }
  const MilterReply connected = client->Connect(session);
  if (!connected.goes_on()) return Refused("CONNECT", connected);
  const MilterReply greeted = client->Helo(session.helo_name);
  if (!greeted.goes_on()) return Refused("HELO", greeted);
  return client;
}

Result<void> MilterClient::Negotiate(const MilterTerms& offer) {
  if (auto said = wire_.Send(SMFIC_OPTNEG, OfferPayload(offer)); !said) {
    return said;
  }
  const auto packet = wire_.Receive();
  if (!packet) return std::unexpected(packet.error());
  auto terms = TermsOfPacket(*packet, offer);
  if (!terms) return std::unexpected(terms.error());
  terms_ = std::move(*terms);
  return {};
}

MilterReply MilterClient::Say(const Command& command,
                              const std::string& payload) {
  if (IsAgreed(command.not_wanted)) return {};
  if (auto said = wire_.Send(command.letter, payload); !said) {
    return {.failure = said.error().message};
  }
  if (IsAgreed(command.no_reply)) return {};
  for (;;) {
    const auto packet = wire_.Receive();
    if (!packet) return {.failure = packet.error().message};
    if (packet->letter != SMFIR_PROGRESS) return ReplyOfPacket(*packet);
  }
}

Result<void> MilterClient::Macros(char command, const MilterMacros& macros) {
  std::string payload(1, command);
  for (const auto& [name, value] : macros) {
    payload += Terminated(name) + Terminated(value);
  }
  return wire_.Send(SMFIC_MACRO, payload);
}

Result<void> MilterClient::SayMacros(const MilterMessage& message, char command,
                                     std::size_t recipient) {
  const auto asked = terms_.macro_names.find(command);
  const MilterMacros macros = StageMacros(
      session_, message,
      {.command = command,
       .asked = asked == terms_.macro_names.end() ? nullptr : &asked->second,
       .recipient = recipient});
  if (macros.empty()) return {};
  return Macros(command, macros);
}

MilterReply MilterClient::SayWithMacros(const MilterMessage& message,
                                        const Command& command,
                                        const std::string& payload,
                                        std::size_t recipient) {
  if (IsAgreed(command.not_wanted)) return {};
  if (auto said = SayMacros(message, command.letter, recipient); !said) {
    return {.failure = said.error().message};
  }
  return Say(command, payload);
}

MilterReply MilterClient::Connect(const MilterSession& session) {
  session_ = session;
  return SayWithMacros({}, {SMFIC_CONNECT, SMFIP_NOCONNECT, SMFIP_NR_CONN},
                       ConnectPayload(session));
}

MilterReply MilterClient::Helo(const std::string& name) {
  return SayWithMacros({}, {SMFIC_HELO, SMFIP_NOHELO, SMFIP_NR_HELO},
                       Terminated(name));
}

MilterReply MilterClient::Mail(const MilterMessage& message) {
  return SayWithMacros(message, {SMFIC_MAIL, SMFIP_NOMAIL, SMFIP_NR_MAIL},
                       AddressPayload(message.mail_from, message.mail_args));
}

MilterReply MilterClient::Rcpt(const MilterMessage& message,
                               std::size_t index) {
  const MilterRecipient& recipient = message.recipients.at(index);
  return SayWithMacros(message, {SMFIC_RCPT, SMFIP_NORCPT, SMFIP_NR_RCPT},
                       AddressPayload(recipient.address, recipient.args),
                       index);
}

MilterReply MilterClient::Data(const MilterMessage& message) {
  return SayWithMacros(message, {SMFIC_DATA, SMFIP_NODATA, SMFIP_NR_DATA}, "");
}

MilterReply MilterClient::Header(const MilterField& field) {
  std::string value = field.value;
  const bool keeps_space = IsAgreed(SMFIP_HDR_LEADSPC);
  if (!keeps_space && value.starts_with(' ')) value.erase(0, 1);
  return Say({SMFIC_HEADER, SMFIP_NOHDRS, SMFIP_NR_HDR},
             Terminated(field.name) + Terminated(value));
}

MilterReply MilterClient::Eoh(const MilterMessage& message) {
  return SayWithMacros(message, {SMFIC_EOH, SMFIP_NOEOH, SMFIP_NR_EOH}, "");
}

MilterReply MilterClient::Body(std::string_view chunk) {
  return Say({SMFIC_BODY, SMFIP_NOBODY, SMFIP_NR_BODY}, std::string(chunk));
}

MilterReply MilterClient::Unknown(const std::string& command) {
  return Say({SMFIC_UNKNOWN, SMFIP_NOUNKNOWN, SMFIP_NR_UNKN},
             Terminated(command));
}

MilterOutcome MilterClient::Eom(const MilterMessage& message) {
  MilterOutcome outcome{.stage = "eom"};
  auto said = SayMacros(message, SMFIC_BODYEOB);
  if (said) said = wire_.Send(SMFIC_BODYEOB, "");
  if (!said) outcome.failure = said.error().message;
  while (outcome.failure.empty()) {
    const auto packet = wire_.Receive();
    if (!packet) {
      outcome.failure = packet.error().message;
    } else if (packet->letter == SMFIR_PROGRESS) {
      ++outcome.progress_count;
    } else if (VerdictOfLetter(packet->letter)) {
      MilterReply reply = ReplyOfPacket(*packet);
      outcome.verdict = reply.verdict;
      outcome.text = std::move(reply.text);
      outcome.failure = std::move(reply.failure);
      return outcome;
    } else if (auto edit = EditOfPacket(*packet, IsAgreed(SMFIP_HDR_LEADSPC))) {
      Collect(outcome, std::move(*edit));
    } else {
      outcome.failure = edit.error().message;
    }
  }
  return outcome;
}

MilterClient::StagedReply MilterClient::SayRecipients(
    const MilterMessage& message, std::vector<MilterReply>& replies) {
  StagedReply last{"rcpt", {}};
  bool is_any_taken = false;
  for (std::size_t i = 0; i < message.recipients.size(); ++i) {
    last.reply = Rcpt(message, i);
    replies.push_back(last.reply);
    is_any_taken = is_any_taken || last.reply.goes_on();
    const bool ends_all = !last.reply.failure.empty() ||
                          last.reply.verdict == MilterVerdict::kAccept ||
                          last.reply.verdict == MilterVerdict::kDiscard ||
                          last.reply.verdict == MilterVerdict::kShutdown;
    if (ends_all) return last;
  }
  if (is_any_taken) last.reply = {};
  return last;
}

MilterClient::StagedReply MilterClient::SayHeader(
    const MilterMessage& message) {
  for (const MilterField& field : message.headers) {
    const MilterReply reply = Header(field);
    if (!reply.goes_on() || reply.verdict == MilterVerdict::kAccept) {
      return {"header", reply};
    }
  }
  return {"eoh", Eoh(message)};
}

MilterClient::StagedReply MilterClient::SayBody(const std::string& body) {
  std::string_view rest = body;
  StagedReply last{"body", {}};
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.size(), kChunkBytes);
    last.reply = Body(rest.substr(0, size));
    rest.remove_prefix(size);
    const bool wants_more = last.reply.verdict == MilterVerdict::kContinue ||
                            last.reply.verdict == MilterVerdict::kNone;
    if (!wants_more || !last.reply.failure.empty()) break;
  }
  return last;
}

MilterOutcome MilterClient::EndEarly(const StagedReply& last) {
  if (last.reply.failure.empty()) static_cast<void>(Abort());
  return {.verdict = last.reply.verdict,
          .text = last.reply.text,
          .stage = last.stage,
          .failure = last.reply.failure};
}

MilterOutcome MilterClient::SendMessage(const MilterMessage& message) {
  const auto ends = [](const StagedReply& last) {
    return !last.reply.goes_on() ||
           last.reply.verdict == MilterVerdict::kAccept;
  };
  StagedReply last{"mail", Mail(message)};
  std::vector<MilterReply> replies;
  if (!ends(last)) last = SayRecipients(message, replies);
  if (!ends(last)) last = {"data", Data(message)};
  if (!ends(last)) last = SayHeader(message);
  if (!ends(last)) last = SayBody(message.body);
  MilterOutcome outcome = ends(last) ? EndEarly(last) : Eom(message);
  outcome.recipient_replies = std::move(replies);
  return outcome;
}

Result<void> MilterClient::Abort() {
  if (auto said = wire_.Send(SMFIC_ABORT, ""); !said) return said;
  return wire_.Flush();
}

Result<void> MilterClient::Quit() {
  if (auto said = wire_.Send(SMFIC_QUIT, ""); !said) return said;
  return wire_.Flush();
}

Result<void> MilterClient::QuitNc() {
  if (auto said = wire_.Send(SMFIC_QUIT_NC, ""); !said) return said;
  return wire_.Flush();
}

}  // namespace postern
