// postern check: judges messages offline, without side effects. The
// demonstration, the debugger and the support tool in one.
//
// It plays what an SMTP client would see: each recipient is judged at RCPT,
// those that are refused there are off the message, the rest is judged at its
// end. Holds are not touched; limits are asked as if nothing had been sent.

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "milter/desk/desk.h"
#include "milter/desk/dns_choice.h"
#include "milter/desk/judgement_json.h"
#include "milter/desk/judgement_text.h"
#include "milter/desk/read_input.h"
#include "milter/desk/session_file.h"
#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/config/load.h"
#include "policy/facts/link_expander.h"
#include "policy/gate.h"
#include "policy/limits/embedded_limiter.h"
#include "policy/message/address.h"

namespace postern {
namespace {

struct Options {
  std::string config_file, mode, client, helo, user, session_file, dns_file,
      resolver, now, output;
  std::optional<std::string> sender;
  std::vector<std::string> recipients, files;
  bool is_json = false;
};

// What all messages of one call share.
struct Desk {
  std::shared_ptr<const Rulebook> rulebook;
  std::unique_ptr<Dns> dns;
  std::unique_ptr<Clock> clock;
  std::unique_ptr<const Snapshot<EgressSurvey>> egress;
  SessionFile session;
  // Fetches with links.expand alone.
  std::unique_ptr<LinkExpander> expander = std::make_unique<LinkExpander>();
};

// "2026-11-21T19:54:00Z" or with an offset such as "+01:00" (RFC 3339).
std::optional<TimePoint> ParseRfc3339(const std::string& text) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  if (*rest == '.') rest += 1 + std::strspn(rest + 1, "0123456789");
  std::int64_t offset = 0;
  if (*rest == '+' || *rest == '-') {
    int hours = 0, minutes = 0, length = 0;
    if (std::sscanf(rest + 1, "%2d:%2d%n", &hours, &minutes, &length) != 2)
      return std::nullopt;
    offset = (hours * 60 + minutes) * 60 * (*rest == '-' ? -1 : 1);
    rest += length;
  } else if (*rest != 'Z' && *rest != 'z') {
    return std::nullopt;
  }
  if (rest[1] != '\0') return std::nullopt;
  return TimePoint(std::chrono::seconds(timegm(&parts) - offset));
}

Result<std::unique_ptr<Clock>> ChooseClock(const std::string& now) {
  if (now.empty()) return std::make_unique<SystemClock>();
  const std::optional<TimePoint> time = ParseRfc3339(now);
  if (!time)
    return Fail("--now: not a time as in 2026-11-21T19:54:00Z: \"" + now +
                "\"");
  return std::make_unique<ManualClock>(*time);
}

// The session file, then what the command line says.
Result<SessionFile> MakeSession(const Options& options) {
  SessionFile session;
  if (!options.session_file.empty()) {
    const Result<std::string> text = ReadInput(options.session_file);
    if (!text) return std::unexpected(text.error());
    Result<SessionFile> parsed = ParseSessionFile(*text, options.session_file);
    if (!parsed) return parsed;
    session = std::move(*parsed);
  }
  if (!options.client.empty()) {
    session.submission.client_address = IpAddress::Parse(options.client);
    if (!session.submission.client_address)
      return Fail("--client: not an IP address: \"" + options.client + "\"");
  }
  if (!options.helo.empty()) session.submission.helo_name = options.helo;
  if (!options.user.empty()) session.submission.login = options.user;
  if (options.sender) {
    session.envelope.mail_from = *options.sender;
    session.has_mail = true;
  }
  for (const std::string& recipient : options.recipients)
    session.envelope.recipients.push_back({recipient, {}});
  session.submission.queue_id = "NOQUEUE";
  return session;
}

Result<Desk> SetUp(const Options& options) {
  Desk desk;
  Result<Config> config = options.config_file.empty()
                              ? DefaultConfig()
                              : LoadConfig(options.config_file, CheckIds());
  if (!config) return std::unexpected(config.error());
  config->mode = Mode::kEnforce;
  if (!options.mode.empty()) {
    const std::optional<Mode> mode = ParseMode(options.mode);
    if (!mode)
      return Fail("--mode: one of observe, mend, enforce, not \"" +
                  options.mode + "\"");
    config->mode = *mode;
  }
  Result<std::unique_ptr<Dns>> dns =
      ChooseDns(options.dns_file, options.resolver, config->dns);
  if (!dns) return std::unexpected(dns.error());
  desk.dns = std::move(*dns);
  // Whether our own signatures verify is always looked at here.
  config->signing.self_check_share = 1;
  Result<std::shared_ptr<const Rulebook>> rulebook =
      MakeRulebook(std::move(*config));
  if (!rulebook) return std::unexpected(rulebook.error());
  desk.rulebook = std::move(*rulebook);
  const Config& rules = desk.rulebook->config;
  desk.egress = std::make_unique<const Snapshot<EgressSurvey>>(
      std::make_shared<const EgressSurvey>(
          SurveyEgress(rules, *desk.dns, In(rules.milter.deadline))));
  Result<std::unique_ptr<Clock>> clock = ChooseClock(options.now);
  if (!clock) return std::unexpected(clock.error());
  desk.clock = std::move(*clock);
  Result<SessionFile> session = MakeSession(options);
  if (!session) return std::unexpected(session.error());
  desk.session = std::move(*session);
  return desk;
}

// A file whose first line ends with LF alone is a Unix text file: mail on the
// wire has CRLF. A CR that stands alone stays so, to be found.
std::string AsOnTheWire(std::string octets) {
  const std::size_t first = octets.find('\n');
  const bool is_text =
      first != std::string::npos && (first == 0 || octets[first - 1] != '\r');
  if (!is_text) return octets;
  std::string wire;
  wire.reserve(octets.size() + octets.size() / 32);
  for (const char c : octets) {
    if (c == '\n' && !wire.ends_with('\r')) wire += '\r';
    wire += c;
  }
  return wire;
}

// Without an envelope the header speaks for it, as with sendmail -t.
void AddressFromHeader(bool has_mail, Message* message) {
  if (!has_mail) {
    const HeaderField* from = message->header.Find("From");
    if (from != nullptr)
      for (const Mailbox& mailbox : ParseAddressList(from->value).mailboxes)
        if (message->envelope.mail_from.empty())
          message->envelope.mail_from = mailbox.address.ToString();
  }
  if (!message->envelope.recipients.empty()) return;
  for (const std::string_view name : {"To", "Cc", "Bcc"})
    for (const HeaderField* field : message->header.FindAll(name))
      for (const Mailbox& mailbox : ParseAddressList(field->value).mailboxes)
        message->envelope.recipients.push_back(
            {mailbox.address.ToString(), {}});
}

void Append(std::vector<RecipientDecision> refused,
            std::vector<Finding> findings, Decision* decision) {
  std::move(decision->recipients.begin(), decision->recipients.end(),
            std::back_inserter(refused));
  decision->recipients = std::move(refused);
  std::move(decision->findings.begin(), decision->findings.end(),
            std::back_inserter(findings));
  decision->findings = std::move(findings);
}

Result<Judgement> Judge(const Desk& desk, Message message) {
  const auto limiter =
      EmbeddedLimiter::Open("", *desk.clock, {.writes_by_itself = false});
  if (!limiter) return std::unexpected(limiter.error());
  const Gate gate({.dns = desk.dns.get(),
                   .clock = desk.clock.get(),
                   .limiter = limiter->get(),
                   .egress = desk.egress.get(),
                   .advice = Advice::kWanted,
                   .expander = desk.expander.get()});
  const Config& config = desk.rulebook->config;
  TransactionLimits limits;
  std::vector<RecipientDecision> refused;
  std::vector<Finding> findings;
  Envelope taken{message.envelope.mail_from, message.envelope.mail_args, {}};
  for (const ForwardPath& path : message.envelope.recipients) {
    RecipientAnswer answer = gate.JudgeRecipient(message.submission, taken,
                                                 path, *desk.rulebook, &limits);
    if (!answer.reply) {
      taken.recipients.push_back(path);
      continue;
    }
    std::string receiver;
    for (Finding& finding : answer.findings) {
      if (!finding.receivers.empty()) receiver = finding.receivers.front();
      findings.push_back(std::move(finding));
    }
    const Disposition disposition = answer.reply->is_transient()
                                        ? Disposition::kDefer
                                        : Disposition::kReject;
    refused.push_back({path.address, receiver, disposition, answer.reply});
  }
  const bool is_all_refused = taken.recipients.empty() && !refused.empty();
  message.envelope = std::move(taken);
  Judgement judgement =
      gate.JudgeMessage(std::move(message), *desk.rulebook, std::nullopt,
                        &limits, In(config.milter.deadline));
  if (is_all_refused) {
    judgement.decision.disposition = refused.front().disposition;
    judgement.decision.reply = refused.front().reply;
    judgement.decision.edits.clear();
  }
  Append(std::move(refused), std::move(findings), &judgement.decision);
  return judgement;
}

Result<Judgement> JudgeFile(const Desk& desk, const std::string& file) {
  Result<std::string> octets = ReadInput(file);
  if (!octets) return std::unexpected(octets.error());
  if (octets->empty()) return Fail(file + ": is empty");
  ParsedOctets parsed = ParseOctets(AsOnTheWire(std::move(*octets)));
  Message message{desk.session.submission, desk.session.envelope,
                  std::move(parsed.header), std::move(parsed.body)};
  AddressFromHeader(desk.session.has_mail, &message);
  return Judge(desk, std::move(message));
}

Result<void> WriteLeaving(const std::string& directory, const std::string& file,
                          const Decision& decision) {
  const std::string name =
      file == "-" ? "stdin.eml"
                  : std::filesystem::path(file).filename().string();
  const std::string path = directory + "/" + name;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::ofstream out(path, std::ios::binary);
  out << LeavingOctets(decision);
  out.close();
  if (!out) return Fail(path + ": cannot be written: " + std::strerror(errno));
  return {};
}

int Run(const Options& options) {
  const Result<Desk> desk = SetUp(options);
  if (!desk) {
    std::cerr << "postern check: " << desk.error().message << "\n";
    return 2;
  }
  int status = 0;
  for (const std::string& file : options.files) {
    const Result<Judgement> judgement = JudgeFile(*desk, file);
    Result<void> written;
    const bool may_leave =
        judgement && judgement->decision.disposition == Disposition::kAccept;
    if (may_leave && !options.output.empty())
      written = WriteLeaving(options.output, file, judgement->decision);
    if (!judgement || !written) {
      std::cerr << "postern check: "
                << (judgement ? written.error() : judgement.error()).message
                << "\n";
      status = 2;
      continue;
    }
    if (!may_leave) status = std::max(status, 1);
    std::cout << (options.is_json ? JudgementJson(file, *judgement) + "\n"
                                  : JudgementText(file, *judgement));
  }
  return status;
}

}  // namespace

void AddCheckCommand(CLI::App& program, int* status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "check", "Judge messages offline, as the receivers would");
  command->add_option("FILE", options->files, "RFC 5322 files; - is stdin")
      ->required();
  command->add_option("--config", options->config_file, "configuration file");
  command->add_option("--mode", options->mode, "observe, mend or enforce");
  command->add_option("--client", options->client, "submitting client's IP");
  command->add_option("--helo", options->helo, "its HELO name");
  command->add_option("--user", options->user, "its login");
  command->add_option("--sender", options->sender,
                      "envelope sender; '' is the null reverse-path");
  command
      ->add_option("--recipient", options->recipients,
                   "envelope recipient; may be repeated")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--session", options->session_file,
                      "session file: client, helo, auth, mail, rcpt, daemon");
  auto* dns = command->add_option("--dns", options->dns_file, "zone file");
  command->add_option("--resolver", options->resolver, "IP or IP@PORT")
      ->excludes(dns);
  command->add_option("--now", options->now, "RFC 3339 time to judge at");
  command->add_option("--output", options->output,
                      "directory for the messages as they would leave");
  command->add_flag("--json", options->is_json, "one JSON object per message");
  command->callback([options, status] { *status = Run(*options); });
}

}  // namespace postern
