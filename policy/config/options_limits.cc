// The options of limits.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }
WarmUpConfig& WarmUp(Owner at) { return *std::get<WarmUpConfig*>(at); }
LimitRule& Limit(Owner at) { return *std::get<LimitRule*>(at); }

constexpr Option kOptions[] = {
    {.path = "limits[].name",
     .type = &kPlainName,
     .example = R"("per-login")",
     .doc = "What the limit is called in replies, logs and `postern limits`.",
     .slot = [](Owner at) -> Slot { return &Limit(at).name; },
     .presence = Presence::kRequired},
    {.path = "limits[].key",
     .type = &kLimitKey,
     .example = R"(["login"])",
     .doc =
         "What is counted together, some of login, mail_from, author_domain, "
         "client, network, recipient, recipient_domain, receiver, stream, "
         "campaign, egress (each it may take); mail without one is free.",
     .slot = [](Owner at) -> Slot { return &Limit(at).key; },
     .presence = Presence::kRequired},
    {.path = "limits[].streams",
     .type = &kNames,
     .example = R"(["marketing"])",
     .doc = "The streams that the limit is for; unset: all.",
     .slot = [](Owner at) -> Slot { return &Limit(at).streams; }},
    {.path = "limits[].receivers",
     .type = &kNames,
     .example = R"(["google"])",
     .doc = "The receivers whose recipients the limit counts; unset: all.",
     .slot = [](Owner at) -> Slot { return &Limit(at).receivers; }},
    {.path = "limits[].cost",
     .type = &kLimitCost,
     .value = R"("messages")",
     .doc = "What is counted: messages, recipients, bytes, link_domains "
            "(distinct ones in links), new_recipients or new_recipient_domains "
            "(never written to before).",
     .slot = [](Owner at) -> Slot { return &Limit(at).cost; }},
    {.path = "limits[].rates",
     .type = &kRates,
     .example = R"(["60/min burst 20", "500/h", "2000/d"])",
     .doc = "How much may go, in every rate at once; the burst is what may go "
            "in one moment, by default the count itself.",
     .slot = [](Owner at) -> Slot { return &Limit(at).rates; }},
    {.path = "limits[].per_message",
     .type = &kInteger,
     .value = "0",
     .doc = "The most that one message may cost; what is more is rejected, for "
            "no waiting helps; 0: any.",
     .slot = [](Owner at) -> Slot { return &Limit(at).per_message; },
     .least = 0,
     .most = 2'000'000'000},
    {.path = "limits[].over",
     .type = &kLimitOver,
     .value = R"("auto")",
     .doc = "What happens to mail over a rate: defer, hold (it is released "
            "when the limit frees), observe, or auto (defer for relays, hold "
            "for logins and local submissions); reject is for per_message "
            "alone.",
     .slot = [](Owner at) -> Slot { return &Limit(at).over; }},
    {.path = "limits[].exempt_recipients",
     .type = &kAddressPatterns,
     .example = R"(["postmaster@*", "*@example.com"])",
     .doc = "Recipients that are not counted; the others of the same message "
            "are.",
     .slot = [](Owner at) -> Slot { return &Limit(at).exempt_recipients; }},
    {.path = "limits[].overrides",
     .type = &kLimitOverrides,
     .example = R"(["login=shop-* 5000/h, 20000/d", "login=boss@* unlimited"])",
     .doc = "Other rates for some keys; a pattern without * comes first, then "
            "the first that matches.",
     .slot = [](Owner at) -> Slot { return &Limit(at).overrides; }},
    {.path = "limits[].overrides_file",
     .type = &kPath,
     .value = R"("")",
     .doc = "A file of more overrides, one a line, read again at a reload.",
     .slot = [](Owner at) -> Slot { return &Limit(at).overrides_file; }},
    {.path = "limits[].store_down",
     .type = &kLimitStoreDown,
     .value = R"("local")",
     .doc = "What the limit does while the counters cannot be read: local "
            "(count in this process alone), open (let pass, uncounted) or "
            "closed (as if over the limit).",
     .slot = [](Owner at) -> Slot { return &Limit(at).store_down; }},

    {.path = "warm_up.<name>.egress",
     .type = &kNames,
     .example = R"(["main"])",
     .doc = "The ways out that are new; or domains. Mail that several ways may "
            "carry counts for each, for the MTA chooses: give a new one "
            "senders or receivers of its own, or it slows the others down.",
     .slot = [](Owner at) -> Slot { return &WarmUp(at).egress; }},
    {.path = "warm_up.<name>.domains",
     .type = &kDomains,
     .value = "[]",
     .doc = "The author domains that are new; or egress.",
     .slot = [](Owner at) -> Slot { return &WarmUp(at).domains; }},
    {.path = "warm_up.<name>.schedule",
     .type = &kWarmUpSteps,
     .example = R"(["2d 100", "2d 500", "3d 2000", "7d 10000"])",
     .doc = "For how many days how many messages a day may go to each "
            "receiver, or domain that no receiver's profile knows; after the "
            "last step there is no limit.",
     .slot = [](Owner at) -> Slot { return &WarmUp(at).schedule; },
     .presence = Presence::kRequired},
    {.path = "warm_up.<name>.over",
     .type = &kLimitOver,
     .value = R"("auto")",
     .doc = "What happens to mail over it: auto, defer, hold or observe.",
     .slot = [](Owner at) -> Slot { return &WarmUp(at).over; }},

    {.path = "counters.max_keys",
     .type = &kInteger,
     .value = "10000000",
     .doc = "The most keys that this process counts at once, of 100 to 150 "
            "octets each; mail whose key finds no room is over its limit, "
            "unless its store_down is open, until others have drained.",
     .slot = [](Owner at) -> Slot { return &In(at).counters.max_keys; },
     .least = 1'000,
     .most = 1'000'000'000,
     .reload = Reload::kNeedsRestart},
    {.path = "ramp.action",
     .type = &kRampAction,
     .value = R"("observe")",
     .doc = "What enforcing does with an author domain or way out that sends "
            "five times its usual day, from 1000 recipients on: off, observe, "
            "hold or defer. Each takes 1 KiB of the history's memory.",
     .slot = [](Owner at) -> Slot { return &In(at).ramp.action; }},
    {.path = "hijack.action",
     .type = &kUnknownAction,
     .value = R"("hold")",
     .doc = "What is done in mode enforce with mail of a login that somebody "
            "else seems to have got (strangers, volume, refusals, new "
            "networks, new From addresses, two of these): observe, hold or "
            "defer.",
     .slot = [](Owner at) -> Slot { return &In(at).hijack.action; }},
    {.path = "alerts.command",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/usr/local/bin/postern-alert")",
     .doc = "A program that is run when 80, 90 or 100 % of a limit are used, a "
            "login seems hijacked, or mail has malware or a login's has "
            "phishing; POSTERN_EVENT and others in its environment say what.",
     .slot = [](Owner at) -> Slot { return &In(at).alert_command; },
     .reload = Reload::kNeedsRestart},
};

}  // namespace

std::span<const Option> LimitOptions() { return kOptions; }

}  // namespace postern
