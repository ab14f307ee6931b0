#include "policy/limits/charges.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// What the parts of a key can be read from.
struct KeySource {
  const Submission& submission;
  const std::string& mail_from;
  const std::optional<Domain>& author_domain;
  std::string_view stream;
};

// What only the message itself makes known.
bool IsKeyedByContent(const LimitRule& rule) {
  return std::ranges::any_of(rule.key, [](LimitKeyPart part) {
    return part == LimitKeyPart::kAuthorDomain || part == LimitKeyPart::kStream;
  });
}

// Lower case, so that spelling is no way round a limit; a space or a percent
// sign is written as %20 or %25, so that two keys never read alike.
std::string Written(std::string_view name, std::string_view value) {
  std::string part = fmt::format("{}=", name);
  for (const char c : value) {
    if (c == ' ' || c == '%') {
      part += c == ' ' ? "%20" : "%25";
    } else {
      part += ToLower(c);
    }
  }
  return part;
}

std::optional<std::string> KeyPart(LimitKeyPart part, const KeySource& source) {
  const Submission& submission = source.submission;
  switch (part) {
    case LimitKeyPart::kLogin:
      if (submission.login.empty()) return std::nullopt;
      return Written("login", submission.login);
    case LimitKeyPart::kMailFrom:
      // The null reverse-path is counted too: it is no way round a limit.
      return Written("mail_from",
                     source.mail_from.empty() ? "<>" : source.mail_from);
    case LimitKeyPart::kAuthorDomain:
      if (!source.author_domain) return std::nullopt;
      return Written("author_domain", source.author_domain->text());
    case LimitKeyPart::kClient:
      if (!submission.client_address) return std::nullopt;
      return Written("client", submission.client_address->ToString());
    case LimitKeyPart::kStream:
      if (source.stream.empty()) return std::nullopt;
      return Written("stream", source.stream);
    default:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> KeyOf(const LimitRule& rule,
                                 const KeySource& source) {
  std::vector<std::string> parts;
  for (const LimitKeyPart part : rule.key) {
    std::optional<std::string> written = KeyPart(part, source);
    if (!written) return std::nullopt;
    parts.push_back(std::move(*written));
  }
  return Join(parts, " ");
}

}  // namespace

std::vector<LimitCharge> ChargesAtRcpt(const std::vector<LimitRule>& rules,
                                       const Submission& submission,
                                       const Envelope& earlier,
                                       const ForwardPath& /*recipient*/) {
  const std::optional<Domain> unknown;  // the header is still to come
  const KeySource source{submission, earlier.mail_from, unknown, {}};
  std::vector<LimitCharge> charges;
  for (const LimitRule& rule : rules) {
    if (IsKeyedByContent(rule)) continue;
    if (rule.cost == LimitCost::kMessages && !earlier.recipients.empty())
      continue;
    const std::optional<std::string> key = KeyOf(rule, source);
    if (key) charges.push_back({.rule = &rule, .key = *key, .cost = 1});
  }
  return charges;
}

std::vector<LimitCharge> ChargesAtEndOfMessage(
    const std::vector<LimitRule>& rules, const Submission& submission,
    const Envelope& envelope, const ContentKeys& keys) {
  const KeySource source{submission, envelope.mail_from, keys.author_domain,
                         keys.stream};
  const auto recipients = static_cast<std::int64_t>(envelope.recipients.size());
  std::vector<LimitCharge> charges;
  for (const LimitRule& rule : rules) {
    if (!IsKeyedByContent(rule)) continue;
    const std::optional<std::string> key = KeyOf(rule, source);
    if (!key) continue;
    const std::int64_t cost =
        rule.cost == LimitCost::kMessages ? 1 : recipients;
    charges.push_back({.rule = &rule, .key = *key, .cost = cost});
  }
  return charges;
}

bool IsPersonal(const Submission& submission) {
  return submission.is_local || !submission.login.empty();
}

}  // namespace postern
