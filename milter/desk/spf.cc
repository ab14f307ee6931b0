// postern spf: what SPF says of a sender at an address.
//
// Exit status 0 for pass, 1 for another result, 2 for temperror or when what
// was asked cannot be used.

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "milter/desk/desk.h"
#include "milter/desk/dns_choice.h"
#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"
#include "policy/facts/spf.h"
#include "policy/facts/spf_proposal.h"

namespace postern {
namespace {

// A forwarder that recurses itself may take several seconds for each record;
// somebody is waiting at a terminal.
constexpr std::chrono::seconds kPatience{15};

struct Options {
  std::string address, sender, helo, resolver, zone_file;
  bool is_json = false;
};

// "<a@example.org>" is taken as well: it is what logs show.
std::string Bare(const std::string& sender) {
  if (sender.starts_with('<') && sender.ends_with('>'))
    return sender.substr(1, sender.size() - 2);
  return sender;
}

Result<SpfQuery> QueryOf(const Options& options) {
  const auto address = IpAddress::Parse(options.address);
  if (!address)
    return Fail("--ip: not an IP address: \"" + EscapeForLog(options.address) +
                "\"");
  SpfQuery query{.address = *address,
                 .mail_from = Bare(options.sender),
                 .helo_name = options.helo};
  if (query.mail_from.empty() && query.helo_name.empty())
    return Fail("a null sender is judged by its --helo name: none is given");
  query.now_seconds = std::chrono::duration_cast<std::chrono::seconds>(
                          SystemClock().Now().time_since_epoch())
                          .count();
  return query;
}

struct Told {
  SpfAnswer answer;
  std::string fix;  // empty: it passes, or nothing would do
};

void PrintJson(const Told& told) {
  const SpfAnswer& answer = told.answer;
  const nlohmann::ordered_json line = {
      {"result", ToString(answer.result)},
      {"domain", answer.domain},
      {"explanation", answer.explanation},
      {"reason", answer.reason},
      {"term", answer.term},
      {"lookups", answer.lookups},
      {"fix", told.fix},
  };
  // What a domain owner or sender wrote need not be UTF-8.
  using Json = nlohmann::ordered_json;
  std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace)
            << '\n';
}

void PrintTable(const Told& told) {
  const SpfAnswer& answer = told.answer;
  constexpr std::size_t kLongest = 1000;
  const auto print = [](std::string_view name, const std::string& value) {
    std::cout << fmt::format("{:<12} {}\n", name, value);
  };
  print("result", std::string(ToString(answer.result)));
  print("domain", EscapeForLog(answer.domain, kLongest));
  print("reason", answer.reason);
  if (!answer.explanation.empty())
    print("explanation", EscapeForLog(answer.explanation, kLongest));
  print("DNS lookups", fmt::format("{} of 10", answer.lookups));
  if (!told.fix.empty()) print("fix", TerminalText(told.fix));
}

Result<Told> Answer(const Options& options) {
  const Result<SpfQuery> query = QueryOf(options);
  if (!query) return std::unexpected(query.error());
  const Result<std::unique_ptr<Dns>> dns =
      ChooseDns(options.zone_file, options.resolver, DnsConfig{});
  if (!dns) return std::unexpected(dns.error());
  const Deadline deadline = In(kPatience);
  Told told{EvaluateSpf(*query, **dns, deadline), ""};
  if (told.answer.result == SpfResult::kPass) return told;
  const auto proposal = ProposeSpf(std::span(&*query, 1), **dns, deadline);
  if (proposal) told.fix = proposal->ToString();
  return told;
}

int Run(const Options& options) {
  const Result<Told> told = Answer(options);
  if (!told) {
    std::cerr << "postern spf: " << told.error().message << '\n';
    return 2;
  }
  if (options.is_json) {
    PrintJson(*told);
  } else {
    PrintTable(*told);
  }
  if (told->answer.result == SpfResult::kTempError) return 2;
  return told->answer.result == SpfResult::kPass ? 0 : 1;
}

}  // namespace

void AddSpfCommand(CLI::App& program, int* status) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("spf", "Ask SPF of a sender at an address");
  command->add_option("--ip", options->address, "Address that connects")
      ->required();
  command->add_option("--sender", options->sender,
                      "Envelope sender; '' is the null reverse-path");
  command->add_option("--helo", options->helo, "HELO name");
  auto* resolver = command->add_option("--resolver", options->resolver,
                                       "DNS server to ask, IP or IP@PORT");
  command
      ->add_option("--dns", options->zone_file,
                   "Zone file to ask instead of a server")
      ->excludes(resolver);
  command->add_flag("--json", options->is_json, "Print one JSON object");
  command->callback([options, status] { *status = Run(*options); });
}

}  // namespace postern
