// The options of what is asked about attachments.

#include <variant>

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

ClamdConfig& Clamd(Owner at) { return std::get<Config*>(at)->clamd; }

constexpr Option kOptions[] = {
    {.path = "clamd.socket",
     .type = &kFilterSocket,
     .value = R"("")",
     .example = R"("unix:/run/clamav/clamd.ctl")",
     .doc = "The socket of a clamd that scans every message: unix:/PATH or "
            "ADDRESS:PORT; empty: none.",
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
