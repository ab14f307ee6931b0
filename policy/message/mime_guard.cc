#include "policy/message/mime_guard.h"

#include "policy/base/text.h"

namespace postern {
namespace {

// Of one header: a parameter in ten thousand sections (RFC 2231) is no file
// name.
constexpr std::size_t kMaxBlockBytes = 128 * 1024;

// The word is in lower case.
bool MentionsIgnoreCase(std::string_view text, std::string_view word) {
  for (std::size_t i = 0; i + word.size() <= text.size(); ++i)
    if (ToLower(text[i]) == word[0] &&
        EqualsIgnoreCase(text.substr(i, word.size()), word))
      return true;
  return false;
}

// The next octet after a line end, or the end.
std::size_t NextLine(std::string_view text, std::size_t at) {
  const std::size_t lf = text.find('\n', at);
  return lf == text.npos ? text.size() : lf + 1;
}

class MimeCounter {
 public:
  explicit MimeCounter(std::string_view body) : body_(body) {}

  bool IsTooMuch(std::string_view type) {
    has_digest_ = MentionsIgnoreCase(type, "multipart/digest");
    if (MentionsIgnoreCase(type, "message/")) ReadHeaders();
    while (!is_over_ && NextBoundaryLine()) {
      if (++boundary_lines_ > kMaxBoundaryLines) return true;
      ReadHeaders();
    }
    return is_over_;
  }

 private:
  // Moves behind the next line that begins with "--".
  bool NextBoundaryLine() {
    for (;;) {
      const std::size_t dash = body_.find("--", at_);
      if (dash == body_.npos) return false;
      at_ = dash + 1;
      if (dash > 0 && body_[dash - 1] != '\n') continue;
      at_ = NextLine(body_, dash);
      return true;
    }
  }

  // A block of header lines, and the blocks that may follow it at once: a
  // message/rfc822 part, or any part of a digest, begins with headers again.
  void ReadHeaders() {
    while (ReadBlock() && !is_over_) {
    }
  }

  // Up to the empty line or a boundary; true when headers may follow.
  bool ReadBlock() {
    const std::size_t begin = at_;
    bool is_message = false;
    std::size_t block_bytes = 0;
    while (at_ < body_.size()) {
      if (body_.substr(at_, 2) == "--") return false;
      const std::size_t next = NextLine(body_, at_);
      const std::string_view line = body_.substr(at_, next - at_);
      at_ = next;
      if (line == "\n" || line == "\r\n") break;
      is_over_ = ++header_lines_ > kMaxPartHeaderLines ||
                 (header_bytes_ += line.size()) > kMaxPartHeaderBytes ||
                 (block_bytes += line.size()) > kMaxBlockBytes;
      if (is_over_) return false;
      const bool names_message = MentionsIgnoreCase(line, "message/");
      is_message |= names_message;
      const bool names_container = names_message ||
                                   MentionsIgnoreCase(line, "multipart") ||
                                   MentionsIgnoreCase(line, "rfc822");
      if (names_container && ++container_lines_ > kMaxContainerLines)
        is_over_ = true;
      if (is_over_) return false;
      if (MentionsIgnoreCase(line, "multipart/digest")) has_digest_ = true;
    }
    return (is_message || has_digest_) && at_ > begin;
  }

  std::string_view body_;
  std::size_t at_ = 0;
  std::size_t boundary_lines_ = 0, header_lines_ = 0, header_bytes_ = 0;
  std::size_t container_lines_ = 0;
  bool has_digest_ = false, is_over_ = false;
};

}  // namespace

bool IsTooMuchMime(std::string_view type, std::string_view body) {
  return body.size() > kMaxMimeBytes || MimeCounter(body).IsTooMuch(type);
}

}  // namespace postern
