// LimitOverrides: other rates for some keys of a limit.
//
// Written "PATTERN RATE[, RATE...]" or "PATTERN unlimited", where the pattern
// is a key as it is shown ("login=shop-*", "login=alice stream=marketing") and
// '*' stands for any text. Immutable once made, then shared by all threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/config/limits.h"
#include "policy/config/toml.h"

namespace postern {

// nullopt: not of that form.
[[nodiscard]] std::optional<LimitOverride> ParseLimitOverride(
    std::string_view text);
[[nodiscard]] std::string FormatLimitOverride(const LimitOverride& one);

// A file of them, one a line; '#' begins a comment.
struct LimitOverridesRead {
  std::vector<LimitOverride> overrides;
  std::vector<int> lines;  // where each stands
  Faults faults;
};
[[nodiscard]] LimitOverridesRead ParseLimitOverrides(std::string_view text,
                                                     const std::string& file);

class LimitOverrides {
 public:
  explicit LimitOverrides(std::vector<LimitOverride> all);
  // Those of the limit itself, then those of its file.
  LimitOverrides(std::vector<LimitOverride> own, std::string file,
                 LimitOverridesRead read);

  // A pattern that is the whole key comes first, then those with '*' in their
  // order. nullptr: none.
  [[nodiscard]] const LimitOverride* Find(const std::string& key) const;
  struct Place {
    std::string file;  // empty: in the limit itself
    int line = 0;
  };
  // Of one that Find gave.
  [[nodiscard]] Place PlaceOf(const LimitOverride* one) const;
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  std::vector<LimitOverride> all_;
  std::string file_;
  std::vector<int> lines_;  // of the last ones, which are of the file
  std::unordered_map<std::string, std::size_t> whole_;
  std::vector<std::size_t> globs_;
};

}  // namespace postern
