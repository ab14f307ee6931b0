#include "policy/message/fold.h"

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLine = 998;  // RFC 5322 s.2.1.1

// Follows quotes and quoted pairs, one octet at a time.
class QuoteState {
 public:
  void Read(char c) {
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (c == '\\' && is_inside_) {
      is_escaped_ = true;
    } else if (c == '"') {
      is_inside_ = !is_inside_;
    }
  }
  [[nodiscard]] bool is_inside() const { return is_inside_; }

 private:
  bool is_inside_ = false, is_escaped_ = false;
};

constexpr std::size_t kNowhere = std::string_view::npos;

}  // namespace

std::optional<std::string> FoldValue(std::string_view name,
                                     std::string_view unfolded_value,
                                     std::size_t limit) {
  // Trailing space would make a last line of white space only (s.3.2.2).
  const std::string_view text = Trim(unfolded_value);
  std::string folded;
  std::size_t begin = 0, used = name.size() + 2;      // of the present line
  std::size_t outside = kNowhere, inside = kNowhere;  // places for a fold
  QuoteState quotes;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool is_end = i == text.size();
    if (is_end || (IsBlank(text[i]) && i > 0 && !IsBlank(text[i - 1]))) {
      for (std::size_t* place : {&outside, &inside}) {
        if (used + i - begin <= limit || *place == kNowhere) continue;
        folded += text.substr(begin, *place - begin);
        folded += '\n';
        begin = *place;
        used = 0;
        *place = kNowhere;
        if (inside != kNowhere && inside <= begin) inside = kNowhere;
        if (outside != kNowhere && outside <= begin) outside = kNowhere;
      }
      if (used + i - begin > kMaxLine) return std::nullopt;
      (quotes.is_inside() ? inside : outside) = i;
    }
    if (!is_end) quotes.Read(text[i]);
  }
  folded += text.substr(begin);
  return folded;
}

}  // namespace postern
