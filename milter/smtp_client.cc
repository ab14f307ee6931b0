#include "milter/smtp_client.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "milter/smtp_connection.h"
#include "policy/base/text.h"

namespace postern {
namespace {

bool IsEightBit(std::string_view octets) {
  return std::any_of(octets.begin(), octets.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80;
  });
}

// What may stand in a command line without changing what the line says.
bool IsSayable(std::string_view text, std::string_view forbidden) {
  return std::none_of(text.begin(), text.end(), [forbidden](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7f || Contains(forbidden, {&c, 1});
  });
}

std::string NameOf(std::string_view arg) {
  std::string name(arg.substr(0, arg.find('=')));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return name;
}

// One transaction, from the greeting on.
class SmtpTransaction {
 public:
  SmtpTransaction(const SmtpServer& server, const SmtpMail& mail,
                  SmtpConnection connection)
      : server_(server),
        mail_(mail),
        data_(DataOctets(mail.octets)),
        connection_(std::move(connection)) {}

  [[nodiscard]] SmtpOutcome Run() {
    if (Greet() && SayMail() && SayRecipients() && SayData())
      outcome_.kind = SmtpOutcome::Kind::kTaken;
    // Whatever it answers, all is said.
    if (!is_broken_) (void)connection_.Write("QUIT\r\n");
    return std::move(outcome_);
  }

 private:
  using Kind = SmtpOutcome::Kind;

  // False: the outcome says why.
  bool Accept(std::string_view stage, const Result<ServerReply>& reply,
              Kind when_refused) {
    if (reply && reply->is_positive()) return true;
    is_broken_ = !reply;
    outcome_.kind = reply ? when_refused : Kind::kFailed;
    outcome_.code = reply ? reply->code : 0;
    outcome_.error =
        fmt::format("{}: {}: {}", server_.ToString(), stage,
                    reply ? reply->ToString() : reply.error().message);
    return false;
  }
  bool Refuse(std::string_view stage, std::string_view reason) {
    outcome_.kind = Kind::kRefused;
    outcome_.error =
        fmt::format("{}: {}: {}", server_.ToString(), stage, reason);
    return false;
  }

  bool Greet() {
    if (!Accept("greeting", connection_.Read(), Kind::kFailed)) return false;
    const Result<ServerReply> ehlo = connection_.Say("EHLO " + mail_.helo_name);
    if (ehlo && !ehlo->is_positive())
      return Accept("HELO", connection_.Say("HELO " + mail_.helo_name),
                    Kind::kFailed);
    if (!Accept("EHLO", ehlo, Kind::kFailed)) return false;
    for (const std::string& line : ehlo->lines)
      extensions_.insert(NameOf(line.substr(0, line.find(' '))));
    return true;
  }

  bool SayMail() {
    const Envelope& envelope = mail_.envelope;
    if (!IsSayable(envelope.mail_from, "<>"))
      return Refuse("MAIL FROM", "the address cannot be said");
    std::string line = fmt::format("MAIL FROM:<{}>", envelope.mail_from);
    const bool is_eight_bit = IsEightBit(mail_.octets);
    if (Offers("SIZE")) line += fmt::format(" SIZE={}", data_.size());
    if (Offers("8BITMIME") && (is_eight_bit || HasBody8Bit()))
      line += " BODY=8BITMIME";
    if (NeedsUtf8()) {
      if (!Offers("SMTPUTF8"))
        return Refuse("MAIL FROM", "the server does not offer SMTPUTF8");
      line += " SMTPUTF8";
    }
    line += DsnArgs(envelope.mail_args, {"RET", "ENVID"});
    return Accept("MAIL FROM", connection_.Say(line), Kind::kRefused);
  }

  bool SayRecipients() {
    for (const ForwardPath& recipient : mail_.envelope.recipients) {
      if (!IsSayable(recipient.address, "<>")) {
        outcome_.refused.push_back({recipient, "the address cannot be said"});
        continue;
      }
      const Result<ServerReply> reply = connection_.Say(
          fmt::format("RCPT TO:<{}>{}", recipient.address,
                      DsnArgs(recipient.args, {"NOTIFY", "ORCPT"})));
      // 421: the server is going away, this is no word on the recipient.
      if (!reply || reply->code == 421)
        return Accept("RCPT TO", reply, Kind::kFailed);
      if (reply->is_positive()) continue;
      outcome_.refused.push_back({recipient, reply->ToString()});
      outcome_.code = reply->code;
    }
    if (outcome_.refused.size() < mail_.envelope.recipients.size()) return true;
    return Refuse("RCPT TO", outcome_.refused.empty()
                                 ? "there are no recipients"
                                 : outcome_.refused.front().reply);
  }

