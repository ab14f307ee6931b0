// postern check, as the operator calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <vector>

#include "milter/desk/desk.h"
#include "policy/base/text.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::ElementsAre;

// The recipients of each message that was judged.
std::vector<std::vector<std::string>> Recipients(
    const std::vector<std::string>& words) {
  CLI::App program;
  int status = -1;
  AddCheckCommand(program, &status);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  reversed.emplace_back("check");
  testing::internal::CaptureStdout();
  program.parse(reversed);
  const std::string out = testing::internal::GetCapturedStdout();
  std::vector<std::vector<std::string>> all;
  for (const std::string_view line : Split(out, '\n')) {
    if (line.empty()) continue;
    auto& one = all.emplace_back();
    const auto judgement = nlohmann::json::parse(line);
    for (const auto& recipient : judgement["recipients"])
      one.push_back(recipient["address"]);
  }
  return all;
}

TEST(CheckCommand, TakesOneAddressForEachRecipient) {
  const ScratchDirectory scratch;
  const std::string file = scratch.name() + "/a.eml";
  std::ofstream(file) << "From: a@example.org\n\nHi\n";
  const std::string zone = scratch.name() + "/zone";
  std::ofstream(zone) << "example.org MX 10 mx.example.org\n";
  EXPECT_THAT(
      Recipients({"--json", "--dns", zone, "--recipient", "b@example.org",
                  "--recipient", "c@example.org", file, file}),
      ElementsAre(ElementsAre("b@example.org", "c@example.org"),
                  ElementsAre("b@example.org", "c@example.org")));
}

TEST(CheckCommand, FindsWhatOneMessageAloneIsTooMuchFor) {
  const ScratchDirectory scratch;
  const std::string file = scratch.name() + "/a.eml";
  std::ofstream(file) << "From: a@example.org\n\nHi\n";
  const std::string zone = scratch.name() + "/zone";
  std::ofstream(zone) << "example.org MX 10 mx.example.org\n";
  const std::string config = scratch.name() + "/p.toml";
  std::ofstream(config) << "[[limits]]\nname = \"cap\"\nkey = [\"login\"]\n"
                           "cost = \"recipients\"\nper_message = 1\n";
  CLI::App program;
  int status = -1;
  AddCheckCommand(program, &status);
  testing::internal::CaptureStdout();
  program.parse(std::vector<std::string>{
      file, "c@example.org", "--recipient", "b@example.org", "--recipient",
      "alice", "--user", "observe", "--mode", zone, "--dns", config, "--config",
      "--json", "check"});
  const auto judgement =
      nlohmann::json::parse(testing::internal::GetCapturedStdout());
  std::vector<std::string> checks;
  for (const auto& finding : judgement["findings"])
    checks.push_back(finding["check"]);
  EXPECT_THAT(checks, testing::Contains("limit-cap"));
}

}  // namespace
}  // namespace postern
