// Config: what the operator wants, read once, immutable, shared by all threads.
//
// Loaded by load.h from one TOML file; the table of options (options.h) names
// every key with type, default, limits and one sentence. A message sees one
// Config from MAIL to its end; reload swaps the whole.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/ip_address.h"
#include "policy/config/action.h"

namespace postern {

struct MilterConfig {
  std::string socket = "unix:/run/postern/postern.sock";  // or inet:PORT@HOST
  unsigned socket_mode = 0660;
  int max_judging = 64;  // messages judged at once; beyond it 451
  std::chrono::milliseconds deadline{30'000};  // for the judging of one message
  std::chrono::milliseconds rcpt_deadline{2'000};
  std::chrono::milliseconds drain{300'000};
};

struct DnsConfig {
  // "192.0.2.53" or "127.0.0.1@5353"; empty: those of /etc/resolv.conf.
  std::vector<std::string> servers;
};

struct CacheConfig {
  std::int64_t content_bytes = 16 * 1024 * 1024;  // 0: nothing is kept
};

// A way out: the addresses our MTA connects from.
struct EgressRoute {
  std::string name;
  std::vector<IpAddress> addresses;
  std::string helo_name;
  std::vector<Domain> senders;         // author domains; empty: all
  std::vector<std::string> receivers;  // receiver names; empty: all
};

struct SigningKey {
  std::string selector;
  std::string file;  // PEM private key
};
struct SigningDomain {
  Domain domain;
  bool subdomains = false;  // also signs for author domains below it
  std::vector<SigningKey> keys;
};
struct SigningConfig {
  bool enabled = true;
  std::vector<SigningDomain> domains;
  // Verify our own signatures in the daemon: the first of each key, then this
  // share of messages (0 to 1).
  int self_check_first = 20;
  double self_check_share = 0.01;
};

struct CheckPolicy {
  std::optional<Action> action;     // none: the check's own
  std::optional<Action> otherwise;  // when mending did not help
};

enum class LimitKeyPart { kLogin, kMailFrom, kAuthorDomain, kClient };
enum class LimitCost { kMessages, kRecipients };
enum class LimitOver {
  kAuto,  // defer for relays, hold for logins and local submissions
  kDefer,
  kHold,
  kReject,
  kObserve,
};
struct LimitRate {
  std::int64_t count = 0;
  std::chrono::seconds period{0};
  std::int64_t burst = 0;  // how many at once; by default count
};
struct LimitRule {
  std::string name;
  std::vector<LimitKeyPart> key;
  LimitCost cost = LimitCost::kMessages;
  std::vector<LimitRate> rates;
  LimitOver over = LimitOver::kAuto;
};

struct HoldsConfig {
  // Where released mail is handed back: an SMTP listener of the MTA that has
  // Postern as its milter. "127.0.0.1:10025"
  std::string reinject = "127.0.0.1:25";
};

// One receiver: who runs the MX (conf/receivers/*.toml).
struct ReceiverProfile {
  std::string name;                      // "google"
  std::vector<std::string> mx_suffixes;  // ".google.com"
  std::int64_t max_message_bytes = 0;    // 0: not published
  bool uses_public_suffix_list = false;  // DMARC by RFC 7489, no tree walk
  std::string source;
};

struct Config {
  std::string file;  // where it was read from; empty: built-in defaults
  Mode mode = Mode::kObserve;
  Action on_unknown = Action::kObserve;  // observe | hold | defer
  std::string hostname;  // for Message-ID and notices; empty: the MTA's {j}
  std::string state_directory = "/var/lib/postern";
  std::string log_level = "info";
  std::string log_target = "stderr";  // stderr | syslog | an absolute path
  MilterConfig milter;
  DnsConfig dns;
  CacheConfig cache;
  std::vector<EgressRoute> egress;
  SigningConfig signing;
  // The envelope sender is switched to a mailbox of this domain when its own
  // domain forbids our egress (sender.bounce_domain). None: never switched.
  std::optional<Domain> bounce_domain;
  std::map<std::string, CheckPolicy, std::less<>> checks;  // by check id
  std::vector<LimitRule> limits;
  HoldsConfig holds;
  std::string receivers_directory;         // empty: the built-in profiles
  std::string shorteners_file;             // empty: the built-in list
  std::vector<ReceiverProfile> receivers;  // in file order; "selfhost" is last
  std::set<std::string, std::less<>> shorteners;  // hosts, lower case
};

}  // namespace postern
