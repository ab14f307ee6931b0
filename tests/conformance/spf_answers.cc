// spf_answers: thousands of SPF questions to Postern's own code, in one
// process.
//
// Standard input, a line each: zone lines; "? IP HELO SENDER" asks the zone
// gathered since the last "!", "-" standing for nothing; "!" begins another
// zone. Each question is answered by a line "RESULT LOOKUPS REASON".
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/facts/scripted_dns.h"
#include "policy/facts/spf.h"

namespace postern {
namespace {

std::string OrNothing(std::string_view word) {
  return word == "-" ? std::string() : std::string(word);
}

std::string Answer(const std::string& zone, std::string_view question) {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  if (!dns) return "unusable 0 " + dns.error().message;
  const std::vector<std::string_view> words = Split(question, ' ');
  const auto address =
      words.size() == 4 ? IpAddress::Parse(words[1]) : std::nullopt;
  if (!address) return "unusable 0 the question";
  const SpfAnswer answer = EvaluateSpf({.address = *address,
                                        .mail_from = OrNothing(words[3]),
                                        .helo_name = OrNothing(words[2])},
                                       **dns, In(std::chrono::seconds(20)));
  return fmt::format("{} {} {}", ToString(answer.result), answer.lookups,
                     answer.reason);
}

}  // namespace
}  // namespace postern

int main() {
  std::string zone;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "!") {
      zone.clear();
    } else if (line.starts_with("? ")) {
      std::cout << postern::Answer(zone, line) << '\n';
    } else {
      zone += line + '\n';
    }
  }
  return 0;
}
