#include "policy/config/value_type.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using Printed = std::vector<std::string>;

// The slot as the type that the table of options promises; a unit test visits
// every row.
std::string& TextIn(Slot slot) { return *std::get<std::string*>(slot); }

bool TakeText(const Arrival& arrival, bool is_valid) {
  if (is_valid) TextIn(arrival.slot) = arrival.text();
  return is_valid;
}
Printed PrintText(Slot slot) { return {QuoteToml(TextIn(slot))}; }
bool TakeAnyText(const Arrival& arrival) { return TakeText(arrival, true); }
bool TakeHostName(const Arrival& arrival) {
  return TakeText(arrival, IsHostName(arrival.text()));
}
bool TakeSocket(const Arrival& arrival) {
  return TakeText(arrival, IsMilterSocket(arrival.text()));
}
bool TakeHostAndPort(const Arrival& arrival) {
  return TakeText(arrival, IsHostAndPort(arrival.text()));
}
bool TakeSelector(const Arrival& arrival) {
  return TakeText(arrival, IsSelector(arrival.text()));
}
bool TakePlainName(const Arrival& arrival) {
  return TakeText(arrival, IsPlainName(arrival.text()));
}
bool TakeLogLevel(const Arrival& arrival) {
  constexpr std::array<std::string_view, 4> kLevels = {"debug", "info",
                                                       "warning", "error"};
  return TakeText(arrival,
                  std::ranges::find(kLevels, arrival.text()) != kLevels.end());
}
bool TakeLogTarget(const Arrival& arrival) {
  const std::string& text = arrival.text();
  return TakeText(
      arrival, text == "stderr" || text == "syslog" || text.starts_with('/'));
}
bool TakePath(const Arrival& arrival) {
  TextIn(arrival.slot) =
      (arrival.folder / arrival.text()).lexically_normal().string();
  return true;
}

bool TakeBool(const Arrival& arrival) {
  *std::get<bool*>(arrival.slot) = std::get<bool>(arrival.node.value);
  return true;
}
Printed PrintBool(Slot slot) {
  return {*std::get<bool*>(slot) ? "true" : "false"};
}
bool TakeDmarcMethod(const Arrival& arrival) {
  const bool is_list = arrival.text() == "psl";
  *std::get<bool*>(arrival.slot) = is_list;
  return is_list || arrival.text() == "tree-walk";
}
Printed PrintDmarcMethod(Slot slot) {
  return {QuoteToml(*std::get<bool*>(slot) ? "psl" : "tree-walk")};
}

bool IsWithin(const Option& option, std::int64_t number) {
  const bool is_unlimited = option.least == 0 && option.most == 0;
  return is_unlimited || (option.least <= number && number <= option.most);
}
bool TakeInteger(const Arrival& arrival) {
  const auto number = std::get<std::int64_t>(arrival.node.value);
  if (!std::in_range<int>(number) || !IsWithin(arrival.option, number))
    return false;
  *std::get<int*>(arrival.slot) = static_cast<int>(number);
  return true;
}
Printed PrintInteger(Slot slot) {
  return {fmt::format("{}", *std::get<int*>(slot))};
}
bool TakeShare(const Arrival& arrival) {
  const auto* whole = std::get_if<std::int64_t>(&arrival.node.value);
  const double share = whole != nullptr ? static_cast<double>(*whole)
                                        : std::get<double>(arrival.node.value);
  if (!(share >= 0 && share <= 1)) return false;  // NaN is none
  *std::get<double*>(arrival.slot) = share;
  return true;
}
Printed PrintShare(Slot slot) {
  const std::string text = fmt::format("{}", *std::get<double*>(slot));
  return {Contains(text, ".") || Contains(text, "e") ? text : text + ".0"};
}
bool TakeSize(const Arrival& arrival) {
  const auto size = ParseSize(arrival.text());
  if (!size || !IsWithin(arrival.option, *size)) return false;
  *std::get<std::int64_t*>(arrival.slot) = *size;
  return true;
}
Printed PrintSize(Slot slot) {
  return {QuoteToml(FormatSize(*std::get<std::int64_t*>(slot)))};
}
bool TakeDuration(const Arrival& arrival) {
  const auto duration = ParseDuration(arrival.text());
  if (!duration || !IsWithin(arrival.option, duration->count())) return false;
  *std::get<milliseconds*>(arrival.slot) = *duration;
  return true;
}
Printed PrintDuration(Slot slot) {
  return {QuoteToml(FormatDuration(*std::get<milliseconds*>(slot)))};
}
bool TakeOctalMode(const Arrival& arrival) {
  const auto mode = ParseOctalMode(arrival.text());
  if (mode) *std::get<unsigned*>(arrival.slot) = *mode;
  return mode.has_value();
}
Printed PrintOctalMode(Slot slot) {
  return {fmt::format("\"{:04o}\"", *std::get<unsigned*>(slot))};
}

