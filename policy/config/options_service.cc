// The options of the program and its surroundings.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }

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

    {.path = "record_header",
     .type = &kFieldName,
     .value = R"("")",
     .example = R"("X-Postern-Authentication")",
     .doc = "The name of a field to add to what leaves, with the results of "
            "SPF, DKIM and DMARC that were foreseen; empty: nothing is added.",
     .slot = [](Owner at) -> Slot { return &In(at).record_header; }},

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

    {.path = "milter.body_memory",
     .type = &kSize,
     .value = R"("64MiB")",
     .doc = "How much memory the bodies over 256 KiB may take together; what "
            "exceeds it is spooled to the state directory.",
     .slot = [](Owner at) -> Slot { return &In(at).milter.body_memory; },
     .least = 0,
     .most = std::int64_t{64} * 1024 * 1024 * 1024,
     .reload = Reload::kNeedsRestart},

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
     .doc = "How much is remembered of what the texts of late messages say, "
            "so that the parts that a campaign repeats are read once; 0: "
            "nothing.",
     .slot = [](Owner at) -> Slot { return &In(at).cache.content_bytes; },
     .least = 0,
     .most = std::int64_t{1} << 32,
     .reload = Reload::kNeedsRestart},
};

}  // namespace

std::span<const Option> ServiceOptions() { return kOptions; }

}  // namespace postern
