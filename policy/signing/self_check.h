// SelfCheck: how often our own signatures are verified by libopendkim.
//
// The first of each key after a start or reload, then a share of them; a key
// whose signature did not verify is checked on every message from then on.
// Keys are counted by name, a bounded number of them. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

#include "policy/facts/dkim.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"

namespace postern {

class SelfCheck {
 public:
  explicit SelfCheck(const SigningConfig& config);

  enum class Outcome {
    kNotDue,
    kVerified,
    kUnknown,   // DNS could not tell the key
    kMismatch,  // the alarm: the message must not leave like this
  };
  struct Answer {
    Outcome outcome = Outcome::kNotDue;
    std::string detail;
  };
  // The header has our signatures on top, one for each key in order.
  [[nodiscard]] Answer Verify(const Header& signed_header, const Body& body,
                              std::span<const KeyInUse> keys,
                              const VerifyWith& with);

 private:
  static constexpr std::size_t kMostKeys = 100'000;
  struct Count {
    std::int64_t messages = 0;
    bool is_suspect = false;
  };
  [[nodiscard]] bool IsDue(std::span<const KeyInUse> keys);
  void Suspect(const std::string& name);

  const int first_;
  const std::int64_t every_;  // 0: never after the first
  std::mutex mutex_;
  std::unordered_map<std::string, Count> counts_;  // by name of the record
};

}  // namespace postern
