// SPF macros (RFC 7208 s.7): their grammar and their expansion.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "policy/base/ip_address.h"

namespace postern {

// The text of an explanation may hold spaces and the letters c, r and t.
enum class SpfMacroUse { kDomainSpec, kExplanation };

[[nodiscard]] bool IsSpfMacroString(std::string_view text, SpfMacroUse use);
// A macro-string that ends in a macro or in a top label.
[[nodiscard]] bool IsSpfDomainSpec(std::string_view text);

struct SpfMacroValues {
  IpAddress address;                            // %{i}, %{c}, %{v}
  std::string local_part;                       // %{l}, %{s}
  std::string sender_domain;                    // %{o}, %{s}
  std::string domain;                           // %{d}
  std::string helo_name;                        // %{h}
  std::string receiver_name;                    // %{r}
  std::int64_t now_seconds = 0;                 // %{t}
  std::function<std::string()> validated_name;  // %{p}; it asks DNS
};

// `text` is an SpfMacroString. What follows a malformed macro is dropped.
[[nodiscard]] std::string ExpandSpfMacros(std::string_view text,
                                          const SpfMacroValues& values);

}  // namespace postern
