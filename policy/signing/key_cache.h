// KeyCache: the private keys in use, read when first asked for.
//
// Keeps the most recently used keys; what could not be read is tried again
// after a while, and logged when it fails first. Thread-safe: a key is read
// outside of the lock, so that a slow disk delays its own mail only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "policy/base/result.h"
#include "policy/signing/keys.h"

namespace postern {

class KeyCache {
 public:
  using Key = Result<std::shared_ptr<const PrivateKey>>;
  static constexpr std::size_t kMost = 4096;
  static constexpr std::chrono::seconds kRetry{30};

  [[nodiscard]] Key Get(const KeyReference& reference);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Kept {
    std::string source;  // the path or the text
    Key key;
    std::chrono::steady_clock::time_point read_at;
  };
  [[nodiscard]] std::optional<Key> Find(const std::string& source);
  void Keep(const std::string& source, const Key& key);

  mutable std::mutex mutex_;
  std::list<Kept> kept_;  // the last used first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> by_source_;
};

}  // namespace postern
