// MapDns: TXT records from a map. A name that is not listed is NXDOMAIN; a name
// in `silent` does not answer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/facts/dns.h"

namespace postern {

struct TxtZone {
  std::map<std::string, std::vector<std::string>, std::less<>> txt;
  std::set<std::string, std::less<>> silent;
};

class MapDns final : public Dns, public TxtZone {
 public:
  MapDns() = default;
  explicit MapDns(TxtZone zone) : TxtZone(std::move(zone)) {}

  [[nodiscard]] DnsAnswer Ask(std::string_view name, RrType type,
                              Deadline /*deadline*/) override {
    if (silent.contains(name)) return {DnsStatus::kTempError, {}, {}};
    const auto found = txt.find(name);
    if (found == txt.end()) return {DnsStatus::kNxDomain, {}, {}};
    if (type != RrType::kTxt || found->second.empty())
      return {DnsStatus::kNoData, {}, {}};
    DnsAnswer answer{DnsStatus::kOk, {}, std::chrono::seconds(60)};
    for (const std::string& text : found->second)
      answer.records.push_back({0, text});
    return answer;
  }
};

}  // namespace postern
