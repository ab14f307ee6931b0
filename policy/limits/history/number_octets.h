// Numbers and texts as octets, as the history keeps them on disk.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace postern {

inline void PutNumber(std::string* octets, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  for (int shift = 0; shift < 64; shift += 8)
    *octets += static_cast<char>(bits >> shift & 0xff);
}

inline void PutText(std::string* octets, std::string_view text) {
  PutNumber(octets, static_cast<std::int64_t>(text.size()));
  *octets += text;
}

// Reads from the front. What is missing reads as zero or nothing, and is_short.
class NumberReader {
 public:
  explicit NumberReader(std::string_view octets) : octets_(octets) {}
  [[nodiscard]] std::int64_t Number() {
    std::uint64_t bits = 0;
    int shift = 0;
    for (const char c : Octets(8)) {
      bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(c))
              << shift;
      shift += 8;
    }
    return static_cast<std::int64_t>(bits);
  }
  [[nodiscard]] std::string_view Text() {
    return Octets(static_cast<std::uint64_t>(Number()));
  }
  [[nodiscard]] bool is_short() const { return is_short_; }
  [[nodiscard]] bool is_at_end() const { return octets_.empty(); }

 private:
  std::string_view Octets(std::uint64_t size) {
    if (size > octets_.size()) {
      is_short_ = true;
      octets_ = {};
      return {};
    }
    const std::string_view taken = octets_.substr(0, size);
    octets_.remove_prefix(size);
    return taken;
  }

  std::string_view octets_;
  bool is_short_ = false;
};

}  // namespace postern
