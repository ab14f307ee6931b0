// The DMARC record's grammar (RFC 9989 s.4.7): tag-value pairs, unknown tags
// and bad values ignored, the version first and exact.

#include "policy/base/text.h"
#include "policy/facts/dmarc.h"

namespace postern {
namespace {

std::optional<DmarcPolicy> ReadPolicy(std::string_view value) {
  if (EqualsIgnoreCase(value, "none")) return DmarcPolicy::kNone;
  if (EqualsIgnoreCase(value, "quarantine")) return DmarcPolicy::kQuarantine;
  if (EqualsIgnoreCase(value, "reject")) return DmarcPolicy::kReject;
  return std::nullopt;
}

void ReadTag(std::string_view name, std::string_view value, DmarcRecord* out) {
  if (EqualsIgnoreCase(name, "p")) {
    out->policy = ReadPolicy(value);
  } else if (EqualsIgnoreCase(name, "sp")) {
    out->subdomain_policy = ReadPolicy(value);
  } else if (EqualsIgnoreCase(name, "np")) {
    out->nonexistent_policy = ReadPolicy(value);
  } else if (EqualsIgnoreCase(name, "adkim")) {
    out->is_strict_dkim = EqualsIgnoreCase(value, "s");
  } else if (EqualsIgnoreCase(name, "aspf")) {
    out->is_strict_spf = EqualsIgnoreCase(value, "s");
  } else if (EqualsIgnoreCase(name, "t")) {
    out->is_testing = EqualsIgnoreCase(value, "y");
  } else if (EqualsIgnoreCase(name, "psd")) {
    if (EqualsIgnoreCase(value, "y")) out->is_public_suffix = true;
    if (EqualsIgnoreCase(value, "n")) out->is_public_suffix = false;
  } else if (EqualsIgnoreCase(name, "rua")) {
    out->has_reports = Contains(value, ":");
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
  return record;
}

}  // namespace postern
