// SelfCheck: how often our own signatures are verified by libopendkim.
//
// The first of each key after a start or reload, then a share of them; a key
// whose signature did not verify is checked on every message from then on.
// Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "policy/facts/dkim.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"

namespace postern {

class SelfCheck {
 public:
  SelfCheck(const KeyRing& keys, const SigningConfig& config);
  ~SelfCheck();
  SelfCheck(const SelfCheck&) = delete;
  SelfCheck& operator=(const SelfCheck&) = delete;

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
  struct Count;
  [[nodiscard]] bool IsDue(std::span<const KeyInUse> keys);

  int first_;
  std::int64_t every_;  // 0: never after the first
  std::map<const PrivateKey*, std::unique_ptr<Count>> counts_;
};

}  // namespace postern
