// Any text is a zone or an error that names its line; a zone answers anything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/facts/scripted_dns.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  using namespace postern;
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  const auto dns = ScriptedDns::Parse(text, "zone");
  if (!dns) {
    if (!dns.error().message.starts_with("zone:")) std::abort();
    return 0;
  }
  for (const RrType type : {RrType::kA, RrType::kTxt, RrType::kMx})
    for (const std::string_view name :
         {text.substr(0, text.find(' ')), std::string_view("x.y.example")}) {
      const DnsAnswer answer = (*dns)->Ask(name, type, {});
      if ((answer.status == DnsStatus::kOk) == answer.records.empty())
        std::abort();
    }
  return 0;
}
