// postern held list|show|release|drop: what waits, and what becomes of it.
//
// Exit status: 0 done, 1 refused or not found, 2 could not. Of several ids the
// worst. What is not certain to have left stays held.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/audit_log.h"
#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "milter/desk/hold_text.h"
#include "milter/hand_back.h"
#include "policy/base/text.h"
#include "policy/holds/held_store.h"

namespace postern {
namespace {

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kCouldNot = 2;
constexpr std::size_t kLeastPrefix = 4;

struct Options {
  std::string config_file = std::string(kConfigFile);
  bool is_json = false;
  std::vector<std::string> ids;
};

int Complain(int status, std::string_view message) {
  fmt::print(stderr, "postern held: {}\n", message);
  return status;
}

// The desk with its store open. Status is set when it could not be.
struct Desk {
  Config config;
  std::unique_ptr<HeldStore> store;  // null: there never was a hold
  SystemClock clock;
  bool is_json = false;
};

int OpenStore(Desk* desk) {
  const std::string directory = HoldsDirectory(desk->config.state_directory);
  // Looking must not make the daemon's directories.
  std::error_code failure;
  const bool is_there = std::filesystem::exists(directory, failure);
  if (failure)
    return Complain(kCouldNot,
                    fmt::format("{}: {}", directory, failure.message()));
  if (!is_there) return kDone;
  Result<std::unique_ptr<HeldStore>> store =
      HeldStore::Open(directory, desk->clock);
  if (!store) return Complain(kCouldNot, store.error().message);
  desk->store = std::move(*store);
  return kDone;
}

Result<std::vector<HeldMessage>> ListOf(const Desk& desk) {
  if (desk.store == nullptr) return std::vector<HeldMessage>();
  return desk.store->List();
}

int List(Desk& desk, const Options& /*options*/) {
  const Result<std::vector<HeldMessage>> holds = ListOf(desk);
  if (!holds) return Complain(kCouldNot, holds.error().message);
  if (!desk.is_json) fmt::print("{}", HoldTable(*holds, desk.clock.Now()));
  if (desk.is_json)
    for (const HeldMessage& held : *holds) fmt::print("{}", HoldJson(held));
  return kDone;
}

int Show(Desk& desk, const HeldMessage& held) {
  const Result<std::string> octets = desk.store->Octets(held.id);
  if (!octets) return Complain(kCouldNot, octets.error().message);
  fmt::print("{}", desk.is_json ? HoldJson(held, *octets)
                                : HoldText(held, *octets, desk.clock.Now()));
  return kDone;
}

std::string Deed(std::string_view verb, const HeldMessage& held) {
  return fmt::format("{} {} mail_from=<{}> recipients={}", verb, held.id,
                     EscapeForLog(held.envelope.mail_from),
                     held.envelope.recipients.size());
}

// Nothing is dropped that could not be written down first.
int Drop(Desk& desk, const HeldMessage& held) {
  const std::string line = AuditLine(desk.clock.Now(), Deed("drop", held));
  const Result<void> audited = Audit(desk.config.state_directory, line);
  if (!audited) return Complain(kCouldNot, audited.error().message);
  fmt::print(stderr, "{}", line);
  const Result<void> dropped = desk.store->Drop(held.id);
  if (!dropped) return Complain(kRefused, dropped.error().message);
  return kDone;
}

int Report(const Desk& desk, const HeldMessage& held,
           const SmtpOutcome& outcome) {
  for (const SmtpOutcome::Refusal& refusal : outcome.refused)
    Complain(kRefused, fmt::format("{}: <{}> stays held: {}", held.id,
                                   EscapeForLog(refusal.recipient.address),
                                   refusal.reply));
  switch (outcome.kind) {
    case SmtpOutcome::Kind::kTaken:
      if (!desk.is_json) fmt::print("{} released\n", held.id);
      return outcome.refused.empty() ? kDone : kRefused;
    case SmtpOutcome::Kind::kRefused:
      return Complain(
          kRefused, fmt::format("{}: stays held: {}", held.id, outcome.error));
    case SmtpOutcome::Kind::kFailed:
      return Complain(
          kCouldNot, fmt::format("{}: stays held: {}", held.id, outcome.error));
  }
  return kCouldNot;
}

int Release(Desk& desk, const HeldMessage& listed) {
  const HandBackOutcome back =
      HandBack(desk.store.get(), desk.config, listed.id, ReleaseBy::kOperator);
  if (!back.fault.empty()) return Complain(kCouldNot, back.fault);
  const int status = Report(desk, back.held, back.outcome);
  const std::string word = status == kDone ? "release" : "release-refused";
  const Result<void> audited =
      Audit(desk.config.state_directory,
            AuditLine(desk.clock.Now(), Deed(word, back.held)));
  if (!back.settled)
    return Complain(kCouldNot,
                    "released, but: " + back.settled.error().message);
  if (!audited) return Complain(kCouldNot, audited.error().message);
  return status;
}

// The hold that an id, or its unique beginning, names; null: complained.
const HeldMessage* Named(const std::vector<HeldMessage>& holds,
                         const std::string& id) {
  std::vector<const HeldMessage*> named;
  for (const HeldMessage& held : holds)
    if (id.size() >= kLeastPrefix && held.id.starts_with(id))
      named.push_back(&held);
  if (named.size() == 1) return named.front();
  Complain(
      kRefused,
      fmt::format("{}: {}", named.empty() ? "no such hold" : "several holds",
                  EscapeForLog(id, 64)));
  return nullptr;
}

using ForOne = int (*)(Desk&, const HeldMessage&);

template <ForOne kForOne>
int ForEach(Desk& desk, const Options& options) {
  const Result<std::vector<HeldMessage>> holds = ListOf(desk);
  if (!holds) return Complain(kCouldNot, holds.error().message);
  int status = kDone;
  for (const std::string& id : options.ids) {
    const HeldMessage* held = Named(*holds, id);
    status =
        std::max(status, held == nullptr ? kRefused : kForOne(desk, *held));
  }
  return status;
}

int Run(const Options& options, int (*work)(Desk&, const Options&)) {
  std::expected<Config, int> config = ReadOrReport(options.config_file);
  if (!config) return kCouldNot;
  Desk desk{.config = std::move(*config), .is_json = options.is_json};
  const int opened = OpenStore(&desk);
  return opened == kDone ? work(desk, options) : opened;
}

}  // namespace

void AddHeldCommand(CLI::App& program, int* status) {
  struct Work {
    const char* name;
    const char* summary;
    int (*run)(Desk&, const Options&);
  };
  constexpr std::array<Work, 4> kWorks = {{
      {"list", "List what is held", List},
      {"show", "Show a hold whole", ForEach<Show>},
      {"release", "Hand it back to the MTA; judged anew", ForEach<Release>},
      {"drop", "Delete it for ever, unasked", ForEach<Drop>},
  }};
  CLI::App* held = program.add_subcommand("held", "What waits, and why");
  held->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  held->add_option("--config", options->config_file, "Configuration file")
      ->capture_default_str();
  held->add_flag("--json", options->is_json, "One JSON object per line");
  for (const Work& work : kWorks) {
    CLI::App* command = held->add_subcommand(work.name, work.summary);
    command->fallthrough();
    if (work.run != List)
      command->add_option("id", options->ids, "An id, or its beginning")
          ->required()
          ->expected(1, work.run == ForEach<Show> ? 1 : 10'000);
    command->callback(
        [options, status, run = work.run] { *status = Run(*options, run); });
  }
}

}  // namespace postern
