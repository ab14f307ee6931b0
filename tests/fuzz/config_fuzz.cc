// Fuzzes the configuration from its text to its structs: nothing may crash, a
// fault always says something, and what is taken prints as the same again.
// Touches no other file: receivers and lists are not read.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/config/agreement.h"
#include "policy/config/fill.h"
#include "policy/config/print.h"
#include "policy/config/receivers.h"

namespace {

// The configuration in the text as it prints; empty where it has faults.
std::string Printed(std::string_view text) {
  const auto table = postern::ParseToml(text, "/f.toml");
  if (!table) return table.error().text.empty() ? std::abort(), "" : "";
  postern::Config config;
  config.file = "/f.toml";
  auto report =
      postern::Fill(*table, postern::ConfigSchema(), &config, config.file);
  const auto disagreements = postern::Disagreements(config, report.places, {});
  for (const postern::Fault& fault : report.faults)
    if (fault.text.empty() || fault.where.line == 0) std::abort();
  if (!report.faults.empty() || !disagreements.empty()) return {};
  return postern::PrintConfig(config, postern::Extent::kAll);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  const std::string printed = Printed(text);
  if (!printed.empty() && Printed(printed) != printed) std::abort();
  const postern::NamedText receiver = {"/r/a.toml", std::string(text)};
  (void)postern::ParseReceivers({&receiver, 1});
  for (const std::string& host : postern::ParseHostList(text, "l").hosts)
    if (host.empty()) std::abort();
  return 0;
}
