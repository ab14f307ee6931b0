// What Postfix and Sendmail do to a message after their milters, as measured
// with Postfix 3.7 and Sendmail 8.17 (tests/mta/survival_test.py).

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "policy/base/text.h"
#include "policy/facts/identity.h"
#include "policy/message/address_form.h"
#include "policy/signing/signed_names.h"

namespace postern {
namespace {

// Postfix: smtp_line_length_limit. Sendmail: L= of its smtp mailers.
constexpr std::size_t kPostfixLine = 998;
constexpr std::size_t kSendmailLine = 990;

constexpr auto kAddressFields = std::to_array<std::string_view>(
    {"From", "Sender", "Reply-To", "To", "Cc", "Resent-From", "Resent-Sender",
     "Resent-To", "Resent-Cc"});

bool IsAddressField(std::string_view name) {
  return std::any_of(
      kAddressFields.begin(), kAddressFields.end(),
      [&](std::string_view own) { return EqualsIgnoreCase(own, name); });
}

bool IsSendmail(const Facts& facts) {
  return facts.message->submission.mta_kind == MtaKind::kSendmail;
}

void FindRewrittenAddresses(Facts* facts) {
  const LocalPartHome home = HomeOf(*facts->message);
  for (const HeaderField& field : facts->message->header.fields()) {
    if (!IsAddressField(field.name)) continue;
    const std::string text = field.Unfolded();
    const std::optional<std::string> written = WriteAddressList(text, home);
    if (text.empty() || (written && IsSameButBlanks(*written, text))) continue;
    std::vector<std::string>& names = facts->transit.addresses;
    if (std::find(names.begin(), names.end(), field.name) == names.end())
      names.push_back(field.name);
  }
}

void FindCutLine(std::size_t limit, Facts* facts) {
  for (const HeaderField& field : facts->message->header.fields()) {
    if (!PlaceAmongSigned(field.name)) continue;
    // Sendmail folds address lists itself, between the addresses.
    if (IsSendmail(*facts) && IsAddressField(field.name)) continue;
    const std::size_t length = field.LongestLine();
    if (length <= limit) continue;
    facts->transit.line_field = field.name;
    facts->transit.line_length = length;
    return;
  }
}

std::string BodyChange(std::size_t limit, const Facts& facts) {
  const BodyShape& body = facts.body;
  // Each MTA on the way reads these line ends in its own manner.
  if (body.has_bare_cr || body.has_bare_lf)
    return "a lone CR or LF in the body";
  if (facts.config->signing.mta_keeps_body) return {};
  if (body.longest_line > limit)
    return fmt::format("a body line of {} octets", body.longest_line);
  // Where the next hop lacks 8BITMIME, Sendmail converts what has 8-bit octets,
  // Postfix what is declared to have some.
  if (IsSendmail(facts) && body.has_eight_bit)
    return "8-bit octets in the body";
  if (!IsSendmail(facts) && facts.mime.declares_eight_bit)
    return "a body declared as 8bit or binary";
  return {};
}

}  // namespace

std::string TransitFact::Reason() const {
  std::vector<std::string> reasons;
  if (!addresses.empty())
    reasons.push_back("Sendmail writes " + Join(addresses, " and ") + " anew");
  if (line_length > 0)
    reasons.push_back(
        fmt::format("a line of {} octets in {}", line_length, line_field));
  if (!body.empty()) reasons.push_back(body);
  return Join(reasons, "; ");
}

void GatherTransit(const GatherFrom& from, Facts* facts) {
  if (!from.config.signing.enabled) return;
  const bool is_sendmail = IsSendmail(*facts);
  const std::size_t limit = is_sendmail ? kSendmailLine : kPostfixLine;
  if (is_sendmail) FindRewrittenAddresses(facts);
  FindCutLine(limit, facts);
  facts->transit.body = BodyChange(limit, *facts);
}

}  // namespace postern
