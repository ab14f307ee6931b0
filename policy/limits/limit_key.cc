#include "policy/limits/limit_key.h"

#include <optional>
#include <vector>

#include <fmt/format.h>

#include "policy/base/domain.h"
#include "policy/base/ip_address.h"
#include "policy/base/text.h"

namespace postern {
namespace {

// What KeyAsCounted is given may be what was shown before.
std::string Unescaped(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string_view three = value.substr(i, 3);
    const bool is_escape = three == "%20" || three == "%25";
    text += three == "%20" ? ' ' : value[i];
    if (is_escape) i += 2;
  }
  return text;
}

// As a message would bring it; nullopt: no message has it.
std::optional<std::string> ValueAsCounted(LimitKeyPart part,
                                          std::string value) {
  if (value.empty()) return std::nullopt;
  switch (part) {
    case LimitKeyPart::kClient: {
      const std::optional<IpAddress> address = IpAddress::Parse(value);
      if (!address) return std::nullopt;
      return address->ToString();
    }
    case LimitKeyPart::kRecipientDomain:
    case LimitKeyPart::kAuthorDomain:
      if (const std::optional<Domain> domain = Domain::Parse(value))
        return domain->text();
      return value;
    case LimitKeyPart::kLogin:
    case LimitKeyPart::kMailFrom:
    case LimitKeyPart::kNetwork:
    case LimitKeyPart::kRecipient:
    case LimitKeyPart::kReceiver:
    case LimitKeyPart::kStream:
    case LimitKeyPart::kCampaign:
    case LimitKeyPart::kEgress:
      return value;
  }
  return value;
}

std::unexpected<Error> OtherParts(const LimitRule& rule) {
  std::vector<std::string> names, forms;
  for (const LimitKeyPart part : rule.key) {
    names.emplace_back(WordOf(part));
    forms.push_back(
        fmt::format("{}={}", WordOf(part),
                    part == LimitKeyPart::kClient ? "ADDRESS" : "NAME"));
  }
  const bool is_one = forms.size() == 1;
  return Fail(fmt::format(
      "limit {} is keyed by {}: write {}", rule.name, Join(names, " and "),
      is_one ? forms.front() : "'" + Join(forms, " ") + "'"));
}

}  // namespace

void AddToKey(LimitKeyPart part, std::string_view value, std::string* key) {
  if (!key->empty()) *key += ' ';
  *key += WordOf(part);
  *key += '=';
  for (const char c : value) {
    if (c == ' ' || c == '%') {
      *key += c == ' ' ? "%20" : "%25";
    } else {
      *key += ToLower(c);
    }
  }
}

Result<std::string> KeyAsCounted(const LimitRule& rule,
                                 std::string_view written) {
  std::string key;
  for (std::size_t i = 0; i < rule.key.size(); ++i) {
    const std::string begin = fmt::format("{}=", WordOf(rule.key[i]));
    if (!written.starts_with(begin)) return OtherParts(rule);
    written.remove_prefix(begin.size());
    const bool is_last = i + 1 == rule.key.size();
    const std::size_t end =
        is_last ? written.size()
                : written.find(fmt::format(" {}=", WordOf(rule.key[i + 1])));
    if (end == written.npos) return OtherParts(rule);
    const std::optional<std::string> value =
        ValueAsCounted(rule.key[i], Unescaped(written.substr(0, end)));
    if (!value) return OtherParts(rule);
    AddToKey(rule.key[i], *value, &key);
    written.remove_prefix(is_last ? end : end + 1);
  }
  return key;
}

}  // namespace postern
