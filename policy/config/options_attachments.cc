// The options of what is asked about attachments.

#include <string>
#include <variant>
#include <vector>

#include "policy/config/option_tables.h"
#include "policy/config/toml.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

bool TakeSocketOrNone(const Arrival& arrival) {
  if (!arrival.text().empty() && !IsMilterSocket(arrival.text())) return false;
  *std::get<std::string*>(arrival.slot) = arrival.text();
  return true;
}
std::vector<std::string> PrintSocket(Slot slot) {
  return {QuoteToml(*std::get<std::string*>(slot))};
}
constexpr ValueType kSocketOrNone = {
    "socket",
    R"("unix:/run/clamav/clamd.ctl" or "inet:3310@127.0.0.1")",
    Shape::kText,
    Plurality::kOne,
    TakeSocketOrNone,
    PrintSocket};

ClamdConfig& Clamd(Owner at) { return std::get<Config*>(at)->clamd; }

constexpr Option kOptions[] = {
    {.path = "clamd.socket",
     .type = &kSocketOrNone,
     .value = R"("")",
     .example = R"("unix:/run/clamav/clamd.ctl")",
     .doc = "The socket of a clamd that scans every message: unix:/PATH, "
            "inet:PORT@HOST or inet6:PORT@HOST; empty: none.",
     .slot = [](Owner at) -> Slot { return &Clamd(at).socket; }},
    {.path = "clamd.timeout",
     .type = &kDuration,
     .value = R"("10s")",
     .doc = "How long one scan may take; without an answer the finding "
            "malware is unknown.",
     .slot = [](Owner at) -> Slot { return &Clamd(at).timeout; },
     .least = 100,
     .most = 120'000},
    {.path = "clamd.max_message_size",
     .type = &kSize,
     .value = R"("25MiB")",
     .doc = "Larger messages are not scanned; clamd's StreamMaxLength must "
            "be no less.",
     .slot = [](Owner at) -> Slot { return &Clamd(at).max_message_bytes; }},
};

}  // namespace

std::span<const Option> AttachmentOptions() { return kOptions; }

}  // namespace postern
