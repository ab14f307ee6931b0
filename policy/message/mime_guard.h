// What is too much for GMime, counted on the raw bytes before it sees them.
//
// GMime 3.2 has no limits of its own: 700 KB of empty parts take it 131 MB, 5
// MB of part headers 628 MB. Only lines that could be boundaries, and lines
// that could be the headers of parts, are counted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace postern {

constexpr std::size_t kMaxBoundaryLines = 10'000;
constexpr std::size_t kMaxPartHeaderLines = 50'000;
constexpr std::size_t kMaxPartHeaderBytes = 4 * 1024 * 1024;
// Lines in headers of parts that may make them containers: GMime's work grows
// with their nesting.
constexpr std::size_t kMaxContainerLines = 2'000;
constexpr std::size_t kMaxMimeBytes = 1024 * 1024 * 1024;

// The type is the message's own Content-Type.
[[nodiscard]] bool IsTooMuchMime(std::string_view type, std::string_view body);

}  // namespace postern