  bool SayData() {
    const Result<ServerReply> go = connection_.Say("DATA");
    if (!go || go->code != 354) {
      // A positive reply here would be an answer to another question.
      const bool is_positive = go && go->is_positive();
      return is_positive ? Refuse("DATA", go->ToString())
                         : Accept("DATA", go, Kind::kRefused);
    }
    const Result<void> written = connection_.Write(data_);
    return Accept("end of data",
                  written
                      ? connection_.Read()
                      : Result<ServerReply>(std::unexpected(written.error())),
                  Kind::kRefused);
  }

  [[nodiscard]] bool Offers(const std::string& extension) const {
    return extensions_.contains(extension);
  }
  [[nodiscard]] bool HasBody8Bit() const {
    const auto& args = mail_.envelope.mail_args;
    return std::any_of(args.begin(), args.end(), [](const std::string& arg) {
      return EqualsIgnoreCase(arg, "BODY=8BITMIME");
    });
  }
  // RFC 6531 s.3.4: an address needs it, or the client asked for it.
  [[nodiscard]] bool NeedsUtf8() const {
    const Envelope& envelope = mail_.envelope;
    const auto needs = [](const ForwardPath& recipient) {
      return IsEightBit(recipient.address);
    };
    const bool is_needed = IsEightBit(envelope.mail_from) ||
                           std::any_of(envelope.recipients.begin(),
                                       envelope.recipients.end(), needs);
    const bool is_asked =
        std::any_of(envelope.mail_args.begin(), envelope.mail_args.end(),
                    [](const std::string& arg) {
                      return EqualsIgnoreCase(arg, "SMTPUTF8");
                    });
    return is_needed || (is_asked && Offers("SMTPUTF8"));
  }
  // RFC 3461: the parameters of delivery status notifications.
  [[nodiscard]] std::string DsnArgs(const std::vector<std::string>& args,
                                    const std::set<std::string>& names) const {
    std::string said;
    if (!Offers("DSN")) return said;
    for (const std::string& arg : args)
      if (names.contains(NameOf(arg)) && IsSayable(arg, " ")) said += " " + arg;
    return said;
  }

  const SmtpServer& server_;
  const SmtpMail& mail_;
  std::string data_;
  SmtpConnection connection_;
  std::set<std::string> extensions_;
  SmtpOutcome outcome_;
  bool is_broken_ = false;
};

}  // namespace

std::string SmtpServer::ToString() const {
  if (Contains(host, ":")) return fmt::format("[{}]:{}", host, port);
  return fmt::format("{}:{}", host, port);
}

std::optional<SmtpServer> ParseSmtpServer(std::string_view text) {
  SmtpServer server;
  std::string_view port;
  const std::size_t bracket = text.find(']');
  if (text.starts_with('[') && bracket != std::string_view::npos) {
    server.host = text.substr(1, bracket - 1);
    port = text.substr(bracket + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    server.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (server.host.empty()) return std::nullopt;
  if (port.empty()) return server;
  port.remove_prefix(1);
  if (port.empty() || port.size() > 5 ||
      !std::all_of(port.begin(), port.end(), IsDigit))
    return std::nullopt;
  server.port = port;
  return server;
}

namespace {

// A bare CR in a field would become the line end that makes it two fields.
std::string WithoutBareCrInHeader(std::string_view octets) {
  std::string mended(octets);
  const std::size_t end =
      octets.starts_with("\r\n") ? 0 : octets.find("\r\n\r\n");
  if (end == std::string::npos) return mended;
  for (std::size_t i = 0; i < end; ++i)
    if (mended[i] == '\r' && mended[i + 1] != '\n') mended[i] = ' ';
  return mended;
}

}  // namespace

std::string DataOctets(std::string_view message) {
  const std::string mended = WithoutBareCrInHeader(message);
  std::string_view octets = mended;
  std::string data;
  data.reserve(octets.size() + octets.size() / 64 + 8);
  while (!octets.empty()) {
    const std::size_t end =
        std::min(octets.find_first_of("\r\n"), octets.size());
    if (octets[0] == '.') data += '.';
    data += octets.substr(0, end);
    data += "\r\n";
    octets.remove_prefix(end);
    const std::size_t line_end = octets.starts_with("\r\n") ? 2 : 1;
    octets.remove_prefix(std::min(line_end, octets.size()));
  }
  data += ".\r\n";
  return data;
}

SmtpOutcome SendMail(const SmtpServer& server, const SmtpMail& mail,
                     std::chrono::seconds timeout) {
  Result<SmtpConnection> connection =
      SmtpConnection::Open(server.host, server.port, timeout);
  if (!connection)
    return {.error = fmt::format("{}: connect: {}", server.ToString(),
                                 connection.error().message)};
  return SmtpTransaction(server, mail, std::move(*connection)).Run();
}

}  // namespace postern
