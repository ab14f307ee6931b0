#include "milter/session.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <utility>

#include "milter/end_of_message.h"
#include "policy/base/public_address.h"
#include "policy/base/text.h"

namespace postern {
namespace {

bool HasBrackets(std::string_view path) {
  return path.size() >= 2 && path.front() == '<' && path.back() == '>';
}

std::string WithoutBrackets(std::string_view path) {
  return std::string(HasBrackets(path) ? path.substr(1, path.size() - 2)
                                       : path);
}

// RFC 3461 s.4: "+" and two hexadecimal digits.
std::string WithoutXtext(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned octet = 0;
    const char* const digits = text.data() + i + 1;
    const bool is_coded =
        text[i] == '+' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2;
    plain += is_coded ? static_cast<char>(octet) : text[i];
    if (is_coded) i += 2;
  }
  return plain;
}

std::vector<std::string> AllButFirst(std::vector<std::string> words) {
  if (!words.empty()) words.erase(words.begin());
  return words;
}

// {v}: "Postfix 3.7.11", or Sendmail's "8.17.1.9".
MtaKind KindOf(std::string_view version) {
  if (version.starts_with("Postfix")) return MtaKind::kPostfix;
  return !version.empty() && IsDigit(version.front()) ? MtaKind::kSendmail
                                                      : MtaKind::kUnknown;
}

void LogRefusedRecipient(const Submission& submission,
                         const std::string& mail_from,
                         const RecipientAnswer& answer) {
  const Reply& reply = *answer.reply;
  std::vector<std::string> checks;
  std::string limit;
  for (const Finding& finding : answer.findings) {
    checks.push_back(finding.check);
    const bool is_limit = finding.check.starts_with("limit-");
    if (is_limit && finding.action != Action::kObserve)
      limit = fmt::format(" reason=\"{}\"", EscapeForLog(finding.detail, 300));
  }
  spdlog::info(
      "{}: stage=rcpt disposition={} reply=\"{} {}\" findings={} from=<{}>{}",
      EscapeForLog(submission.queue_id),
      reply.is_transient() ? "defer" : "reject", reply.code(),
      reply.enhanced().ToString(), checks.empty() ? "-" : Join(checks, ","),
      EscapeForLog(mail_from), limit);
}

}  // namespace

void Session::OnConnect(std::string_view client_name,
                        std::optional<IpAddress> address, const Mta& mta) {
  submission_.client_name = client_name;
  submission_.client_address = address;
  submission_.mta_name = mta.Macro("j").value_or("");
  submission_.mta_kind = KindOf(mta.Macro("v").value_or(""));
  // Postfix gives another value at end of message (its cleanup's own).
  submission_.daemon_name = mta.Macro("{daemon_name}").value_or("");
}

void Session::OnHelo(std::string_view helo_name) {
  ConfirmHolds();
  submission_.helo_name = helo_name;  // comes again after STARTTLS
}

Answer Session::OnMail(std::vector<std::string> words, Mta& mta) {
  ConfirmHolds();
  transaction_.reset();
  const std::string path = words.empty() ? "" : words.front();
  ReadMailMacros(HasBrackets(path), mta);
  Traffic::Place place = door_.traffic->Enter();
  if (place == nullptr) {
    // Both MTAs pass the 421 on and close the connection.
    mta.SetReply(Reply::Make(421, {4, 3, 2}, "Restarting, come again shortly"));
    return Answer::kTempFail;
  }
  transaction_.emplace(Transaction::Begin{
      .rulebook = door_.rulebook->Get(),
      .spool_directory = door_.spool_directory,
      .bodies = door_.bodies,
      .envelope = {.mail_from = WithoutBrackets(path),
                   .mail_args = AllButFirst(std::move(words))},
      .place = std::move(place)});
  return Answer::kContinue;
}

