// What the operator wants of the limits ([[limits]], [redis]).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/config/action.h"

namespace postern {

// A rule's key is a tuple of these; a message that lacks one of them is not
// concerned. kNetwork is the client's /24 (IPv4) or /48 (IPv6).
enum class LimitKeyPart {
  kLogin,
  kMailFrom,
  kAuthorDomain,
  kClient,
  kNetwork,
  kRecipient,
  kRecipientDomain,
  kReceiver,
  kStream,
  kCampaign,
  kEgress,
};

// What of a message is counted. "New" is what the login (or the client, where
// there is none) has not written to before.
enum class LimitCost {
  kMessages,
  kRecipients,
  kNewRecipients,
  kNewRecipientDomains,
  kBytes,
  kLinkDomains,  // distinct registrable domains that its links name
};

// As they are written in postern.toml.
[[nodiscard]] std::string_view WordOf(LimitKeyPart part);
[[nodiscard]] std::string_view WordOf(LimitCost cost);

enum class LimitOver {
  kAuto,  // defer for relays, hold for logins and local submissions
  kDefer,
  kHold,
  kReject,
  kObserve,
};

// What a rule does while the shared store does not answer.
enum class LimitStoreDown {
  kLocal,   // counts in this process alone
  kOpen,    // lets pass, uncounted
  kClosed,  // counts as over the limit
};

struct LimitRate {
  std::int64_t count = 0;
  std::chrono::seconds period{0};
  std::int64_t burst = 0;  // how many at once; by default count
  bool operator==(const LimitRate&) const = default;
};

// Other rates for the keys that a pattern matches.
struct LimitOverride {
  std::string pattern;           // of a key as it is written: "login=shop-*"
  std::vector<LimitRate> rates;  // none: not limited
};

class LimitOverrides;

// For so many days so many messages a day.
struct WarmUpStep {
  int days = 1;
  std::int64_t messages = 0;
  bool operator==(const WarmUpStep&) const = default;
};

// What may go by new ways out, or from new domains, while receivers do not
// know them ([warm_up.<name>]).
struct WarmUpConfig {
  std::string name;
  std::vector<std::string> egress;  // routes
  std::vector<Domain> domains;      // author domains
  std::vector<WarmUpStep> schedule;
  LimitOver over = LimitOver::kAuto;
};

struct LimitRule {
  std::string name;
  std::vector<LimitKeyPart> key;
  LimitCost cost = LimitCost::kMessages;
  std::vector<LimitRate> rates;
  int per_message = 0;  // the most that one message may cost; 0: any
  LimitOver over = LimitOver::kAuto;
  LimitStoreDown store_down = LimitStoreDown::kLocal;
  std::vector<std::string> streams;    // concerned; none: all
  std::vector<std::string> receivers;  // whose recipients count; none: all
  // Recipients that are not counted; the others of the message are.
  std::vector<std::string> exempt_recipients;
  std::vector<LimitOverride> overrides;
  std::string overrides_file;  // more of them, after those above
  // Both; null: none.
  std::shared_ptr<const LimitOverrides> all_overrides;
  // Of a rule that has its rates from day to day; null: it has its own.
  std::shared_ptr<const WarmUpConfig> warm_up;
};

// What happens to mail of a login that somebody else seems to have got.
struct HijackConfig {
  Action action = Action::kHold;
};

// What happens to mail of a domain or a way out that sends far more than it
// used to.
struct RampConfig {
  Action action = Action::kObserve;
};

// Counters of this process.
struct CountersConfig {
  int max_keys = 10'000'000;  // of 100 to 150 octets each
};

// Limits that several MTAs share are counted in a Redis or Valkey.
struct RedisConfig {
  std::string server;  // unix:/PATH or 127.0.0.1:6379; empty: counted here
  bool tls = false;
  std::string ca_file, certificate_file, key_file;
  std::string user, password_file;
  int database = 0;
  // Those who share limits name the same; part of each key, as its hash tag.
  std::string deployment = "postern";
  std::chrono::milliseconds timeout{200};
};

}  // namespace postern
