#include "policy/base/smtp_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace postern {

std::string EnhancedCode::ToString() const {
  return fmt::format("{}.{}.{}", status_class, subject, detail);
}

Reply Reply::Make(int code, EnhancedCode enhanced, std::string_view text) {
  assert(code >= 400 && code <= 599);
  assert(enhanced.status_class == code / 100);
  Reply reply;
  reply.code_ = std::clamp(code, 400, 599);
  reply.enhanced_ = enhanced;
  reply.enhanced_.status_class = reply.code_ / 100;
  for (const char c : text.substr(0, 900))
    reply.text_ += c >= 0x20 && c < 0x7f ? c : '?';
  return reply;
}

std::string Reply::ToString() const {
  return fmt::format("{} {} {}", code_, enhanced_.ToString(), text_);
}

}  // namespace postern
