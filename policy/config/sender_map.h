// SenderMap: who may send as whom, as the operator wrote it.
//
// Who: a login, "uid:1000" or "local" (programs on this host), or
// "net:192.0.2.0/24" (clients without a login). A login that looks like one of
// the others is written "login:local". What it may use: "bob@example.com",
// "team-*@example.com", "@example.com", ".example.com" (below it), "*" (any
// address), "<>" (the null reverse-path), "none". Names compare without case,
// domains as A-labels. Immutable once read, then shared by all threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "policy/base/ip_address.h"
#include "policy/config/toml.h"

namespace postern {

class SenderMap {
 public:
  // The file senders.map: a line "who[,who...] what[, what...]"; '#' begins a
  // comment. A line that cannot be read is a fault and allows nothing; what
  // several lines allow one login is added up.
  struct Read;
  [[nodiscard]] static Read Parse(std::string_view text,
                                  const std::string& file);

  // The one form of who and what; nullopt: neither of the forms above.
  [[nodiscard]] static std::optional<std::string> KeyOf(std::string_view who);
  [[nodiscard]] static std::optional<std::string> PatternOf(
      std::string_view what);
  // False: one of the two cannot be read.
  bool Allow(std::string_view who, std::string_view what);

  // What somebody may use, patterns with a space between; nullopt: no rule
  // names him. A client is found by the smallest block that holds it.
  [[nodiscard]] std::optional<std::string_view> OfLogin(
      std::string_view login) const;
  [[nodiscard]] std::optional<std::string_view> OfUid(unsigned uid) const;
  [[nodiscard]] std::optional<std::string_view> OfLocal() const;
  [[nodiscard]] std::optional<std::string_view> OfClient(
      const IpAddress& client) const;
  [[nodiscard]] std::size_t size() const { return allowed_.size(); }

 private:
  [[nodiscard]] std::optional<std::string_view> Find(
      const std::string& key) const;

  std::unordered_map<std::string, std::string> allowed_;  // by key
  std::set<int, std::greater<>> network_bits_;  // that occur, longest first
};

struct SenderMap::Read {
  SenderMap map;
  Faults faults;  // the first of them
};

// Whether patterns (as SenderMap has them) cover an address without angle
// brackets; empty is the null reverse-path. What follows the separator in the
// local part is a sub-address (RFC 5233); an empty separator: there are none.
[[nodiscard]] bool Permits(std::string_view patterns, std::string_view address,
                           std::string_view separator);

// The first pattern that is one address; empty: there is none.
[[nodiscard]] std::string_view FirstAddress(std::string_view patterns);

}  // namespace postern
