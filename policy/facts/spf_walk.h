// SpfWalk: all of one SPF check that libspf2 cannot be trusted with. It knows
// nothing of libspf2.
//
// It fetches and parses records, expands macros, decides all, ip4, ip6 and ptr,
// and counts look-ups. libspf2 is given records of opaque tokens
// ("v=spf1 +a:t3.g/24 include:t4.g") and asks for the tokens as if they were
// names. Used by one thread for one check.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts/dns.h"
#include "policy/facts/spf.h"
#include "policy/facts/spf_client.h"
#include "policy/facts/spf_macro.h"
#include "policy/facts/spf_record.h"

namespace postern {

struct SpfIdentity {
  std::string local_part;  // "postmaster" where there is none
  std::string domain;      // without the last dot
};

class SpfWalk {
 public:
  SpfWalk(const SpfQuery& query, SpfIdentity identity, Dns& dns,
          Deadline deadline);

  enum class Retrieval { kFound, kNone, kTempError, kPermError };
  struct TokenRecord {
    Retrieval status = Retrieval::kNone;
    std::string text;
  };
  // The record at a token. The first is kFirstToken.
  [[nodiscard]] TokenRecord Retrieve(std::string_view name);
  // The addresses, or the MX tokens, at a token.
  [[nodiscard]] DnsAnswer Lookup(std::string_view name);

  static constexpr const char* kFirstToken = "t0.g";

  // Set once the check cannot be but permerror.
  [[nodiscard]] bool has_permerror() const {
    return permerror_.fault != SpfFault::kNone;
  }
  // What decided, once the result is known: reason, term, fault.
  void Tell(SpfAnswer* answer) const;
  // The text of exp=; nullopt where the domain gives none that can be used.
  [[nodiscard]] std::optional<std::string> Explanation();

 private:
  // One record that was fetched, and how far libspf2 went in it.
  struct Visit {
    std::string domain;
    SpfRecord record;
    // The term that ends the record without DNS: all, or an ip that matches.
    std::optional<std::size_t> closing;
    std::optional<std::size_t> reached;  // the last term that asks DNS
    bool is_match = false;               // of that term
    std::optional<std::size_t> next;     // visit of that include, or redirect
  };
  struct Token {
    enum class Kind { kRecord, kTerm, kMxHost } kind;
    std::size_t visit = 0;
    std::optional<std::size_t> term;  // none: redirect, or the first record
    std::string host = {};            // kMxHost
  };
  struct Decision {
    char qualifier;
    std::string term;  // empty: no term matched
    std::string domain;
  };
  struct PermError {
    SpfFault fault = SpfFault::kNone;
    std::string reason;
    std::string term, domain;
  };

  std::string AddToken(Token token);
  [[nodiscard]] std::optional<Token> Find(std::string_view token) const;
  [[nodiscard]] std::string DomainOf(const Token& token);
  [[nodiscard]] std::string Target(std::string_view spec,
                                   const std::string& domain);
  [[nodiscard]] SpfMacroValues Values(const std::string& domain);
  [[nodiscard]] std::string Rewrite(std::size_t visit);
  [[nodiscard]] std::string RewriteTerm(std::size_t visit, std::size_t index);
  TokenRecord Refuse(SpfFault fault, std::string reason, const Token& token);
  void FollowInto(const Token& token);
  void NotePermissiveTerm(const SpfRecord& record, const std::string& place);

  [[nodiscard]] DnsAnswer LookupTerm(const Token& token);
  [[nodiscard]] DnsAnswer Addresses(const Token& token, const std::string& host,
                                    RrType type);
  [[nodiscard]] DnsAnswer MxHosts(const Token& token, DnsAnswer answer);
  DnsAnswer Ask(std::string_view name, RrType type);
  [[nodiscard]] bool CountLookup(const Token& token);
  [[nodiscard]] bool CountVoid(const DnsAnswer& answer, const Token& token);
  void SetPermError(SpfFault fault, std::string reason, const Token& token);
  [[nodiscard]] std::string TermOf(const Token& token) const;
  [[nodiscard]] std::string Quote(const Token& token) const;
  [[nodiscard]] Decision DecisionOf(const Visit& visit) const;

  const SpfQuery& query_;
  SpfIdentity identity_;
  Dns& dns_;
  Deadline deadline_;
  SpfClient client_;
  std::vector<Token> tokens_;
  std::vector<Visit> visits_;
  std::size_t top_ = 0;  // the visit whose exp= counts
  PermError permerror_;
  std::string temperror_;
  std::string permissive_term_;
  int lookups_ = 0;
  int voids_ = 0;
};

}  // namespace postern
