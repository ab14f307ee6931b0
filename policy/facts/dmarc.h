// DMARC (RFC 9989): the domain owner's policy and identifier alignment.
//
// Organizational domains both by DNS Tree Walk (RFC 9989) and by public suffix
// list (RFC 7489), because receivers differ.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/facts/dns.h"

namespace postern {

enum class DmarcMethod { kTreeWalk, kPublicSuffixList };
enum class DmarcPolicy { kNone, kQuarantine, kReject };
enum class DmarcResult { kNone, kPass, kFail, kTempError, kPermError };
[[nodiscard]] std::string_view ToString(DmarcMethod method);
[[nodiscard]] std::string_view ToString(DmarcPolicy policy);
[[nodiscard]] std::string_view ToString(DmarcResult result);

// One parsed record. Tags that are unknown are ignored (RFC 9989 s.4.7).
struct DmarcRecord {
  std::optional<DmarcPolicy> policy;              // p=
  std::optional<DmarcPolicy> subdomain_policy;    // sp=
  std::optional<DmarcPolicy> nonexistent_policy;  // np=
  bool is_strict_dkim = false;                    // adkim=s
  bool is_strict_spf = false;                     // aspf=s
  bool is_testing = false;                        // t=y
  std::optional<bool> is_public_suffix;           // psd=y, psd=n; none: psd=u
  bool has_reports = false;  // rua= with at least one valid URI
  int percent = 100;         // pct=, which only RFC 7489 knows
  // What stands there and is no policy. Where sp= or np= is none, receivers
  // use nothing of the record but its reports (RFC 9989 s.4.10.1).
  bool has_bad_subdomain_policy = false;
  bool has_bad_nonexistent_policy = false;
  std::string fault;  // the tags with values that cannot be used; empty: none
};
// nullopt: not a DMARC record at all (does not begin with v=DMARC1).
[[nodiscard]] std::optional<DmarcRecord> ParseDmarcRecord(std::string_view txt);

// What a receiver finds for one author domain.
struct DmarcDiscovery {
  enum class Status { kAbsent, kFound, kTempError };
  Status status = Status::kTempError;
  std::optional<Domain> found_at;
  DmarcRecord record;
  DmarcPolicy policy = DmarcPolicy::kNone;  // the one that applies
  std::string fault;  // what is wrong with the records met; empty: nothing
  // The author domain's organizational domain; none when the walk failed.
  std::optional<Domain> organizational_domain;
};
// By tree walk at most eight names are asked, and the author domain itself when
// np= makes a difference; by list at most two.
[[nodiscard]] DmarcDiscovery DiscoverDmarc(const Domain& author_domain,
                                           DmarcMethod method, Dns& dns,
                                           Deadline deadline);

// The organizational domain of any identifier; nullopt: DNS did not answer.
[[nodiscard]] std::optional<Domain> OrganizationalDomain(const Domain& domain,
                                                         DmarcMethod method,
                                                         Dns& dns,
                                                         Deadline deadline);

enum class Alignment { kAligned, kNotAligned, kUnknown };

}  // namespace postern
