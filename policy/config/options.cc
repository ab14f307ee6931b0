#include "policy/config/options.h"

#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }
EgressRoute& Route(Owner at) { return *std::get<EgressRoute*>(at); }
SigningDomain& Signing(Owner at) { return *std::get<SigningDomain*>(at); }
SigningKey& Key(Owner at) { return *std::get<SigningKey*>(at); }
CheckPolicy& Policy(Owner at) { return *std::get<CheckPolicy*>(at); }
LimitRule& Limit(Owner at) { return *std::get<LimitRule*>(at); }

constexpr Option kOptions[] = {
    {.path = "mode",
     .type = &kMode,
     .value = R"("observe")",
     .doc = "How far Postern may go: observe judges and records, mend also "
            "repairs, enforce also defers, holds and rejects.",
     .slot = [](Owner at) -> Slot { return &In(at).mode; }},
    {.path = "on_unknown",
     .type = &kUnknownAction,
     .value = R"("observe")",
     .doc = "What is done in mode enforce when a check could not find out "
            "because DNS did not answer: observe, hold or defer.",
     .slot = [](Owner at) -> Slot { return &In(at).on_unknown; }},
    {.path = "hostname",
     .type = &kHostName,
     .value = R"("")",
     .example = R"("mail.example.com")",
     .doc = "The name of this mail server, for Message-ID and notices; empty: "
            "the name that the MTA gives in its macro {j}.",
     .slot = [](Owner at) -> Slot { return &In(at).hostname; }},
    {.path = "state_directory",
     .type = &kPath,
     .value = R"("/var/lib/postern")",
     .doc = "Where held messages and the counters of the limits are kept.",
     .slot = [](Owner at) -> Slot { return &In(at).state_directory; },
     .reload = Reload::kNeedsRestart},

    {.path = "log.level",
     .type = &kLogLevel,
     .value = R"("info")",
     .doc = "The least that is logged: debug, info, warning or error.",
     .slot = [](Owner at) -> Slot { return &In(at).log_level; }},
    {.path = "log.target",
     .type = &kLogTarget,
     .value = R"("stderr")",
     .doc = "Where the log goes: stderr (the journal under systemd), syslog, "
            "or the absolute path of a file.",
     .slot = [](Owner at) -> Slot { return &In(at).log_target; }},

    {.path = "milter.socket",
     .type = &kSocket,
     .value = R"("unix:/run/postern/postern.sock")",
     .doc = "Where the MTA reaches Postern: unix:/PATH, inet:PORT@HOST or "
            "inet6:PORT@HOST.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.socket; },
     .reload = Reload::kNeedsRestart},
    {.path = "milter.socket_mode",
     .type = &kOctalMode,
     .value = R"("0660")",
     .doc = "The permissions of a unix socket, in octal.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.socket_mode; },
     .reload = Reload::kNeedsRestart},
    {.path = "milter.max_judging",
     .type = &kInteger,
     .value = "64",
     .doc = "How many messages are judged at once; the next one is deferred "
            "with 451.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.max_judging; },
     .least = 1,
     .most = 100'000},
    {.path = "milter.deadline",
     .type = &kDuration,
     .value = R"("30s")",
     .doc = "How long the judging of one message may take; must be below the "
            "MTA's time-out for milters.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.deadline; },
     .least = 1'000,
     .most = 300'000},
    {.path = "milter.rcpt_deadline",
     .type = &kDuration,
     .value = R"("2s")",
     .doc = "How long DNS may take to answer for one recipient; what is not "
            "known by then is asked again at the end of the message.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.rcpt_deadline; },
     .least = 100,
     .most = 25'000},
    {.path = "milter.drain",
     .type = &kDuration,
     .value = R"("5min")",
     .doc = "How long a stopping Postern waits for sessions in progress; must "
            "be below TimeoutStopSec of the unit.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.drain; },
     .least = 1'000,
     .most = 3'600'000},

    {.path = "dns.servers",
     .type = &kDnsServers,
     .value = "[]",
     .example = R"(["127.0.0.1", "192.0.2.53@5353"])",
     .doc = "The resolvers to ask, best a local one that caches and validates; "
            "empty: those of /etc/resolv.conf.",
     .slot = [](Owner at) -> Slot { return &In(at).dns.servers; },
     .reload = Reload::kNeedsRestart},

    {.path = "cache.content",
     .type = &kSize,
     .value = R"("16MiB")",
     .doc = "How much is remembered of the HTML of late messages, so that the "
            "parts that a campaign repeats are read once; 0: nothing.",
     .slot = [](Owner at) -> Slot { return &In(at).cache.content_bytes; },
     .least = 0,
     .most = std::int64_t{1} << 32,
     .reload = Reload::kNeedsRestart},

    {.path = "egress.<name>.addresses",
     .type = &kAddresses,
     .example = R"(["192.0.2.1", "2001:db8::1"])",
     .doc = "The addresses that this way out connects from, IPv4 and IPv6; SPF "
            "is foreseen for these, never for the submitting client's.",
     .slot = [](Owner at) -> Slot { return &Route(at).addresses; },
     .presence = Presence::kRequired},
    {.path = "egress.<name>.helo_name",
     .type = &kHostName,
     .value = R"("")",
     .example = R"("mail.example.com")",
     .doc = "The name that the MTA says in EHLO there; empty: hostname.",
     .slot = [](Owner at) -> Slot { return &Route(at).helo_name; }},
    {.path = "egress.<name>.senders",
     .type = &kDomains,
     .value = "[]",
     .example = R"(["news.example.com"])",
     .doc = "The author domains whose mail leaves this way; empty: all.",
     .slot = [](Owner at) -> Slot { return &Route(at).senders; }},
    {.path = "egress.<name>.receivers",
     .type = &kNames,
     .value = "[]",
     .example = R"(["google", "yahoo"])",
     .doc = "The receivers that are reached this way; empty: all.",
     .slot = [](Owner at) -> Slot { return &Route(at).receivers; }},

    {.path = "signing.enabled",
     .type = &kBool,
     .value = "true",
     .doc = "Whether messages are DKIM-signed, in every mode; without a domain "
            "below nothing is.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.enabled; }},
    {.path = "signing.self_check_first",
     .type = &kInteger,
     .value = "20",
     .doc = "How many of the first signatures of each key are verified before "
            "the message leaves.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.self_check_first; },
     .least = 0,
     .most = 1'000'000},
    {.path = "signing.self_check_share",
     .type = &kShare,
     .value = "0.01",
     .doc = "The share of the later signatures that is verified likewise.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.self_check_share; }},
    {.path = "signing.domains.<domain>.subdomains",
     .type = &kBool,
     .value = "false",
     .doc = "Whether author domains below this one are signed for too.",
     .slot = [](Owner at) -> Slot { return &Signing(at).subdomains; }},
    {.path = "signing.domains.<domain>.keys[].selector",
     .type = &kSelector,
     .example = R"("s2026")",
     .doc = "The selector under which DNS has the public key.",
     .slot = [](Owner at) -> Slot { return &Key(at).selector; },
     .presence = Presence::kRequired},
    {.path = "signing.domains.<domain>.keys[].file",
     .type = &kPath,
     .example = R"("keys/example.com.s2026.pem")",
     .doc = "The private key in PEM, RSA or Ed25519; relative to the folder of "
            "this file.",
     .slot = [](Owner at) -> Slot { return &Key(at).file; },
     .presence = Presence::kRequired},

    {.path = "sender.bounce_domain",
     .type = &kDomain,
     .example = R"("bounces.example.com")",
     .doc = "A domain of ours with MX and SPF to which the envelope sender is "
            "switched when its own domain forbids our egress; unset: never.",
     .slot = [](Owner at) -> Slot { return &In(at).bounce_domain; }},

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

    {.path = "limits[].name",
     .type = &kPlainName,
     .example = R"("per-login")",
     .doc = "What the limit is called in replies, logs and `postern limits`.",
     .slot = [](Owner at) -> Slot { return &Limit(at).name; },
     .presence = Presence::kRequired},
    {.path = "limits[].key",
     .type = &kLimitKey,
     .example = R"(["login"])",
     .doc = "Who is counted together: login, mail_from, author_domain, client, "
            "or several of them.",
     .slot = [](Owner at) -> Slot { return &Limit(at).key; },
     .presence = Presence::kRequired},
    {.path = "limits[].cost",
     .type = &kLimitCost,
     .value = R"("messages")",
     .doc = "What is counted: messages or recipients.",
     .slot = [](Owner at) -> Slot { return &Limit(at).cost; }},
    {.path = "limits[].rates",
     .type = &kRates,
     .example = R"(["60/min burst 20", "500/h", "2000/d"])",
     .doc = "How much may go, in every rate at once; the burst is what may go "
            "in one moment, by default the count itself.",
     .slot = [](Owner at) -> Slot { return &Limit(at).rates; },
     .presence = Presence::kRequired},
    {.path = "limits[].over",
     .type = &kLimitOver,
     .value = R"("auto")",
     .doc =
         "What happens to mail over the limit: defer, hold, reject, observe, "
         "or auto (defer for relays, hold for logins and local submissions).",
     .slot = [](Owner at) -> Slot { return &Limit(at).over; }},

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
    {.path = "lists.shorteners",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/shorteners.txt")",
     .doc = "A list of URL shorteners, a host a line, that replaces the "
            "built-in one; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).shorteners_file; }},
};

}  // namespace

std::span<const Option> Options() { return kOptions; }

}  // namespace postern
