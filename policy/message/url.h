// Url: a web address read as browsers read it (WHATWG URL standard s.4.4),
// without a base.
//
// Plain data. What browsers refuse is no Url; what they mend (backslashes,
// TABs, escapes, odd slashes) is mended, and how it was written stays known.
// The path and what follows are left as written. Thread-safe, bounded by its
// input. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

struct Url {
  enum class HostKind {
    kNone,    // "mailto:", "data:", "file:///x"
    kName,    // of a special scheme: lower case, A-labels
    kIpv4,    // dotted, however it was written
    kIpv6,    // without brackets
    kOpaque,  // of any other scheme: what it means is that scheme's business
  };

  std::string text;      // without white space around it, TAB, CR and LF
  std::string scheme;    // lower case, without the colon
  std::string userinfo;  // as written; "" also for ":"
  std::string host;
  HostKind host_kind = HostKind::kNone;
  std::optional<std::uint16_t> port;  // none: the scheme's own
  bool has_backslash = false;         // where a slash belongs
  bool has_odd_slashes = false;       // not two before the host
  bool has_escaped_host = false;      // "%65vil.example"

  [[nodiscard]] bool is_special() const;
  [[nodiscard]] std::string_view path() const;
  [[nodiscard]] std::string_view query() const;     // without "?"
  [[nodiscard]] std::string_view fragment() const;  // without "#"

  std::size_t path_at = 0;  // in text
};

[[nodiscard]] std::optional<Url> ParseUrl(std::string_view text);

// The first value of that name in a query, "+" and escapes decoded; nullopt:
// none. Octets that are not UTF-8 stay as they are.
[[nodiscard]] std::optional<std::string> QueryValue(std::string_view query,
                                                    std::string_view name);
[[nodiscard]] std::string PercentDecoded(std::string_view text);

// A host alone, as ParseUrl reads it (s.3.5).
struct HostRead {
  std::string host;
  Url::HostKind kind = Url::HostKind::kNone;
};
// nullopt: browsers refuse it. `is_special` is whether its scheme is.
enum class SchemeKind { kSpecial, kOther };
[[nodiscard]] std::optional<HostRead> ReadHost(std::string_view text,
                                               SchemeKind scheme);

}  // namespace postern
