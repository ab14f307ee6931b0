// The options of checks, holds and lists.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }
CheckPolicy& Policy(Owner at) { return *std::get<CheckPolicy*>(at); }

constexpr Option kOptions[] = {
    {.path = "checks.<check>.action",
     .type = &kAction,
     .example = R"("reject")",
     .doc =
         "What a finding of this check does: off, observe, mend, hold, defer "
         "or reject; unset: what the check itself proposes.",
     .slot = [](Owner at) -> Slot { return &Policy(at).action; }},
    {.path = "checks.<check>.otherwise",
     .type = &kOtherwise,
     .example = R"("hold")",
     .doc = "What it does where mending did not help.",
     .slot = [](Owner at) -> Slot { return &Policy(at).otherwise; }},

    {.path = "holds.reinject",
     .type = &kHostAndPort,
     .value = R"("127.0.0.1:25")",
     .doc = "The SMTP listener of the MTA to which released mail is handed "
            "back; it must have Postern as its milter.",
     .slot = [](Owner at) -> Slot { return &In(at).holds.reinject; }},
    {.path = "receivers.directory",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/receivers")",
     .doc = "A folder of receiver profiles that replaces the built-in ones; "
            "empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).receivers_directory; }},
    {.path = "lists.mailbox_providers",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/mailbox-providers.txt")",
     .doc = "A list of public mailbox providers, a domain a line, that "
            "replaces the built-in one; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).mailbox_providers_file; }},
    {.path = "lists.mail_domains",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/mail-domains.txt")",
     .doc = "A list of large mailbox providers, a domain a line, of which "
            "recipient domains may be misspellings; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).mail_domains_file; }},
    {.path = "lists.mail_domain_typos",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/mail-domain-typos.txt")",
     .doc = "A list of domains that are misspellings of those although they "
            "may resolve, a domain a line; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).mail_domain_typos_file; }},
    {.path = "lists.dead_domains",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/dead-domains.txt")",
     .doc = "A list of domains whose mail service was closed, a domain a line; "
            "empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).dead_domains_file; }},
    {.path = "lists.blocklists",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/blocklists.toml")",
     .doc = "A file of DNS blocklists that replaces the built-in ones; empty: "
            "built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).blocklists_file; }},
};

}  // namespace

std::span<const Option> PolicyOptions() { return kOptions; }

}  // namespace postern
