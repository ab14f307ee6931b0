// The options of phrases, bulk and second opinions.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }

constexpr Option kOptions[] = {
    {.path = "lists.phrases",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/phrases.txt")",
     .doc = "A list of phrases by class, a regular expression a line, that "
            "replaces the built-in one; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).phrases_file; }},
    {.path = "lists.brands",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/brands.txt")",
     .doc = "A list of brands that phishing borrows, each with its domains, "
            "that replaces the built-in one; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).brands_file; }},

    {.path = "bulk.many_recipients",
     .type = &kInteger,
     .value = "50",
     .doc = "From how many recipients on one message counts as a mailing that "
            "should say so.",
     .slot = [](Owner at) -> Slot { return &In(at).many_recipients; },
     .least = 2,
     .most = 100'000},

    {.path = "second_opinion.rspamd",
     .type = &kFilterSocket,
     .value = R"("")",
     .example = R"("127.0.0.1:11333")",
     .doc = "The normal worker of an rspamd that is asked for its score; "
            "empty: not asked.",
     .slot = [](Owner at) -> Slot { return &In(at).second_opinion.rspamd; }},
    {.path = "second_opinion.spamd",
     .type = &kFilterSocket,
     .value = R"("")",
     .example = R"("127.0.0.1:783")",
     .doc = "The spamd of a SpamAssassin that is asked for its score; empty: "
            "not asked.",
     .slot = [](Owner at) -> Slot { return &In(at).second_opinion.spamd; }},
    {.path = "second_opinion.deadline",
     .type = &kDuration,
     .value = R"("2s")",
     .doc = "How long both may take together; what they have not said by then "
            "is unknown.",
     .slot = [](Owner at) -> Slot { return &In(at).second_opinion.deadline; },
     .least = 10,
     .most = 60'000},
};

}  // namespace

std::span<const Option> ContentOptions() { return kOptions; }

}  // namespace postern