bool TakeMode(const Arrival& arrival) {
  const auto mode = ParseMode(arrival.text());
  if (mode) *std::get<Mode*>(arrival.slot) = *mode;
  return mode.has_value();
}
Printed PrintMode(Slot slot) {
  return {QuoteToml(ToString(*std::get<Mode*>(slot)))};
}
bool TakeUnknownAction(const Arrival& arrival) {
  const auto action = ParseAction(arrival.text());
  if (action != Action::kObserve && action != Action::kHold &&
      action != Action::kDefer)
    return false;
  *std::get<Action*>(arrival.slot) = *action;
  return true;
}
Printed PrintUnknownAction(Slot slot) {
  return {QuoteToml(ToString(*std::get<Action*>(slot)))};
}
bool TakeAction(const Arrival& arrival) {
  const auto action = ParseAction(arrival.text());
  if (action) *std::get<std::optional<Action>*>(arrival.slot) = action;
  return action.has_value();
}
bool TakeOtherwise(const Arrival& arrival) {
  const auto action = ParseAction(arrival.text());
  return action != Action::kMend && action != Action::kOff &&
         TakeAction(arrival);
}
Printed PrintAction(Slot slot) {
  const auto& action = *std::get<std::optional<Action>*>(slot);
  if (!action) return {};
  return {QuoteToml(ToString(*action))};
}

bool TakeDomain(const Arrival& arrival) {
  auto domain = Domain::Parse(arrival.text());
  if (domain) *std::get<std::optional<Domain>*>(arrival.slot) = domain;
  return domain.has_value();
}
Printed PrintDomain(Slot slot) {
  const auto& domain = *std::get<std::optional<Domain>*>(slot);
  if (!domain) return {};
  return {QuoteToml(domain->text())};
}
bool TakeDomains(const Arrival& arrival) {
  const auto domain = Domain::Parse(arrival.text());
  if (domain) std::get<std::vector<Domain>*>(arrival.slot)->push_back(*domain);
  return domain.has_value();
}
Printed PrintDomains(Slot slot) {
  Printed printed;
  for (const Domain& domain : *std::get<std::vector<Domain>*>(slot))
    printed.push_back(QuoteToml(domain.text()));
  return printed;
}
bool TakeAddresses(const Arrival& arrival) {
  const auto address = IpAddress::Parse(arrival.text());
  if (address)
    std::get<std::vector<IpAddress>*>(arrival.slot)->push_back(*address);
  return address.has_value();
}
Printed PrintAddresses(Slot slot) {
  Printed printed;
  for (const IpAddress& address : *std::get<std::vector<IpAddress>*>(slot))
    printed.push_back(QuoteToml(address.ToString()));
  return printed;
}

bool TakeOneOfTexts(const Arrival& arrival, bool is_valid) {
  if (is_valid)
    std::get<std::vector<std::string>*>(arrival.slot)
        ->push_back(arrival.text());
  return is_valid;
}
bool TakeDnsServers(const Arrival& arrival) {
  return TakeOneOfTexts(arrival, IsDnsServer(arrival.text()));
}
bool TakeNames(const Arrival& arrival) {
  return TakeOneOfTexts(arrival, IsPlainName(arrival.text()));
}
bool TakeMxSuffixes(const Arrival& arrival) {
  return TakeOneOfTexts(arrival, IsMxSuffix(arrival.text()));
}
Printed PrintTexts(Slot slot) {
  Printed printed;
  for (const std::string& text : *std::get<std::vector<std::string>*>(slot))
    printed.push_back(QuoteToml(text));
  return printed;
}

}  // namespace

constexpr Shape kAsText = Shape::kText;
constexpr Plurality kOne = Plurality::kOne;
constexpr Plurality kList = Plurality::kList;

