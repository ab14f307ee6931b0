// SipHash-2-4 (Aumasson and Bernstein, 2012): a hash whose collisions cannot be
// made by those who do not know its key.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace postern {

using SipKey = std::array<std::uint64_t, 2>;

// From the operating system; another one for each run.
[[nodiscard]] SipKey RandomSipKey();

[[nodiscard]] std::uint64_t SipHash(const SipKey& key, std::string_view octets);

}  // namespace postern