Answer Session::OnRcpt(std::vector<std::string> words, Mta& mta) {
  if (!transaction_ || words.empty()) return Answer::kTempFail;
  ReadQueueId(mta);
  ForwardPath recipient{.address = WithoutBrackets(words.front())};
  recipient.args = AllButFirst(std::move(words));
  const RecipientAnswer answer = door_.gate->JudgeRecipient(
      submission_, transaction_->envelope(), recipient,
      transaction_->rulebook(), transaction_->limits());
  // Postfix cannot refuse one recipient of a local submission: it would try the
  // whole message again and again.
  if (answer.reply && !submission_.is_local) {
    LogRefusedRecipient(submission_, transaction_->envelope().mail_from,
                        answer);
    mta.SetReply(*answer.reply);
    return answer.reply->is_transient() ? Answer::kTempFail : Answer::kReject;
  }
  transaction_->AddRecipient(std::move(recipient));
  return Answer::kContinue;
}

void Session::OnHeader(std::string_view name, std::string_view value) {
  if (transaction_)
    transaction_->AddHeader(std::string(name), std::string(value));
}

void Session::OnBody(std::string_view chunk) {
  if (transaction_) transaction_->AddBody(chunk);
}

Answer Session::OnEndOfMessage(Mta& mta) {
  if (!transaction_) return Answer::kTempFail;
  ReadQueueId(mta);
  submission_.mta_message_id = mta.Macro("{msg_id}").value_or("");
  Transaction transaction = std::move(*transaction_);
  transaction_.reset();
  Ending ending = EndMessage(std::move(transaction), submission_, door_, mta);
  if (!ending.held_id.empty())
    pending_holds_.push_back(std::move(ending.held_id));
  return ending.answer;
}

void Session::OnAbort() {
  ConfirmHolds();
  transaction_.reset();
}

// The MTA closes a session when it has had its last answer.
void Session::OnClose() {
  ConfirmHolds();
  transaction_.reset();
}

void Session::OnInternalError(std::string_view stage) {
  if (transaction_) transaction_->Spoil(fmt::format("failed at {}", stage));
}

void Session::ReadMailMacros(bool has_brackets, const Mta& mta) {
  submission_.queue_id = "NOQUEUE";
  ReadQueueId(mta);
  submission_.mta_message_id.clear();
  // {auth_authen} is a login only beside {auth_type}. {auth_author} is what
  // anybody may write behind AUTH= (RFC 4954 s.5).
  const bool is_login = mta.Macro("{auth_type}").has_value();
  submission_.login =
      is_login ? mta.Macro("{auth_authen}").value_or("") : std::string();
  // Sendmail writes it as xtext, Postfix as it is.
  if (submission_.mta_kind == MtaKind::kSendmail)
    submission_.login = WithoutXtext(submission_.login);
  // Postfix's own submissions have no client port, and paths as they are
  // stored; by SMTP they come in angle brackets.
  const std::optional<std::string> port = mta.Macro("{client_port}");
  submission_.is_local = port ? *port == "0" : !has_brackets;
  // Its greeting is the MTA's own name.
  submission_.is_msp =
      submission_.mta_kind == MtaKind::kSendmail &&
      submission_.client_address && IsLoopback(*submission_.client_address) &&
      !submission_.mta_name.empty() &&
      EqualsIgnoreCase(submission_.helo_name, submission_.mta_name);
}

void Session::ReadQueueId(const Mta& mta) {
  if (const std::optional<std::string> id = mta.Macro("i"))
    submission_.queue_id = *id;
}

// A command after the answer, or the end of the session, shows that the MTA has
// taken the answer.
void Session::ConfirmHolds() {
  for (const std::string& id : std::exchange(pending_holds_, {})) {
    const Result<void> confirmed = door_.holds->Confirm(id);
    if (!confirmed)
      spdlog::error("held {}: not confirmed: {}", id,
                    confirmed.error().message);
  }
}

}  // namespace postern
