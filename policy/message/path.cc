// Paths of the envelope (RFC 5321 s.4.1.2): a stricter grammar than that of
// header fields. No comments, no folds, no obsolete forms but source routes.

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/ip_address.h"
#include "policy/base/text.h"
#include "policy/message/address.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLocalPart = 64;  // RFC 5321 s.4.5.3.1.1
constexpr std::size_t kMaxPath = 254;      // s.4.5.3.1.3, brackets taken off
constexpr std::size_t kMaxLabel = 63;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

bool IsPrintable(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= ' ' && c < 0x7f);
}

// Where the local part ends: the first "@" outside of quotes.
std::size_t AtOf(std::string_view path) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '@' && !is_quoted) return i;
    if (path[i] == '"') is_quoted = !is_quoted;
    if (path[i] == '\\') ++i;
  }
  return path.npos;
}

std::string QuotedFault(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"')
      return i + 1 == text.size() ? "" : "text after a quoted local part";
    if (text[i] == '\\') ++i;
  }
  return "unclosed quotes in the local part";
}

std::string LocalPartFault(std::string_view local_part) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~.";
  if (local_part.empty()) return "nothing before '@'";
  if (local_part.size() > kMaxLocalPart)
    return fmt::format("local part longer than {} octets", kMaxLocalPart);
  if (local_part.front() == '"') return QuotedFault(local_part);
  for (const char c : local_part) {
    const bool is_atext = IsAlnum(c) || Contains(kMarks, {&c, 1}) ||
                          static_cast<unsigned char>(c) >= 0x80;
    if (!is_atext) return fmt::format("unquoted '{}' in the local part", c);
  }
  if (local_part.front() == '.' || local_part.back() == '.' ||
      Contains(local_part, ".."))
    return "misplaced '.' in the local part";
  return "";
}

std::string LiteralFault(std::string_view domain) {
  if (domain.back() != ']') return "unclosed '[' in the domain";
  const std::string_view inner = domain.substr(1, domain.size() - 2);
  const bool is_v6 = StartsWithIgnoreCase(inner, "IPv6:");
  const auto address = IpAddress::Parse(is_v6 ? inner.substr(5) : inner);
  const bool has_colon = Contains(is_v6 ? inner.substr(5) : inner, ":");
  if (address && has_colon == is_v6) return "";
  return "not an address literal";
}

std::string LabelFault(std::string_view label) {
  if (label.empty()) return "empty label in the domain";
  if (label.size() > kMaxLabel)
    return fmt::format("label longer than {} octets", kMaxLabel);
  if (label.front() == '-' || label.back() == '-')
    return "label begins or ends with '-'";
  for (const char c : label) {
    const bool is_ldh =
        IsAlnum(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
    if (!is_ldh) return fmt::format("'{}' in the domain", c);
  }
  return "";
}

std::string DomainFault(std::string_view domain) {
  if (domain.empty()) return "nothing after '@'";
  if (domain.front() == '[') return LiteralFault(domain);
  if (domain.back() == '.') return "domain ends with '.'";
  for (const std::string_view label : Split(domain, '.'))
    if (std::string fault = LabelFault(label); !fault.empty()) return fault;
  return "";
}

// Without "@a,@b:", which every server must accept and ignore (RFC 5321 s.C).
std::string_view WithoutRoute(std::string_view path) {
  const std::size_t colon = path.find(':');
  if (!path.starts_with('@') || colon == path.npos) return path;
  return path.substr(colon + 1);
}

// Everything but whether it is ASCII.
std::string SyntaxFault(std::string_view path) {
  if (path.empty()) return "no address";
  if (path.size() > kMaxPath)
    return fmt::format("longer than {} octets", kMaxPath);
  if (!std::all_of(path.begin(), path.end(), IsPrintable))
    return "control character";
  path = WithoutRoute(path);
  const std::size_t at = AtOf(path);
  if (at == path.npos) {
    return Contains(path, "\"") ? "unclosed quotes or missing '@'"
                                : "missing '@'";
  }
  if (std::string fault = LocalPartFault(path.substr(0, at)); !fault.empty())
    return fault;
  return DomainFault(path.substr(at + 1));
}

}  // namespace

std::optional<AddrSpec> ParsePath(std::string_view path) {
  if (!SyntaxFault(path).empty()) return std::nullopt;
  path = WithoutRoute(path);
  const std::size_t at = AtOf(path);
  return AddrSpec{std::string(path.substr(0, at)),
                  std::string(path.substr(at + 1))};
}

std::string PathFault(std::string_view path, PathCharacters allowed) {
  std::string fault = SyntaxFault(path);
  const bool is_restricted = allowed == PathCharacters::kAscii;
  if (fault.empty() && is_restricted && !IsAscii(path))
    return "non-ASCII characters need SMTPUTF8";  // RFC 6531 s.3.3
  return fault;
}

std::optional<Domain> DomainOf(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == address.npos) return std::nullopt;
  return Domain::Parse(address.substr(at + 1));
}

}  // namespace postern
