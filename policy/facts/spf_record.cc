#include "policy/facts/spf_record.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/facts/spf_macro.h"

namespace postern {
namespace {

constexpr std::string_view kVersion = "v=spf1";
// The zero bits that an IPv4-mapped IPv6 address begins with.
constexpr int kMappedZeros = 80;

struct MechanismName {
  std::string_view name;
  SpfMechanism mechanism;
};
constexpr MechanismName kMechanisms[] = {
    {"all", SpfMechanism::kAll}, {"include", SpfMechanism::kInclude},
    {"a", SpfMechanism::kA},     {"mx", SpfMechanism::kMx},
    {"ptr", SpfMechanism::kPtr}, {"ip4", SpfMechanism::kIp4},
    {"ip6", SpfMechanism::kIp6}, {"exists", SpfMechanism::kExists},
};

// A prefix length: no sign, no leading zero.
std::optional<int> PrefixLength(std::string_view digits, int max) {
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  if (!std::ranges::all_of(digits, IsDigit)) return std::nullopt;
  const int length = std::stoi(std::string(digits));
  if (length > max) return std::nullopt;
  return length;
}

// Takes "/24", "//64" or "/24//64" off the end of the argument of a and mx.
// False: it is malformed.
bool TakeDualCidr(std::string_view& argument, SpfTerm& term) {
  const std::size_t last = argument.find_last_not_of("0123456789/");
  const std::size_t slash =
      argument.find('/', last == std::string_view::npos ? 0 : last);
  if (slash == std::string_view::npos) return true;
  const std::string_view cidr = argument.substr(slash);
  argument = argument.substr(0, slash);
  const std::size_t two = cidr.find("//");
  if (two != std::string_view::npos) {
    const auto v6 = PrefixLength(cidr.substr(two + 2), 128);
    if (!v6) return false;
    term.v6_bits = *v6;
  }
  if (two == 0) return true;
  const auto v4 = PrefixLength(cidr.substr(1, two - 1), 32);
  if (!v4) return false;
  term.v4_bits = *v4;
  return true;
}

bool TakeDomainSpec(std::string_view argument, SpfTerm& term) {
  if (!argument.starts_with(':')) return false;
  argument.remove_prefix(1);
  if (!IsSpfDomainSpec(argument)) return false;
  term.domain_spec = argument;
  return true;
}

bool TakeHostArgument(std::string_view argument, SpfTerm& term) {
  if (!TakeDualCidr(argument, term)) return false;
  return argument.empty() || TakeDomainSpec(argument, term);
}

bool TakeNetwork(std::string_view argument, SpfTerm& term) {
  if (!argument.starts_with(':')) return false;
  argument.remove_prefix(1);
  const bool is_v4 = term.mechanism == SpfMechanism::kIp4;
  const std::size_t slash = argument.find('/');
  std::optional<int> bits;
  if (slash != std::string_view::npos) {
    bits = PrefixLength(argument.substr(slash + 1), is_v4 ? 32 : 128);
    if (!bits) return false;
  }
  const std::string address(argument.substr(0, slash));
  std::array<char, 16> octets{};
  if (inet_pton(is_v4 ? AF_INET : AF_INET6, address.c_str(), octets.data()) !=
      1)
    return false;
  const auto parsed = IpAddress::Parse(address);
  const bool is_mapped =
      !is_v4 && parsed && parsed->family() == IpAddress::Family::kV4;
  if (!is_mapped) {
    term.network = IpNetwork::Parse(argument);
  } else if (bits.value_or(128) <= kMappedZeros) {
    term.network = IpNetwork::Parse(fmt::format("::/{}", *bits));
  }
  return true;
}

bool TakeArgument(std::string_view argument, SpfTerm& term) {
  switch (term.mechanism) {
    case SpfMechanism::kAll:
      return argument.empty();
    case SpfMechanism::kInclude:
    case SpfMechanism::kExists:
      return TakeDomainSpec(argument, term);
    case SpfMechanism::kPtr:
      return argument.empty() || TakeDomainSpec(argument, term);
    case SpfMechanism::kA:
    case SpfMechanism::kMx:
      return TakeHostArgument(argument, term);
    case SpfMechanism::kIp4:
    case SpfMechanism::kIp6:
      return TakeNetwork(argument, term);
  }
  return false;
}

// The word before "=" where the term is a modifier (s.4.6.1: name = ALPHA
// *( ALPHA / DIGIT / "-" / "_" / "." )).
std::optional<std::string_view> ModifierName(std::string_view term) {
  const std::size_t end = term.find('=');
  if (end == std::string_view::npos || !IsAlpha(term.front()))
    return std::nullopt;
  const std::string_view name = term.substr(0, end);
  const bool is_name = std::ranges::all_of(name, [](char c) {
    return IsAlnum(c) || c == '-' || c == '_' || c == '.';
  });
  if (!is_name) return std::nullopt;
  return name;
}

Error SyntaxError(std::string_view term) {
  return {fmt::format("syntax error in \"{}\"", EscapeForLog(term))};
}

Result<void> AddModifier(std::string_view name, std::string_view term,
                         SpfRecord& record) {
  const std::string_view value = term.substr(name.size() + 1);
  const bool is_redirect = EqualsIgnoreCase(name, "redirect");
  if (!is_redirect && !EqualsIgnoreCase(name, "exp")) {
    // s.6: unknown modifiers are ignored, once their grammar is right.
    if (!IsSpfMacroString(value, SpfMacroUse::kDomainSpec))
      return std::unexpected(SyntaxError(term));
    return {};
  }
  auto& slot = is_redirect ? record.redirect : record.explanation;
  if (slot) return Fail(fmt::format("a second \"{}=\"", ToLower(name)));
  if (!IsSpfDomainSpec(value)) return std::unexpected(SyntaxError(term));
  slot = value;
  return {};
}

Result<SpfTerm> ParseMechanism(std::string_view text) {
  SpfTerm term{.text = std::string(text)};
  std::string_view rest = text;
  if (Contains("+-~?", rest.substr(0, 1))) {
    term.qualifier = rest.front();
    rest.remove_prefix(1);
  }
  const auto stop = std::ranges::find_if_not(rest, IsAlnum);
  const auto length = static_cast<std::size_t>(stop - rest.begin());
  const auto* known = std::ranges::find_if(
      kMechanisms, [name = rest.substr(0, length)](const MechanismName& entry) {
        return EqualsIgnoreCase(entry.name, name);
      });
  if (known == std::end(kMechanisms))
    return Fail(fmt::format("unknown mechanism in \"{}\"", EscapeForLog(text)));
  term.mechanism = known->mechanism;
  if (!TakeArgument(rest.substr(length), term))
    return std::unexpected(SyntaxError(text));
  return term;
}

}  // namespace

bool IsTooPermissive(const SpfTerm& term) {
  constexpr int kLeastV4 = 8;
  constexpr int kLeastV6 = 16;
  if (term.qualifier != '+') return false;
  switch (term.mechanism) {
    case SpfMechanism::kAll:
      return true;
    case SpfMechanism::kA:
    case SpfMechanism::kMx:
      return term.v4_bits < kLeastV4 || term.v6_bits < kLeastV6;
    case SpfMechanism::kIp4:
      return term.network && term.network->bits() < kLeastV4;
    case SpfMechanism::kIp6:
      return term.network && term.network->bits() < kLeastV6;
    case SpfMechanism::kInclude:
    case SpfMechanism::kPtr:
    case SpfMechanism::kExists:
      return false;
  }
  return false;
}

bool IsSpfRecord(std::string_view txt) {
  return StartsWithIgnoreCase(txt, kVersion) &&
         (txt.size() == kVersion.size() || txt[kVersion.size()] == ' ');
}

Result<SpfRecord> ParseSpfRecord(std::string_view txt) {
  const bool is_printable =
      std::ranges::all_of(txt, [](char c) { return c >= 0x20 && c < 0x7f; });
  if (!is_printable) return Fail("an octet that is not printable ASCII");
  txt.remove_prefix(std::min(kVersion.size(), txt.size()));
  SpfRecord record;
  for (const std::string_view term : Split(txt, ' ')) {
    if (term.empty()) continue;
    if (const auto name = ModifierName(term)) {
      auto added = AddModifier(*name, term, record);
      if (!added) return std::unexpected(added.error());
      continue;
    }
    Result<SpfTerm> mechanism = ParseMechanism(term);
    if (!mechanism) return std::unexpected(mechanism.error());
    record.terms.push_back(std::move(*mechanism));
  }
  return record;
}

}  // namespace postern
