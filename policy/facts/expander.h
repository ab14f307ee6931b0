// Expander: the seam through which the house learns where a short link leads.
//
// LinkExpander asks over HTTP; tests have their own. Thread-safe. Never fails:
// what was not answered in time is unknown, never "nowhere".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"

namespace postern {

struct Expansion {
  enum class Result {
    kUnknown,   // not answered, not in time, or not understood
    kTarget,    // it leads to `url`
    kDisabled,  // its shortener says that it was shut off, or warns of it
    kGone,      // its shortener does not know it
  };
  Result result = Result::kUnknown;
  std::string url;     // of kTarget, escaped; any scheme
  std::string reason;  // of the others, one line
  std::string via;     // another shortener on the way; empty: none
};

// "unknown", "target", "disabled", "gone".
[[nodiscard]] std::string_view ToString(Expansion::Result result);

// What an answer may cost, and by whose lists.
struct ExpandBy {
  const Config& config;
  Dns& dns;
  Deadline deadline;
};

class Expander {
 public:
  Expander() = default;
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;
  virtual ~Expander() = default;

  // Blocks until an answer or the deadline.
  [[nodiscard]] virtual Expansion Expand(const std::string& url,
                                         const ExpandBy& by) = 0;
};

}  // namespace postern
