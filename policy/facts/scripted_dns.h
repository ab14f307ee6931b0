// ScriptedDns: a zone file that answers like DNS: `check --dns`, cases, tests.
//
// A name that is not listed is kNxDomain, unless listed names are below it (an
// empty non-terminal, kNoData) or a wildcard covers it (RFC 4592). A listed
// name without the type is kNoData. CNAMEs are followed; a loop is kTempError.
// Immutable after Parse, so any thread may ask.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/facts/dns.h"
#include "policy/facts/zone_line.h"

namespace postern {

class ScriptedDns final : public Dns {
 public:
  // Lines as zone_line.h says. An error names file and line.
  [[nodiscard]] static Result<std::unique_ptr<ScriptedDns>> Parse(
      std::string_view zone_lines, std::string_view file_name);

  [[nodiscard]] DnsAnswer Ask(std::string_view name, RrType type,
                              Deadline deadline) override;

 private:
  struct Node {
    std::map<RrType, DnsAnswer> answers;
    // What `name TEMPERROR` says of every type without a line of its own.
    DnsStatus otherwise = DnsStatus::kNoData;
  };

  Result<void> Add(ZoneLine line);
  [[nodiscard]] const Node* Find(std::string_view name) const;

  std::map<std::string, Node, std::less<>> nodes_;
};

}  // namespace postern
