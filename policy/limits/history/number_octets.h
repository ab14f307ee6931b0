// Numbers and texts as octets, as the limits keep them on disk.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <endian.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace postern {

inline void PutNumber(std::string* octets, std::int64_t number) {
  const std::uint64_t bits = htole64(static_cast<std::uint64_t>(number));
  octets->append(reinterpret_cast<const char*>(&bits), sizeof bits);
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
    const std::string_view taken = Octets(sizeof bits);
    std::copy(taken.begin(), taken.end(), reinterpret_cast<char*>(&bits));
    return static_cast<std::int64_t>(le64toh(bits));
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
