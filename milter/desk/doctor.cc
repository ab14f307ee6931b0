// postern doctor: examines everything that a new administrator gets wrong, and
// says what to do.
//
// Exit status 0 all well (warnings included), 1 something fails, 2 something is
// unknown and nothing fails.

#include <sys/stat.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "milter/desk/dns_choice.h"
#include "milter/desk/doctor.h"
#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/config/files.h"
#include "policy/config/load.h"

namespace postern {
namespace {

constexpr const char* kPostfixFolder = "/etc/postfix";
constexpr const char* kSendmailFile = "/etc/mail/sendmail.cf";

struct Options {
  std::string config_file{kConfigFile};
  std::string resolver, zone_file, postfix, sendmail;
  bool is_json = false;
};

bool IsThere(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0;
}

// Every fault of the file, a line each as the loader tells them.
std::vector<Examined> ConfigFaults(const std::string& file,
                                   const std::string& faults) {
  std::vector<Examined> found;
  for (const std::string_view fault : Split(faults, '\n'))
    found.push_back({"configuration", file, Health::kFail, std::string(fault),
                     "correct this line of " + file +
                         "; `postern print-config --defaults` shows every "
                         "option"});
  return found;
}

void ExamineMtas(const Options& options, Visit* visit) {
  const bool is_asked = !options.postfix.empty() || !options.sendmail.empty();
  if (!options.postfix.empty()) ExaminePostfix(options.postfix, true, visit);
  if (!options.sendmail.empty()) ExamineSendmail(options.sendmail, true, visit);
  if (is_asked) return;
  if (IsThere(std::string(kPostfixFolder) + "/main.cf")) {
    ExaminePostfix(kPostfixFolder, false, visit);
  } else if (IsThere(kSendmailFile)) {
    ExamineSendmail(kSendmailFile, false, visit);
  }
}

Result<std::vector<Examined>> Examine(const Options& options) {
  const Result<std::string> text = ReadTextFile(options.config_file);
  if (!text)
    return std::vector<Examined>{
        {"configuration", options.config_file, Health::kFail,
         text.error().message,
         "write it (conf/observe.toml is a beginning), or name yours with "
         "--config FILE"}};
  const Result<Config> config =
      ParseConfig(*text, options.config_file, CheckIds());
  if (!config) return ConfigFaults(options.config_file, config.error().message);
  const Result<std::unique_ptr<Dns>> dns =
      ChooseDns(options.zone_file, options.resolver, config->dns);
  if (!dns) return std::unexpected(dns.error());
  Visit visit{.config = *config, .dns = **dns};
  visit.Add({"configuration", options.config_file, Health::kOk, "loads", ""});
  ExamineResolver(&visit);
  ExamineKeys(&visit);
  ExamineDomains(&visit);
  ExamineEgress(&visit);
  ExamineMtas(options, &visit);
  ExamineMachine(&visit);
  return std::move(visit.found);
}

int StatusOf(const std::vector<Examined>& found) {
  const auto has = [&](Health health) {
    return std::ranges::find(found, health, &Examined::outcome) != found.end();
  };
  if (has(Health::kFail)) return 1;
  return has(Health::kUnknown) ? 2 : 0;
}

int Run(const Options& options) {
  const Result<std::vector<Examined>> found = Examine(options);
  if (!found) {
    std::cerr << "postern doctor: " << found.error().message << '\n';
    return 2;
  }
  std::cout << (options.is_json ? DoctorJson(*found) : DoctorText(*found));
  return StatusOf(*found);
}

}  // namespace

void AddDoctorCommand(CLI::App& program, int* status) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "doctor", "Examine the whole set-up and say what to do");
  command->add_option("--config", options->config_file, "Configuration file")
      ->capture_default_str();
  auto* resolver = command->add_option("--resolver", options->resolver,
                                       "DNS server to ask, IP or IP@PORT");
  command
      ->add_option("--dns", options->zone_file,
                   "Zone file to ask instead of a server")
      ->excludes(resolver);
  command->add_option("--postfix", options->postfix,
                      "Folder of Postfix's main.cf");
  command->add_option("--sendmail", options->sendmail,
                      "Sendmail's sendmail.cf");
  command->add_flag("--json", options->is_json, "One JSON object a line");
  command->callback([options, status] { *status = Run(*options); });
}

}  // namespace postern
