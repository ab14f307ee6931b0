// The DMARC record's grammar (RFC 9989 s.4.7, s.4.8): tag-value pairs in any
// order, unknown tags ignored, bad values noted, the version first and exact.

#include "policy/facts/dmarc.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

std::optional<DmarcPolicy> ReadPolicy(std::string_view value) {
  if (EqualsIgnoreCase(value, "none")) return DmarcPolicy::kNone;
  if (EqualsIgnoreCase(value, "quarantine")) return DmarcPolicy::kQuarantine;
  if (EqualsIgnoreCase(value, "reject")) return DmarcPolicy::kReject;
  return std::nullopt;
}

// A URI has a scheme and something after it (RFC 3986 s.3); whether anybody can
// send there is not asked here (RFC 9989 s.4.10.1).
bool IsUri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return false;
  const std::string_view scheme = text.substr(0, colon);
  return !scheme.empty() && IsAlpha(scheme.front()) &&
         std::all_of(scheme.begin(), scheme.end(), [](char c) {
           return IsAlnum(c) || c == '+' || c == '-' || c == '.';
         });
}

bool HasUri(std::string_view list) {
  const std::vector<std::string_view> uris = Split(list, ',');
  return std::any_of(uris.begin(), uris.end(),
                     [](std::string_view uri) { return IsUri(Trim(uri)); });
}

// RFC 7489 s.6.3: 0 to 100; nullopt: not a number of that kind.
std::optional<int> ReadPercent(std::string_view value) {
  int percent = 0;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), percent);
  if (error != std::errc() || end != value.data() + value.size() ||
      percent < 0 || percent > 100)
    return std::nullopt;
  return percent;
}

void AddFault(std::string_view name, std::string_view value, DmarcRecord* out) {
  if (!out->fault.empty()) out->fault += ", ";
  out->fault += fmt::format("{}={} cannot be used", ToLower(name),
                            EscapeForLog(value, 40));
}

// The two tags whose bad value spoils more than themselves.
bool ReadBelow(std::string_view name, std::string_view value,
               DmarcRecord* out) {
  const bool is_sp = EqualsIgnoreCase(name, "sp");
  if (!is_sp && !EqualsIgnoreCase(name, "np")) return false;
  const std::optional<DmarcPolicy> policy = ReadPolicy(value);
  (is_sp ? out->subdomain_policy : out->nonexistent_policy) = policy;
  (is_sp ? out->has_bad_subdomain_policy : out->has_bad_nonexistent_policy) =
      !policy;
  if (!policy) AddFault(name, value, out);
  return true;
}

// One letter of the two that the tag may have (RFC 9989 s.4.7).
bool ReadFlag(std::string_view name, std::string_view value, DmarcRecord* out) {
  struct Flag {
    std::string_view name, letters;
    bool* is_set;
  };
  for (const Flag& flag : {Flag{"adkim", "sr", &out->is_strict_dkim},
                           Flag{"aspf", "sr", &out->is_strict_spf},
                           Flag{"t", "yn", &out->is_testing}}) {
    if (!EqualsIgnoreCase(name, flag.name)) continue;
    *flag.is_set = EqualsIgnoreCase(value, flag.letters.substr(0, 1));
    if (!*flag.is_set && !EqualsIgnoreCase(value, flag.letters.substr(1)))
      AddFault(name, value, out);
    return true;
  }
  return false;
}

void ReadTag(std::string_view name, std::string_view value, DmarcRecord* out) {
  if (ReadBelow(name, value, out) || ReadFlag(name, value, out)) return;
  if (EqualsIgnoreCase(name, "p")) {
    out->policy = ReadPolicy(value);
    if (!out->policy) AddFault(name, value, out);
  } else if (EqualsIgnoreCase(name, "psd")) {
    if (EqualsIgnoreCase(value, "y")) out->is_public_suffix = true;
    if (EqualsIgnoreCase(value, "n")) out->is_public_suffix = false;
    if (!out->is_public_suffix && !EqualsIgnoreCase(value, "u"))
      AddFault(name, value, out);
  } else if (EqualsIgnoreCase(name, "rua")) {
    out->has_reports = HasUri(value);
    if (!out->has_reports) AddFault(name, value, out);
  } else if (EqualsIgnoreCase(name, "pct")) {
    const std::optional<int> percent = ReadPercent(value);
    out->percent = percent.value_or(100);
    if (!percent) AddFault(name, value, out);
  }
}

}  // namespace

std::string_view ToString(DmarcMethod method) {
  switch (method) {
    case DmarcMethod::kTreeWalk:
      return "tree-walk";
    case DmarcMethod::kPublicSuffixList:
      return "psl";
  }
  return "?";
}

std::string_view ToString(DmarcPolicy policy) {
  switch (policy) {
    case DmarcPolicy::kNone:
      return "none";
    case DmarcPolicy::kQuarantine:
      return "quarantine";
    case DmarcPolicy::kReject:
      return "reject";
  }
  return "?";
}

std::string_view ToString(DmarcResult result) {
  switch (result) {
    case DmarcResult::kNone:
      return "none";
    case DmarcResult::kPass:
      return "pass";
    case DmarcResult::kFail:
      return "fail";
    case DmarcResult::kTempError:
      return "temperror";
    case DmarcResult::kPermError:
      return "permerror";
  }
  return "?";
}

std::optional<DmarcRecord> ParseDmarcRecord(std::string_view txt) {
  std::vector<std::string_view> tags = Split(txt, ';');
  const std::size_t equals = tags.front().find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  // The version's name is case-blind as every tag name's; its value is not.
  if (!EqualsIgnoreCase(Trim(tags.front().substr(0, equals)), "v") ||
      Trim(tags.front().substr(equals + 1)) != "DMARC1")
    return std::nullopt;
  DmarcRecord record;
  for (std::size_t i = 1; i < tags.size(); ++i) {
    const std::size_t at = tags[i].find('=');
    if (at == std::string_view::npos) continue;
    ReadTag(Trim(tags[i].substr(0, at)), Trim(tags[i].substr(at + 1)), &record);
  }
  if (!record.policy && record.fault.empty()) record.fault = "no p=";
  return record;
}

}  // namespace postern