constinit const ValueType kBool = {
    "truth value", "true or false", Shape::kTruth, kOne, TakeBool, PrintBool};
constinit const ValueType kInteger = {"number",        "a whole number",
                                      Shape::kInteger, kOne,
                                      TakeInteger,     PrintInteger};
constinit const ValueType kShare = {"share",      "a number from 0.0 to 1.0",
                                    Shape::kReal, kOne,
                                    TakeShare,    PrintShare};
constinit const ValueType kSize = {
    "size", R"("25MB" or "50MiB")", kAsText, kOne, TakeSize, PrintSize};
constinit const ValueType kDuration = {"duration",   R"("30s", "5min" or "1h")",
                                       kAsText,      kOne,
                                       TakeDuration, PrintDuration};
constinit const ValueType kText = {"text", "a text in quotes", kAsText,
                                   kOne,   TakeAnyText,        PrintText};
constinit const ValueType kHostName = {"host name",  R"("mail.example.com")",
                                       kAsText,      kOne,
                                       TakeHostName, PrintText};
constinit const ValueType kSocket = {
    "socket",   R"("unix:/run/postern/postern.sock" or "inet:8891@127.0.0.1")",
    kAsText,    kOne,
    TakeSocket, PrintText};
constinit const ValueType kHostAndPort = {
    "host and port", R"("127.0.0.1:25" or "[::1]:25")",
    kAsText,         kOne,
    TakeHostAndPort, PrintText};
constinit const ValueType kPath = {
    "path", R"("/etc/postern/file")", kAsText, kOne, TakePath, PrintText};
constinit const ValueType kLogLevel = {
    "log level",  R"("debug", "info", "warning" or "error")",
    kAsText,      kOne,
    TakeLogLevel, PrintText};
constinit const ValueType kLogTarget = {
    "log target",  R"("stderr", "syslog" or "/var/log/postern.log")",
    kAsText,       kOne,
    TakeLogTarget, PrintText};
constinit const ValueType kSelector = {"selector", R"("s2026")", kAsText,
                                       kOne,       TakeSelector, PrintText};
constinit const ValueType kPlainName = {
    "name",        "letters, digits, '-' and '_', at most 64",
    kAsText,       kOne,
    TakePlainName, PrintText};
constinit const ValueType kMode = {
    "mode",   R"("observe", "mend" or "enforce")", kAsText, kOne, TakeMode,
    PrintMode};
constinit const ValueType kAction = {
    "action",   R"("off", "observe", "mend", "hold", "defer" or "reject")",
    kAsText,    kOne,
    TakeAction, PrintAction};
constinit const ValueType kUnknownAction = {"answer to the unknown",
                                            R"("observe", "hold" or "defer")",
                                            kAsText,
                                            kOne,
                                            TakeUnknownAction,
                                            PrintUnknownAction};
constinit const ValueType kOtherwise = {
    "second action", R"("observe", "hold", "defer" or "reject")",
    kAsText,         kOne,
    TakeOtherwise,   PrintAction};
constinit const ValueType kOctalMode = {"file mode",   R"("0660", in octal)",
                                        kAsText,       kOne,
                                        TakeOctalMode, PrintOctalMode};
constinit const ValueType kDomain = {"domain", R"("example.com")", kAsText,
                                     kOne,     TakeDomain,         PrintDomain};
constinit const ValueType kDomains = {
    "domain", R"("example.com")", kAsText, kList, TakeDomains, PrintDomains};
constinit const ValueType kAddresses = {
    "IP address",  R"("192.0.2.1" or "2001:db8::1")",
    kAsText,       kList,
    TakeAddresses, PrintAddresses};
constinit const ValueType kDnsServers = {
    "DNS server",   R"("192.0.2.53" or "127.0.0.1@5353")",
    kAsText,        kList,
    TakeDnsServers, PrintTexts};
constinit const ValueType kNames = {"name", R"("google")", kAsText,
                                    kList,  TakeNames,     PrintTexts};
constinit const ValueType kMxSuffixes = {"suffix of MX hosts",
                                         R"(".google.com", in lower case)",
                                         kAsText,
                                         kList,
                                         TakeMxSuffixes,
                                         PrintTexts};
constinit const ValueType kDmarcMethod = {
    "way to find the policy", R"("tree-walk" or "psl")", kAsText, kOne,
    TakeDmarcMethod,          PrintDmarcMethod};

}  // namespace postern
