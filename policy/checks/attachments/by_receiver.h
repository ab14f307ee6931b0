// One verdict for each receiver whose profile objects to something attached.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/checks/check.h"
#include "policy/facts/facts.h"

namespace postern {

// `objection(profile)`: names and values; empty: none.
template <typename Objection>
std::vector<Verdict> ByReceiver(const Facts& facts, Objection objection) {
  std::vector<Verdict> verdicts;
  std::set<std::string_view> seen;
  for (const RecipientFact& recipient : facts.recipients) {
    if (recipient.profile == nullptr) continue;
    if (!seen.insert(recipient.receiver).second) continue;
    std::string detail = objection(*recipient.profile);
    if (!detail.empty())
      verdicts.push_back({Outcome::kFail, Subject::Receiver(recipient.receiver),
                          std::move(detail)});
  }
  return verdicts;
}

[[nodiscard]] inline bool IsListed(std::string_view extension,
                                   const std::vector<std::string>& list) {
  return !extension.empty() && std::ranges::find(list, extension) != list.end();
}

// Several things as one detail: the first five and how many more.
class DetailList {
 public:
  void Add(std::string_view item) {
    constexpr std::size_t kShown = 5;
    if (++count_ > kShown) return;
    if (count_ > 1) text_ += ", ";
    text_ += item;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string Text() const {
    constexpr std::size_t kShown = 5;
    if (count_ <= kShown) return text_;
    return text_ + " and " + std::to_string(count_ - kShown) + " more";
  }

 private:
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace postern
