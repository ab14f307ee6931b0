// postern check-config: says whether a configuration would be taken.
//
// Reads and test-signs every key that is not retired, unless --quick: keys are
// otherwise read when they are first used. Exit status: 0 it would, 1 it has
// faults (all on standard error), 2 it cannot be read. The unit runs it before
// every start, quickly.
#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "policy/signing/keys.h"

namespace postern {
namespace {

struct Asked {
  std::string file = std::string(kConfigFile);
  bool is_quick = false;
};

std::string Summary(const Config& config) {
  return fmt::format(
      "mode {}; egress routes: {}; signing domains: {}; checks set: {}; "
      "limits: {}",
      ToString(config.mode), config.egress.size(),
      config.signing.domains.size(), config.checks.size(),
      config.limits.size());
}

// How many keys there are; each that cannot sign is said.
struct KeysJudged {
  std::size_t keys = 0, faults = 0;
};
KeysJudged JudgeKeys(const KeyRing& ring) {
  KeysJudged judged;
  for (const KeyReference& reference : ring.References()) {
    if (reference.stage == KeyStage::kRetired) continue;
    ++judged.keys;
    const Result<KeyInUse> key = ring.Open(reference);
    if (key) continue;
    ++judged.faults;
    fmt::print(stderr, "{}: {}\n", reference.place, key.error().message);
  }
  return judged;
}

int CheckConfig(const Asked& asked) {
  const auto config = ReadOrReport(asked.file);
  if (!config) return config.error();
  const auto ring = KeyRing::Load(config->signing);
  if (!ring) {
    fmt::print(stderr, "{}\n", ring.error().message);
    return 1;
  }
  std::string keys = "not looked at";
  if (!asked.is_quick) {
    // Each fault is said here, with its place.
    spdlog::set_level(spdlog::level::off);
    const KeysJudged judged = JudgeKeys(**ring);
    if (judged.faults > 0) return 1;
    keys = fmt::format("{}", judged.keys);
  }
  fmt::print("{}: ok: {}; keys: {}\n", asked.file, Summary(*config), keys);
  return 0;
}

}  // namespace

void AddCheckConfigCommand(CLI::App& program, int* status) {
  auto* command =
      program.add_subcommand("check-config", "Judge a configuration file");
  auto asked = std::make_shared<Asked>();
  command->add_option("--config", asked->file, "The file to judge")
      ->capture_default_str();
  command->add_flag("--quick", asked->is_quick, "Do not read the signing keys");
  command->callback([asked, status] { *status = CheckConfig(*asked); });
}

}  // namespace postern
