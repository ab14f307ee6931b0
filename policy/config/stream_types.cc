// The types of the options of streams and content.
#include <algorithm>

#include "policy/base/text.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using Printed = std::vector<std::string>;

constexpr std::size_t kMaxTemplate = 500;

bool IsPrintable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// A truth that may be unknown: unset then.
bool TakeKnowledge(const Arrival& arrival) {
  *std::get<std::optional<bool>*>(arrival.slot) =
      std::get<bool>(arrival.node.value);
  return true;
}
Printed PrintKnowledge(Slot slot) {
  const auto& known = *std::get<std::optional<bool>*>(slot);
  if (!known) return {};
  return {*known ? "true" : "false"};
}

bool TakeNetworks(const Arrival& arrival) {
  const auto network = IpNetwork::Parse(arrival.text());
  if (network)
    std::get<std::vector<IpNetwork>*>(arrival.slot)->push_back(*network);
  return network.has_value();
}
Printed PrintNetworks(Slot slot) {
  Printed printed;
  for (const IpNetwork& network : *std::get<std::vector<IpNetwork>*>(slot))
    printed.push_back(QuoteToml(network.ToString()));
  return printed;
}

bool TakeOneOfTexts(const Arrival& arrival, bool is_valid) {
  if (is_valid)
    std::get<std::vector<std::string>*>(arrival.slot)
        ->push_back(arrival.text());
  return is_valid;
}
Printed PrintTexts(Slot slot) {
  Printed printed;
  for (const std::string& text : *std::get<std::vector<std::string>*>(slot))
    printed.push_back(QuoteToml(text));
  return printed;
}
bool TakeLoginPatterns(const Arrival& arrival) {
  return TakeOneOfTexts(arrival, !arrival.text().empty());
}
// RFC 5322 s.3.6.8: a name is printable and has no colon.
bool TakeFieldPatterns(const Arrival& arrival) {
  const std::string_view name =
      std::string_view(arrival.text()).substr(0, arrival.text().find(':'));
  const bool is_name =
      !name.empty() && name.size() <= 76 &&
      std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
  return TakeOneOfTexts(arrival, is_name);
}

bool TakeText(const Arrival& arrival, bool is_valid) {
  if (is_valid) *std::get<std::string*>(arrival.slot) = arrival.text();
  return is_valid;
}
Printed PrintText(Slot slot) {
  return {QuoteToml(*std::get<std::string*>(slot))};
}
bool IsFieldTemplate(std::string_view text) {
  return text.size() <= kMaxTemplate && IsPrintable(text) && IsTemplate(text);
}
// RFC 2369 s.2: in the field it stands in angle brackets, with commas between.
bool IsUriTemplate(std::string_view text, std::string_view scheme) {
  return text.empty() ||
         (StartsWithIgnoreCase(text, scheme) && text.size() > scheme.size() &&
          IsFieldTemplate(text) && text.find_first_of(" <>\",") == text.npos);
}
bool TakeUnsubscribeUrl(const Arrival& arrival) {
  return TakeText(arrival, IsUriTemplate(arrival.text(), "https://"));
}
bool TakeUnsubscribeMailto(const Arrival& arrival) {
  return TakeText(arrival, IsUriTemplate(arrival.text(), "mailto:"));
}
bool TakeFieldTemplate(const Arrival& arrival) {
  return TakeText(arrival, IsFieldTemplate(arrival.text()));
}
bool TakeListIdTemplate(const Arrival& arrival) {
  const std::string_view text = arrival.text();
  const std::size_t open = text.find('<');
  const bool has_id = open != text.npos && text.ends_with('>') &&
                      Contains(text.substr(open), ".");
  return TakeText(arrival, text.empty() || (has_id && IsFieldTemplate(text)));
}
bool TakeAutoSubmitted(const Arrival& arrival) {
  const std::string& text = arrival.text();
  return TakeText(arrival, text.empty() || text == "auto-generated" ||
                               text == "auto-replied");
}
bool TakePrecedence(const Arrival& arrival) {
  const std::string& text = arrival.text();
  return TakeText(arrival, text.empty() || text == "bulk" || text == "list");
}

// An address, never a name, for nothing is looked up while mail waits.
bool TakeFilterSocket(const Arrival& arrival) {
  const std::string_view text = arrival.text();
  const std::size_t colon = text.rfind(':');
  // sun_path, unix(7).
  const bool is_path = text.starts_with("unix:/") && text.size() < 5 + 108;
  const bool is_address =
      IsHostAndPort(text) &&
      (text.starts_with('[') || IpAddress::Parse(text.substr(0, colon)));
  return TakeText(arrival, text.empty() || is_path || is_address);
}

constexpr Shape kAsText = Shape::kText;
constexpr Plurality kOne = Plurality::kOne;
constexpr Plurality kList = Plurality::kList;

}  // namespace

constinit const ValueType kKnowledge = {"truth value", "true or false",
                                        Shape::kTruth, kOne,
                                        TakeKnowledge, PrintKnowledge};
constinit const ValueType kNetworks = {
    "network",    R"("192.0.2.0/24", "2001:db8::/32" or an address)",
    kAsText,      kList,
    TakeNetworks, PrintNetworks};
constinit const ValueType kLoginPatterns = {
    "login", R"("shop" or "shop-*")", kAsText,
    kList,   TakeLoginPatterns,       PrintTexts};
constinit const ValueType kFieldPatterns = {
    "field",           R"("X-News" or "X-Mailer: Shop*")",
    kAsText,           kList,
    TakeFieldPatterns, PrintTexts};
constinit const ValueType kUnsubscribeUrl = {
    "web address to unsubscribe",
    R"("https://example.com/u?a={recipient}&t={token}"; it may hold )"
    R"({recipient}, {domain}, {stream} and {token})",
    kAsText,
    kOne,
    TakeUnsubscribeUrl,
    PrintText};
constinit const ValueType kUnsubscribeMailto = {
    "mailto: URI",
    R"("mailto:leave@example.com?subject={token}"; it may hold )"
    R"({recipient}, {domain}, {stream} and {token})",
    kAsText,
    kOne,
    TakeUnsubscribeMailto,
    PrintText};
constinit const ValueType kListIdTemplate = {"list identifier",
                                             R"("News <news.example.com>")",
                                             kAsText,
                                             kOne,
                                             TakeListIdTemplate,
                                             PrintText};
constinit const ValueType kFieldTemplate = {
    "value of a field",
    "printable ASCII; it may hold {recipient}, {domain}, {stream} and {token}",
    kAsText,
    kOne,
    TakeFieldTemplate,
    PrintText};
constinit const ValueType kAutoSubmitted = {
    "value of Auto-Submitted",
    R"("auto-generated" or "auto-replied")",
    kAsText,
    kOne,
    TakeAutoSubmitted,
    PrintText};
constinit const ValueType kPrecedence = {"precedence",   R"("bulk" or "list")",
                                         kAsText,        kOne,
                                         TakePrecedence, PrintText};

constinit const ValueType kFilterSocket = {
    "socket of a filter",
    R"(an address, never a name: "127.0.0.1:11333", "[::1]:783" or )"
    R"("unix:/run/filter.sock")",
    kAsText,
    kOne,
    TakeFilterSocket,
    PrintText};

}  // namespace postern
