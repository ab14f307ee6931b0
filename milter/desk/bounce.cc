// postern bounce: whose mail a switched sender stands for, and the way back for
// bounces.
//
//   postern bounce ADDRESS...           prints the original senders
//   postern bounce --new-secret FILE    a new secret, before those in the file
//   postern bounce --deliver [ADDRESS]  hands the bounce on standard input to
//                                       its original sender (pipe and aliases)
//
// Exit status 0 done; 1 not a good bounce address; 2 could not. With --deliver
// those of sysexits.h, which MTAs understand. It never sends but from "<>", so
// that nothing it sends comes back.
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "milter/smtp_client.h"
#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "policy/config/secret_file.h"
#include "policy/message/message.h"
#include "policy/remedies/bounce_address.h"

namespace postern {
namespace {

constexpr std::size_t kMaxOctets = std::size_t{64} << 20;
constexpr std::chrono::minutes kTimeout{5};
constexpr std::string_view kTrace = "X-Postern-Bounce";
// RFC 5321 s.6.3: a simple count of Received fields ends loops.
constexpr std::size_t kMaxReceived = 100;

struct Options {
  std::string config_file = std::string(kConfigFile);
  std::string secret_file;
  std::vector<std::string> addresses;
  std::optional<std::string> sender;
  bool is_delivery = false;
};

int Complain(int status, std::string_view message) {
  fmt::print(stderr, "postern bounce: {}\n", message);
  return status;
}

int TellSenders(const Options& options) {
  const auto config = ReadOrReport(options.config_file);
  if (!config) return 2;
  int status = 0;
  for (const std::string& address : options.addresses) {
    const Result<std::string> sender =
        SenderBehind(address, *config, SystemClock().Now());
    if (sender)
      fmt::print("{}\n", *sender);
    else
      status = Complain(1, fmt::format("{}: {}", EscapeForLog(address),
                                       sender.error().message));
  }
  return status;
}

// Takes owner and permissions of the file it is going to replace.
Result<void> ReplaceAlike(const std::string& path, const struct stat& status,
                          std::string_view octets) {
  const std::string fresh = path + ".new-" + RandomId();
  Result<void> written = WriteNewFile(fresh, octets);
  const bool is_alike =
      written && chown(fresh.c_str(), status.st_uid, status.st_gid) == 0 &&
      chmod(fresh.c_str(), status.st_mode & 0660) == 0;
  if (written && !is_alike)
    written = Fail(fmt::format("{}: {}", fresh, std::strerror(errno)));
  if (written) written = Rename(fresh, path);
  if (!written) unlink(fresh.c_str());
  return written;
}

int MakeSecret(const std::string& path) {
  const std::string line = RandomId() + RandomId() + "\n";
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    const Result<void> made = WriteNewFile(path, line);
    if (!made) return Complain(2, made.error().message);
    fmt::print("{}: made, readable by its owner alone, who must be Postern's\n",
               path);
    return 0;
  }
  // What is there must be sound: nothing is written over another kind of file.
  const Result<std::vector<std::string>> old = ReadSecretFile(path);
  if (!old) return Complain(2, old.error().message);
  std::string text = line;
  for (std::size_t i = 0; i < old->size() && i < 15; ++i)
    text += (*old)[i] + "\n";
  const Result<void> replaced = ReplaceAlike(path, status, text);
  if (!replaced) return Complain(2, replaced.error().message);
  fmt::print("{}: a new secret signs, the old ones verify; reload Postern\n",
             path);
  return 0;
}

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// As MTAs write the null reverse-path for the programs they call.
bool IsNullSender(std::string_view sender) {
  return sender.empty() || sender == "<>" ||
         EqualsIgnoreCase(sender, "MAILER-DAEMON");
}

// nullopt: nobody has said who sent it.
std::optional<std::string> EnvelopeSender(const Options& options) {
  if (options.sender) return options.sender;
  const char* sender = std::getenv("SENDER");  // Postfix local(8)
  if (sender == nullptr) return std::nullopt;
  return sender;
}

// Postfix local(8) gives the address in the environment: ORIGINAL_RECIPIENT is
// that of the envelope.
std::string BounceAddress(const Options& options) {
  if (!options.addresses.empty()) return options.addresses.front();
  const std::string original = FromEnvironment("ORIGINAL_RECIPIENT");
  return original.empty() ? FromEnvironment("RECIPIENT") : original;
}

std::string HeloName(const Config& config) {
  if (!config.hostname.empty()) return config.hostname;
  std::array<char, 256> name{};
  (void)gethostname(name.data(), name.size() - 1);
  return name[0] == '\0' ? "localhost" : name.data();
}

Result<std::string> ReadBounce() {
  std::string octets(kMaxOctets + 1, '\0');
  std::cin.read(octets.data(), static_cast<std::streamsize>(octets.size()));
  octets.resize(static_cast<std::size_t>(std::cin.gcount()));
  if (octets.size() > kMaxOctets) return Fail("longer than 64 MiB");
  if (octets.empty()) return Fail("nothing on standard input");
  // The mbox line that MTAs put before what they pipe.
  if (octets.starts_with("From "))
    octets.erase(0, std::min(octets.find('\n'), octets.size() - 1) + 1);
  return octets;
}

// Why this bounce is not sent once more; empty: it may be.
std::string LoopIn(const std::string& octets, const std::string& address) {
  const Header header = ParseOctets(octets).header;
  if (header.Count("Received") > kMaxReceived)
    return "a loop: more than 100 Received fields";
  for (const HeaderField* field : header.FindAll(kTrace))
    if (EqualsIgnoreCase(field->Unfolded(), address))
      return "a loop: it has been given back before";
  return {};
}

int StatusOf(const SmtpOutcome& outcome) {
  switch (outcome.kind) {
    case SmtpOutcome::Kind::kTaken:
      return EX_OK;
    case SmtpOutcome::Kind::kRefused:
      return Complain(outcome.code / 100 == 4 ? EX_TEMPFAIL : EX_UNAVAILABLE,
                      outcome.error);
    case SmtpOutcome::Kind::kFailed:
      return Complain(EX_TEMPFAIL, outcome.error);
  }
  return EX_TEMPFAIL;
}

int HandOn(const Config& config, const std::string& sender,
           std::string octets) {
  const std::optional<SmtpServer> server =
      ParseSmtpServer(config.holds.reinject);
  if (!server) return Complain(EX_CONFIG, "holds.reinject: not HOST:PORT");
  SmtpMail mail{.helo_name = HeloName(config), .octets = std::move(octets)};
  mail.envelope.recipients.push_back({sender, {}});
  return StatusOf(SendMail(*server, mail, kTimeout));
}

int Deliver(const Options& options) {
  const std::string address = BounceAddress(options);
  const std::optional<std::string> envelope_sender = EnvelopeSender(options);
  if (address.empty() || options.addresses.size() > 1 || !envelope_sender)
    return Complain(EX_USAGE,
                    "--deliver needs one ADDRESS and --sender, or the "
                    "environment of Postfix's local(8)");
  const std::string shown = EscapeForLog(address);
  // Whoever is no MTA with a bounce would use us to reach others unseen.
  if (!IsNullSender(*envelope_sender))
    return Complain(EX_NOPERM,
                    shown + ": only bounces, from <>, are given back");
  const auto config = ReadOrReport(options.config_file);
  if (!config) return EX_TEMPFAIL;
  const Result<std::string> sender =
      SenderBehind(address, *config, SystemClock().Now());
  if (!sender)
    return Complain(EX_NOUSER, shown + ": " + sender.error().message);
  Result<std::string> octets = ReadBounce();
  if (!octets) return Complain(EX_DATAERR, octets.error().message);
  const std::string loop = LoopIn(*octets, address);
  if (!loop.empty()) return Complain(EX_DATAERR, shown + ": " + loop);
  octets->insert(0, fmt::format("{}: {}\r\n", kTrace, address));
  return HandOn(*config, *sender, std::move(*octets));
}

int Run(const Options& options) {
  if (options.is_delivery) return Deliver(options);
  if (!options.secret_file.empty()) return MakeSecret(options.secret_file);
  if (options.addresses.empty())
    return Complain(2, "no address; see postern bounce --help");
  return TellSenders(options);
}

}  // namespace

void AddBounceCommand(CLI::App& program, int* status) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "bounce", "Whose mail a switched sender stands for");
  command->add_option("ADDRESS", options->addresses, "Bounce addresses");
  command->add_option("--config", options->config_file, "Configuration file")
      ->capture_default_str();
  auto* secret = command->add_option("--new-secret", options->secret_file,
                                     "Put a new secret into this file");
  auto* deliver = command->add_flag(
      "--deliver", options->is_delivery,
      "Hand the bounce on standard input to the original sender");
  command
      ->add_option("--sender", options->sender,
                   "Its envelope sender, as the MTA has it")
      ->needs(deliver);
  secret->excludes(deliver);
  command->callback([options, status] { *status = Run(*options); });
}

}  // namespace postern
