// EnhancedCode and Reply: an SMTP reply that can only be built valid.
//
// libmilter drops a reply whose class does not fit the returned status, reads a
// bare "%" as a format and refuses CR, LF and lines over 980 octets
// (smfi_setreply, smfi_setmlreply). Reply::Make settles all but the percent
// sign, which is the door's business.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

struct EnhancedCode {  // RFC 3463
  int status_class = 0, subject = 0, detail = 0;
  auto operator<=>(const EnhancedCode&) const = default;
  [[nodiscard]] std::string ToString() const;
};

class Reply {
 public:
  // Code 400-599, enhanced code of the same class; the text is made one line of
  // printable ASCII, at most 900 octets. A code and class that contradict each
  // other are a bug: the code wins.
  [[nodiscard]] static Reply Make(int code, EnhancedCode enhanced,
                                  std::string_view text);

  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] EnhancedCode enhanced() const { return enhanced_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_transient() const { return code_ < 500; }
  // "550 5.7.26 text"
  [[nodiscard]] std::string ToString() const;

  bool operator==(const Reply&) const = default;

 private:
  Reply() = default;
  int code_ = 0;
  EnhancedCode enhanced_;
  std::string text_;
};

}  // namespace postern
