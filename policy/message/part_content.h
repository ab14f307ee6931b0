// PartContent: the octets of a leaf, decoded only where they are asked for.
//
// The directory of an archive lies at its end: where the lines of base64 are
// all of one length (RFC 2045 s.6.8 writers make them so), any place is found
// and decoded by itself. Other parts are decoded whole, at most kMaxWholeBytes.
// Borrows the encoded octets. Belongs to one thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace postern {

class PartContent {
 public:
  static constexpr std::size_t kMaxWholeBytes = 8 * 1024 * 1024;

  // Encoding as in MimePart.
  PartContent(std::string_view raw, std::string_view encoding);
  // Octets that are decoded already.
  [[nodiscard]] static PartContent Of(std::string_view octets) {
    return {octets, "binary"};
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  // There is more than could be decoded.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

  // The octets from offset on; fewer than asked for only at the end. May find
  // that the lines are irregular after all, and size() with it.
  [[nodiscard]] std::size_t Read(std::size_t offset, std::span<char> out);
  [[nodiscard]] std::string Slice(std::size_t offset, std::size_t count);

 private:
  enum class Form { kPlain, kLines, kWhole };

  [[nodiscard]] bool TakeLines();
  [[nodiscard]] std::string_view EncodedLine(std::size_t line) const;
  void TakeWhole();

  std::string_view raw_, encoding_;
  Form form_ = Form::kPlain;
  std::size_t size_ = 0;
  bool is_cut_ = false;
  std::size_t line_ = 0, stride_ = 0;  // kLines: octets without and with CRLF
  std::string whole_;
};

}  // namespace postern
