// The options of the counters that several MTAs share.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }

constexpr Option kOptions[] = {
    {.path = "redis.server",
     .type = &kFilterSocket,
     .value = R"("")",
     .example = R"("unix:/run/redis/redis-server.sock")",
     .doc =
         "The Redis (6 or later) or Valkey in which several MTAs count "
         "their limits together; of a cluster any node. Empty: each counts by "
         "itself.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.server; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.tls",
     .type = &kBool,
     .value = "false",
     .doc = "Speak TLS; the server's certificate must name its address.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.tls; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.ca_file",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/redis-ca.pem")",
     .doc = "The authority that the server's certificate must be of (PEM); "
            "empty: those that this host trusts.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.ca_file; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.certificate_file",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/redis-client.pem")",
     .doc = "Our own certificate (PEM), where the server asks for one.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.certificate_file; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.key_file",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/redis-client.key")",
     .doc = "The private key of that certificate (PEM).",
     .slot = [](Owner at) -> Slot { return &In(at).redis.key_file; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.user",
     .type = &kText,
     .value = R"("")",
     .example = R"("postern")",
     .doc = "The user of Redis's ACL to log in as; empty: the default user.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.user; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.password_file",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/redis-password")",
     .doc = "A file whose first line is the password; empty: the environment's "
            "POSTERN_REDIS_PASSWORD, if there is one.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.password_file; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.database",
     .type = &kInteger,
     .value = "0",
     .doc = "The number of the database; a cluster has only 0.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.database; },
     .least = 0,
     .most = 1'000'000,
     .reload = Reload::kNeedsRestart},
    {.path = "redis.deployment",
     .type = &kPlainName,
     .value = R"("postern")",
     .doc = "MTAs that share limits name the same; it is the hash tag of every "
            "key, so that a cluster keeps all of them on one node.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.deployment; },
     .reload = Reload::kNeedsRestart},
    {.path = "redis.timeout",
     .type = &kDuration,
     .value = R"("200ms")",
     .doc = "How long a message may wait for the server; after that each limit "
            "does what its store_down says.",
     .slot = [](Owner at) -> Slot { return &In(at).redis.timeout; },
     .least = 10,
     .most = 10'000,
     .reload = Reload::kNeedsRestart},
};

}  // namespace

std::span<const Option> RedisOptions() { return kOptions; }

}  // namespace postern
