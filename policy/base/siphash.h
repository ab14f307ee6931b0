// SipHash-2-4 (Aumasson, Bernstein 2012): a short keyed hash. Who does not know
// the key cannot choose texts whose hashes collide.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace postern {

struct SipKey {
  std::uint64_t low = 0;  // the key's first eight octets, least first
  std::uint64_t high = 0;
};

[[nodiscard]] std::uint64_t SipHash(const SipKey& key, std::string_view octets);

}  // namespace postern
