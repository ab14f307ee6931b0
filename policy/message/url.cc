#include "policy/message/url.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

struct SpecialScheme {
  std::string_view name;
  int port;  // 0: has none
};
// s.4.2
constexpr std::array<SpecialScheme, 6> kSpecial = {{{"https", 443},
                                                    {"http", 80},
                                                    {"ftp", 21},
                                                    {"ws", 80},
                                                    {"wss", 443},
                                                    {"file", 0}}};

const SpecialScheme* SpecialOf(std::string_view scheme) {
  const auto found = std::ranges::find(kSpecial, scheme, &SpecialScheme::name);
  return found == kSpecial.end() ? nullptr : &*found;
}

bool IsC0OrSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }
bool IsBreak(char c) { return c == '\t' || c == '\n' || c == '\r'; }

std::string Cleaned(std::string_view text) {
  while (!text.empty() && IsC0OrSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsC0OrSpace(text.back())) text.remove_suffix(1);
  std::string clean(text);
  std::erase_if(clean, IsBreak);
  return clean;
}

// The length of the scheme; npos: there is none.
std::size_t SchemeLength(std::string_view text) {
  if (text.empty() || !IsAlpha(text[0])) return text.npos;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':') return i;
    if (!IsAlnum(text[i]) && text[i] != '+' && text[i] != '-' && text[i] != '.')
      break;
  }
  return text.npos;
}

bool IsDriveLetter(std::string_view text) {
  return text.size() == 2 && IsAlpha(text[0]) &&
         (text[1] == ':' || text[1] == '|');
}

// The colon before the port: one outside of brackets; npos: none.
std::size_t PortColon(std::string_view text) {
  bool is_in_brackets = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':' && !is_in_brackets) return i;
    if (text[i] == '[') is_in_brackets = true;
    if (text[i] == ']') is_in_brackets = false;
  }
  return text.npos;
}

// The machine of s.4.4 from the colon on, over url.text.
class Parser {
 public:
  explicit Parser(Url* url)
      : url_(*url), text_(url->text), special_(SpecialOf(url->scheme)) {}

  [[nodiscard]] bool Parse() {
    at_ = url_.scheme.size() + 1;
    if (url_.scheme == "file") return ParseFile();
    const std::size_t slashes = SkipSlashes();
    if (special_ != nullptr)
      url_.has_odd_slashes = slashes != 2;
    else if (slashes == 0)
      return true;
    return ParseAuthority();
  }

 private:
  bool IsSlash(std::size_t at) const {
    return at < text_.size() &&
           (text_[at] == '/' || (special_ != nullptr && text_[at] == '\\'));
  }

  // How many lead to the authority: any number of a special scheme, else two
  // or none.
  std::size_t SkipSlashes() {
    url_.path_at = at_;
    if (special_ == nullptr) {
      if (text_.substr(at_, 2) != "//") return 0;
      at_ += 2;
      return 2;
    }
    const std::size_t begin = at_;
    for (; IsSlash(at_); ++at_) url_.has_backslash |= text_[at_] == '\\';
    return at_ - begin;
  }

  std::string_view UntilPath() {
    std::size_t end = at_;
    while (end < text_.size() && !IsSlash(end) && text_[end] != '?' &&
           text_[end] != '#')
      ++end;
    url_.has_backslash |= end < text_.size() && text_[end] == '\\';
    url_.path_at = end;
    return text_.substr(at_, end - at_);
  }

  bool ParseFile() {
    url_.path_at = at_;
    if (!IsSlash(at_) || !IsSlash(at_ + 1)) return true;
    at_ += 2;
    const std::string_view host = UntilPath();
    if (IsDriveLetter(host)) url_.path_at = at_;
    if (host.empty() || IsDriveLetter(host)) return true;
    return TakeHost(host);
  }

  bool ParseAuthority() {
    std::string_view authority = UntilPath();
    if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
      if (authority.substr(0, at) != ":")
        url_.userinfo = authority.substr(0, at);
      authority.remove_prefix(at + 1);
      if (authority.empty()) return false;
    }
    const std::size_t colon = PortColon(authority);
    const std::string_view host = authority.substr(0, colon);
    if (host.empty() && (special_ != nullptr || colon != authority.npos))
      return false;
    return TakeHost(host) &&
           (colon == authority.npos || TakePort(authority.substr(colon + 1)));
  }

  bool TakeHost(std::string_view host) {
    if (host.empty()) return true;
    std::optional<HostRead> read = ReadHost(
        host, special_ != nullptr ? SchemeKind::kSpecial : SchemeKind::kOther);
    if (!read) return false;
    if (url_.scheme == "file" && read->host == "localhost") return true;
    url_.has_escaped_host = special_ != nullptr && Contains(host, "%");
    url_.host = std::move(read->host);
    url_.host_kind = read->kind;
    return true;
  }

  bool TakePort(std::string_view digits) {
    int port = 0;
    for (const char c : digits) {
      if (!IsDigit(c)) return false;
      port = port * 10 + (c - '0');
      if (port > 65535) return false;
    }
    const bool is_own = special_ != nullptr && special_->port == port;
    if (!digits.empty() && !is_own)
      url_.port = static_cast<std::uint16_t>(port);
    return true;
  }

  Url& url_;
  const std::string_view text_;
  const SpecialScheme* const special_;
  std::size_t at_ = 0;
};

int HexValue(char c) {
  const char lower = ToLower(c);
  if (IsDigit(c)) return c - '0';
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

bool Url::is_special() const { return SpecialOf(scheme) != nullptr; }

std::string_view Url::path() const {
  const std::string_view rest = std::string_view(text).substr(path_at);
  return rest.substr(0, rest.find_first_of("?#"));
}

std::string_view Url::query() const {
  std::string_view rest = std::string_view(text).substr(path_at);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t mark = rest.find('?');
  return mark == rest.npos ? std::string_view() : rest.substr(mark + 1);
}

std::string_view Url::fragment() const {
  const std::string_view rest = std::string_view(text).substr(path_at);
  const std::size_t mark = rest.find('#');
  return mark == rest.npos ? std::string_view() : rest.substr(mark + 1);
}

std::optional<Url> ParseUrl(std::string_view text) {
  Url url{.text = Cleaned(text)};
  const std::size_t length = SchemeLength(url.text);
  if (length == url.text.npos) return std::nullopt;
  url.scheme = ToLower(std::string_view(url.text).substr(0, length));
  if (!Parser(&url).Parse()) return std::nullopt;
  return url;
}

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                           HexValue(text[i + 1]) >= 0 &&
                           HexValue(text[i + 2]) >= 0;
    if (!is_escape) {
      decoded += text[i];
      continue;
    }
    decoded +=
        static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
    i += 2;
  }
  return decoded;
}

std::optional<std::string> QueryValue(std::string_view query,
                                      std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos || pair.substr(0, equals) != name) continue;
    std::string value(pair.substr(equals + 1));
    std::ranges::replace(value, '+', ' ');
    return PercentDecoded(value);
  }
  return std::nullopt;
}

}  // namespace postern
