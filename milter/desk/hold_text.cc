#include "milter/desk/hold_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"
#include "policy/message/message.h"

namespace postern {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPreviewBytes = 4000;

std::string Age(TimePoint held_at, TimePoint now) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now - held_at).count();
  if (seconds < 60) return fmt::format("{}s", std::max<long>(seconds, 0));
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  if (seconds < 86'400) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86'400);
}

std::string Bracketed(const std::string& address) {
  return address.empty() ? "<>" : address;
}

std::string ShortRecipients(const std::vector<ForwardPath>& recipients) {
  if (recipients.empty()) return "-";
  const std::string first = TerminalText(recipients[0].address);
  if (recipients.size() == 1) return Column(first, 20);
  const std::string more = fmt::format(" +{}", recipients.size() - 1);
  const std::size_t room = 20 - std::min<std::size_t>(more.size(), 12);
  return first.size() <= room ? first + more : Column(first, room) + more;
}

std::string ShortReasons(const HeldMessage& held) {
  std::vector<std::string> checks;
  for (const HeldReason& reason : held.reasons)
    checks.push_back(TerminalText(reason.check));
  return (held.is_pending ? "(pending) " : "") + Join(checks, ",");
}

std::string Path(std::string_view verb, const std::string& address,
                 const std::vector<std::string>& args) {
  std::string line = fmt::format("  {}:<{}>", verb, TerminalText(address));
  for (const std::string& arg : args) line += " " + TerminalText(arg);
  return line + "\n";
}

std::string SubmissionText(const Submission& submission) {
  std::string text;
  if (!submission.login.empty())
    text += "Login:    " + TerminalText(submission.login) + "\n";
  if (submission.client_address)
    text +=
        fmt::format("Client:   {} {}\n", submission.client_address->ToString(),
                    TerminalText(submission.client_name));
  if (submission.is_local) text += "Client:   a program on this host\n";
  if (!submission.queue_id.empty())
    text += "Queue id: " + TerminalText(submission.queue_id) + "\n";
  return text;
}

std::string ReasonsText(const HeldMessage& held) {
  std::string text = "Reasons:\n";
  for (const HeldReason& reason : held.reasons) {
    text += fmt::format("  {}: {}\n", TerminalText(reason.check),
                        TerminalText(reason.detail));
    if (!reason.reply.empty())
      text += fmt::format("    foreseen: {}\n", TerminalText(reason.reply));
  }
  return text;
}

struct Parts {
  std::string_view header, body;
};

// At the first empty line.
Parts PartsOf(std::string_view octets) {
  if (octets.starts_with("\r\n")) return {{}, octets.substr(2)};
  const std::size_t end = octets.find("\r\n\r\n");
  if (end == std::string_view::npos) return {octets, {}};
  return {octets.substr(0, end + 2), octets.substr(end + 4)};
}

Json Described(const HeldMessage& held) {
  Json recipients = Json::array();
  for (const ForwardPath& recipient : held.envelope.recipients)
    recipients.push_back(recipient.address);
  Json reasons = Json::array();
  for (const HeldReason& reason : held.reasons)
    reasons.push_back({{"check", reason.check},
                       {"detail", reason.detail},
                       {"reply", reason.reply}});
  const Submission& submission = held.submission;
  Json json = {{"id", held.id},
               {"held_at", Timestamp(held.held_at)},
               {"pending", held.is_pending},
               {"mail_from", held.envelope.mail_from},
               {"recipients", std::move(recipients)},
               {"reasons", std::move(reasons)},
               {"subject", held.subject},
               {"bytes", held.message_bytes},
               {"login", submission.login},
               {"client", nullptr},
               {"free_at", nullptr}};
  if (submission.client_address)
    json["client"] = submission.client_address->ToString();
  if (held.free_at) json["free_at"] = Timestamp(*held.free_at);
  return json;
}

std::string Dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string Timestamp(TimePoint time) {
  return fmt::format(
      "{:%Y-%m-%dT%H:%M:%SZ}",
      fmt::gmtime(std::chrono::duration_cast<std::chrono::seconds>(
                      time.time_since_epoch())
                      .count()));
}

std::string HoldTable(std::span<const HeldMessage> holds, TimePoint now) {
  if (holds.empty()) return "Nothing is held.\n";
  std::string table = fmt::format("{:<8}  {:>4}  {:<20}  {:<20}  {}\n", "ID",
                                  "AGE", "FROM", "TO", "REASONS");
  for (const HeldMessage& held : holds) {
    const std::string from = TerminalText(Bracketed(held.envelope.mail_from));
    const std::string line = fmt::format(
        "{:.8}  {:>4}  {}  {}  {}", held.id, Age(held.held_at, now),
        Column(from, 20), Column(ShortRecipients(held.envelope.recipients), 20),
        Column(ShortReasons(held), 20));
    table += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return table;
}

std::string HoldText(const HeldMessage& held, std::string_view octets,
                     TimePoint now) {
  std::string text = fmt::format(
      "Id:       {}\nHeld:     {}, {} ago{}\n", held.id,
      Timestamp(held.held_at), Age(held.held_at, now),
      held.is_pending ? ", pending: the MTA is not known to have let go" : "");
  if (held.free_at) text += "Free at:  " + Timestamp(*held.free_at) + "\n";
  text += SubmissionText(held.submission);
  text += ReasonsText(held);
  text += "Envelope:\n";
  text += Path("MAIL FROM", held.envelope.mail_from, held.envelope.mail_args);
  for (const ForwardPath& recipient : held.envelope.recipients)
    text += Path("RCPT TO", recipient.address, recipient.args);
  const Parts parts = PartsOf(octets);
  text += "Header:\n" + TerminalLines(parts.header, "  ");
  const bool is_cut = parts.body.size() > kPreviewBytes;
  text += is_cut ? fmt::format("Body (the first {} of {} octets):\n",
                               kPreviewBytes, parts.body.size())
                 : fmt::format("Body ({} octets):\n", parts.body.size());
  return text + TerminalLines(parts.body.substr(0, kPreviewBytes), "  ");
}

std::string HoldJson(const HeldMessage& held) {
  return Dumped(Described(held));
}

std::string HoldJson(const HeldMessage& held, std::string_view octets) {
  Json json = Described(held);
  const Parts parts = PartsOf(octets);
  Json recipients = Json::array();
  for (const ForwardPath& recipient : held.envelope.recipients)
    recipients.push_back(
        {{"address", recipient.address}, {"args", recipient.args}});
  json["envelope"] = {{"mail_args", held.envelope.mail_args},
                      {"recipients", std::move(recipients)}};
  json["header"] = std::string(parts.header);
  json["body_preview"] = std::string(parts.body.substr(0, kPreviewBytes));
  json["body_bytes"] = parts.body.size();
  return Dumped(json);
}

}  // namespace postern
