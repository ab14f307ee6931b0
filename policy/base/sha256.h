// Sha256: SHA-256 over octets that come in pieces. The wrapper of OpenSSL's
// digest, which is looked up once: the look-up costs more than a small hash.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace postern {

// Belongs to one thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view octets);
  // The 32 octets; empty when OpenSSL has refused anything. Ends the hash.
  [[nodiscard]] std::string Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string Sha256Of(std::string_view octets);

// HMAC-SHA256 (RFC 2104), 32 octets; empty when OpenSSL refuses.
[[nodiscard]] std::string HmacSha256(std::string_view secret,
                                     std::string_view octets);

}  // namespace postern
