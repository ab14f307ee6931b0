// postern keygen: makes the private keys of a domain, and says what to publish
// and what to configure.
//
// A file belongs to the owner of its folder, and is never written over another
// one. In a folder of root's with a group of its own, as /etc/postern/keys may
// be, that group may read it.
// Exit status: 0 done, 1 a file is there already, 2 it cannot be done.
#include <sys/stat.h>
#include <CLI/CLI.hpp>

#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "milter/desk/desk.h"
#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "policy/config/toml.h"
#include "policy/config/values.h"
#include "policy/facts/zone_line.h"
#include "policy/signing/keys.h"

namespace postern {
namespace {

struct Asked {
  std::string domain, selector, algorithm = "both", directory = ".";
  int bits = 2048;
  bool is_json = false;
};

// One key to make.
struct Plan {
  Domain domain;
  std::string selector;
  KeyAlgorithm algorithm;
  std::string file;
};

struct Made {
  Plan plan;
  std::string record;  // the TXT record's text
};

// The year and month, so that the next one has another name.
std::string SelectorOfToday() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("s{}{:02}", parts.tm_year + 1900, parts.tm_mon + 1);
}

std::string_view TypeOf(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::kRsaSha256 ? "rsa" : "ed25519";
}

Result<std::vector<Plan>> PlansFor(const Asked& asked) {
  const auto domain = Domain::Parse(asked.domain);
  if (!domain)
    return Fail("not a domain: \"" + EscapeForLog(asked.domain, 60) + "\"");
  const std::string base =
      asked.selector.empty() ? SelectorOfToday() : ToLower(asked.selector);
  if (!IsSelector(base))
    return Fail("not a selector: \"" + EscapeForLog(base, 60) + "\"");
  std::vector<Plan> plans;
  const bool is_both = asked.algorithm == "both";
  for (const KeyAlgorithm algorithm :
       {KeyAlgorithm::kRsaSha256, KeyAlgorithm::kEd25519Sha256}) {
    const std::string_view type = TypeOf(algorithm);
    if (!is_both && asked.algorithm != type) continue;
    // Two records need two names.
    const std::string selector =
        is_both ? fmt::format("{}-{}", base, type) : base;
    const auto file = std::filesystem::path(asked.directory) /
                      fmt::format("{}.{}.pem", domain->text(), selector);
    plans.push_back({*domain, selector, algorithm, file.string()});
  }
  return plans;
}

// Root's folder is not the daemon's, but its group may be.
Result<void> LetGroupRead(const std::string& file) {
  struct stat folder{};
  const std::string path =
      std::filesystem::absolute(file).parent_path().string();
  if (stat(path.c_str(), &folder) != 0) return Fail(path + ": gone");
  if (folder.st_uid != 0 || folder.st_gid == 0) return {};
  if (chmod(file.c_str(), 0640) != 0) return Fail(file + ": chmod 640 failed");
  return {};
}

Result<Made> Make(const Plan& plan, int bits) {
  const Result<std::string> pem = GeneratePrivateKey(plan.algorithm, bits);
  if (!pem) return std::unexpected(pem.error());
  const auto key = PrivateKey::FromPem(*pem);
  if (!key) return std::unexpected(key.error());
  Result<void> written = WriteNewFile(plan.file, *pem);
  if (written) written = LetGroupRead(plan.file);
  if (!written) return std::unexpected(written.error());
  // RFC 6376 s.3.6.1; h= keeps anybody from verifying with SHA-1.
  return Made{
      plan, fmt::format("v=DKIM1; k={}; h=sha256; p={}", TypeOf(plan.algorithm),
                        (*key)->public_base64())};
}

std::string MasterFileLine(const Made& made) {
  return fmt::format("{}._domainkey.{}. IN TXT (\n  {} )", made.plan.selector,
                     made.plan.domain.text(), QuoteTxt(made.record));
}

std::string TomlOf(const std::vector<Made>& keys) {
  const std::string path =
      "signing.domains." + TomlKey(keys.front().plan.domain.text());
  std::string text;
  for (const Made& made : keys)
    text += fmt::format(
        "[[{}.keys]]\nselector = {}\nfile = {}\nstage = \"pending\"\n", path,
        QuoteToml(made.plan.selector),
        QuoteToml(std::filesystem::absolute(made.plan.file)
                      .lexically_normal()
                      .string()));
  return text;
}

void PrintJson(const std::vector<Made>& keys) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Made& made : keys)
    list.push_back({{"domain", made.plan.domain.text()},
                    {"selector", made.plan.selector},
                    {"algorithm", ToString(made.plan.algorithm)},
                    {"file", made.plan.file},
                    {"name", made.plan.selector + "._domainkey." +
                                 made.plan.domain.text()},
                    {"record", made.record},
                    {"master_file", MasterFileLine(made)}});
  const nlohmann::ordered_json all = {{"keys", list}, {"toml", TomlOf(keys)}};
  std::cout << all.dump() << '\n';
}

void PrintText(const std::vector<Made>& keys) {
  for (const Made& made : keys)
    std::cout << fmt::format("; written: {}\n{}\n\n", made.plan.file,
                             MasterFileLine(made));
  std::cout << "# For postern.toml. When DNS has the records, make the stage "
               "\"active\".\n"
            << TomlOf(keys);
}

int Run(const Asked& asked) {
  const auto fail = [](const std::string& why, int status) {
    std::cerr << "postern keygen: " << why << '\n';
    return status;
  };
  const Result<std::vector<Plan>> plans = PlansFor(asked);
  if (!plans) return fail(plans.error().message, 2);
  for (const Plan& plan : *plans)
    if (std::error_code code; std::filesystem::exists(
            std::filesystem::symlink_status(plan.file, code)))
      return fail(plan.file + " is there already; choose another --selector",
                  1);
  std::vector<Made> keys;
  for (const Plan& plan : *plans) {
    Result<Made> made = Make(plan, asked.bits);
    if (!made) return fail(made.error().message, 2);
    keys.push_back(*std::move(made));
  }
  asked.is_json ? PrintJson(keys) : PrintText(keys);
  return 0;
}

}  // namespace

void AddKeygenCommand(CLI::App& program, int* status) {
  CLI::App* command = program.add_subcommand(
      "keygen", "Make signing keys for a domain, and their DNS records");
  const auto asked = std::make_shared<Asked>();
  command->add_option("domain", asked->domain, "The domain that signs (d=)")
      ->required();
  command->add_option("--selector", asked->selector,
                      "Selector; by default the month, as in s202611");
  command->add_option("--algorithm", asked->algorithm, "rsa, ed25519 or both")
      ->check(CLI::IsMember({"rsa", "ed25519", "both"}))
      ->capture_default_str();
  command->add_option("--bits", asked->bits, "Length of an RSA key")
      ->check(CLI::Range(1024, 4096))
      ->capture_default_str();
  command->add_option("--directory", asked->directory, "Where the keys go")
      ->capture_default_str();
  command->add_flag("--json", asked->is_json, "Print one JSON object");
  command->callback([asked, status] { *status = Run(*asked); });
}

}  // namespace postern
