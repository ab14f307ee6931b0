// The options of mending.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }

constexpr Option kOptions[] = {
    {.path = "mend.keep_originals",
     .type = &kBool,
     .value = "false",
     .doc = "Whether header fields that a remedy changes or removes are kept "
            "as X-Original-NAME; Bcc never is.",
     .slot = [](Owner at) -> Slot { return &In(at).keeps_originals; }},
};

}  // namespace

std::span<const Option> MendingOptions() { return kOptions; }

}  // namespace postern
