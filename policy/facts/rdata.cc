#include "policy/facts/rdata.h"

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

std::size_t Octet(std::string_view octets, std::size_t at) {
  return static_cast<unsigned char>(octets[at]);
}

// A name at the front of the octets; what follows it (SOA) is ignored.
std::optional<std::string> DecodeName(std::string_view octets) {
  std::string name;
  for (;;) {
    if (octets.empty()) return std::nullopt;
    const std::size_t length = Octet(octets, 0);
    octets.remove_prefix(1);
    if (length == 0) return name;
    if (length > 63 || length > octets.size()) return std::nullopt;
    if (!name.empty()) name += '.';
    for (const char c : octets.substr(0, length)) {
      if (c == '.' || c == '\\') name += '\\';
      name += ToLower(c);
    }
    octets.remove_prefix(length);
  }
}

std::optional<std::string> JoinStrings(std::string_view octets) {
  if (octets.empty()) return std::nullopt;
  std::string text;
  while (!octets.empty()) {
    const std::size_t length = Octet(octets, 0);
    if (length >= octets.size()) return std::nullopt;
    text += octets.substr(1, length);
    octets.remove_prefix(length + 1);
  }
  return text;
}

std::optional<DnsRecord> WithValue(std::optional<std::string> value) {
  if (!value) return std::nullopt;
  return DnsRecord{.value = std::move(*value)};
}

}  // namespace

std::optional<DnsRecord> DecodeRdata(RrType type, std::string_view octets) {
  switch (type) {
    case RrType::kA:
      if (octets.size() != 4) return std::nullopt;
      break;
    case RrType::kAaaa:
      if (octets.size() != 16) return std::nullopt;
      break;
    case RrType::kTxt:
      return WithValue(JoinStrings(octets));
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kSoa:
    case RrType::kPtr:
      return WithValue(DecodeName(octets));
    case RrType::kMx: {
      if (octets.size() < 3) return std::nullopt;
      auto record = WithValue(DecodeName(octets.substr(2)));
      if (record)
        record->preference =
            static_cast<int>(Octet(octets, 0) << 8 | Octet(octets, 1));
      return record;
    }
  }
  return DnsRecord{.value = std::string(octets)};
}

std::string EscapeName(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    if (IsAlnum(c) || c == '-' || c == '_' || c == '.') {
      escaped += c;
    } else {
      escaped += fmt::format("\\{:03}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

}  // namespace postern
