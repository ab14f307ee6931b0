// Dns: the one seam through which the house asks the Domain Name System.
//
// "The server did not answer" (kTempError) is an answer of its own and never
// becomes "no such record". Implementations: UnboundDns (the daemon),
// ScriptedDns (a zone file: `check --dns`, tests). Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/domain.h"
#include "policy/base/ip_address.h"

namespace postern {

enum class RrType : std::uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
};
// "TXT"; the RFC 3597 form ("TYPE33") of a type not listed above.
[[nodiscard]] std::string ToString(RrType type);

// A name in the form that is asked and compared: lower case, without the last
// dot, other octets as they are. nullopt: it cannot exist (empty, an empty
// label, over 63 or 253 octets).
[[nodiscard]] std::optional<std::string> QueryName(std::string_view name);

enum class DnsStatus {
  kOk,         // at least one record
  kNoData,     // the name exists, not with this type
  kNxDomain,   // the name does not exist, or cannot
  kTempError,  // no answer in time, SERVFAIL, bogus: ask again later
};

// One record of the asked type; CNAMEs have been followed.
struct DnsRecord {
  int preference = 0;  // MX only
  // A, AAAA: 4 or 16 octets in network order. TXT: the strings joined, octets
  // as they are, NUL included. MX, PTR, NS, CNAME: the name in lower case
  // without its last dot; the root is "". SOA: the primary's name.
  std::string value;
  bool operator==(const DnsRecord&) const = default;
};

struct DnsAnswer {
  DnsStatus status = DnsStatus::kTempError;
  std::vector<DnsRecord> records;  // not empty exactly when kOk
  std::chrono::seconds ttl{0};
};

class Dns {
 public:
  Dns() = default;
  Dns(const Dns&) = delete;
  Dns& operator=(const Dns&) = delete;
  virtual ~Dns() = default;

  // Blocks until an answer or the deadline, which reads as kTempError. A name
  // that cannot exist (empty label, over 63 or 253 octets) is kNxDomain.
  [[nodiscard]] virtual DnsAnswer Ask(std::string_view name, RrType type,
                                      Deadline deadline) = 0;
  // Starts a question whose answer will be wanted soon. Never blocks.
  virtual void Prefetch(std::string_view /*name*/, RrType /*type*/) {}
};

struct MxTargets {
  DnsStatus status = DnsStatus::kTempError;
  // By preference, then name. A null MX (RFC 7505) is one target with an empty
  // name.
  std::vector<DnsRecord> targets;
  [[nodiscard]] bool is_null_mx() const {
    return targets.size() == 1 && targets.front().value.empty();
  }
};
[[nodiscard]] MxTargets AskMx(Dns& dns, const Domain& domain,
                              Deadline deadline);

struct HostAddresses {
  DnsStatus status = DnsStatus::kTempError;  // kOk: at least one address
  std::vector<IpAddress> addresses;          // A first, then AAAA
};
[[nodiscard]] HostAddresses AskAddresses(Dns& dns, std::string_view host,
                                         Deadline deadline);

}  // namespace postern
