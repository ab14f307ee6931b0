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
    {.path = "mend.default_subject",
     .type = &kText,
     .value = R"("")",
     .example = R"("Message from Example Ltd")",
     .doc = "The Subject that a message without one gets, where "
            "subject-missing mends; empty: none.",
     .slot = [](Owner at) -> Slot { return &In(at).default_subject; }},
    {.path = "mend.expendable_fields",
     .type = &kExpendableFields,
     .value = "[]",
     .example = R"(["X-Build-*"])",
     .doc = "Header fields of ours that nobody outside reads: dropped where "
            "header-too-large or header-large mends.",
     .slot = [](Owner at) -> Slot { return &In(at).expendable_fields; }},
};

}  // namespace

std::span<const Option> MendingOptions() { return kOptions; }

}  // namespace postern
