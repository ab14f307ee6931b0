// PhraseSet: many regular expressions found in one pass. The wrapper of RE2,
// which nothing else includes.
//
// Compiled once, then shared by all threads. Time is linear in the text,
// memory bounded; where the bound is met the answer is "undecided", never
// "not found".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace postern {

class PhraseSet {
 public:
  // The Error is RE2's word on the first pattern that is wrong.
  [[nodiscard]] static Result<PhraseSet> Compile(
      std::span<const std::string> patterns);
  // Why a pattern cannot be used; empty: it can.
  [[nodiscard]] static std::string FaultOf(const std::string& pattern);

  PhraseSet(PhraseSet&&) noexcept;
  PhraseSet& operator=(PhraseSet&&) noexcept;
  PhraseSet(const PhraseSet&) = delete;
  PhraseSet& operator=(const PhraseSet&) = delete;
  ~PhraseSet();

  // The patterns that occur, by their place, in order; nullopt: undecided.
  [[nodiscard]] std::optional<std::vector<std::size_t>> FindIn(
      std::string_view text) const;

 private:
  struct Compiled;
  explicit PhraseSet(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;  // null: no patterns
};

}  // namespace postern
