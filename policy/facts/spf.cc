#include "policy/facts/spf.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/domain.h"
#include "policy/base/text.h"
#include "policy/facts/libspf2.h"
#include "policy/facts/spf_walk.h"

namespace postern {
namespace {

// RFC 7208 s.2.4 and s.4.3: the null reverse-path is judged by the HELO name;
// without a local part it is "postmaster".
SpfIdentity IdentityOf(const SpfQuery& query) {
  const std::string& from = query.mail_from;
  const std::size_t at = from.rfind('@');
  SpfIdentity identity{"postmaster", from.empty() ? query.helo_name : from};
  if (at != std::string::npos) {
    if (at > 0) identity.local_part = from.substr(0, at);
    identity.domain = from.substr(at + 1);
  }
  if (identity.domain.ends_with('.')) identity.domain.pop_back();
  // RFC 8616 s.4: U-labels are asked as A-labels.
  const bool is_ascii = std::ranges::none_of(
      identity.domain, [](char c) { return (c & 0x80) != 0; });
  const auto converted =
      is_ascii ? std::nullopt : Domain::Parse(identity.domain);
  if (converted) identity.domain = converted->text();
  return identity;
}

// s.4.3: malformed, a literal, or a single label: there can be no record.
bool CanHaveRecord(const std::string& domain) {
  return QueryName(domain) && Contains(domain, ".") && !domain.starts_with('[');
}

}  // namespace

std::string_view ToString(SpfResult result) {
  switch (result) {
    case SpfResult::kNone:
      return "none";
    case SpfResult::kNeutral:
      return "neutral";
    case SpfResult::kPass:
      return "pass";
    case SpfResult::kFail:
      return "fail";
    case SpfResult::kSoftfail:
      return "softfail";
    case SpfResult::kTempError:
      return "temperror";
    case SpfResult::kPermError:
      return "permerror";
  }
  return "temperror";
}

SpfAnswer EvaluateSpf(const SpfQuery& query, Dns& dns, Deadline deadline) {
  const SpfIdentity identity = IdentityOf(query);
  SpfAnswer answer{.domain = ToLower(identity.domain)};
  if (!CanHaveRecord(identity.domain)) {
    answer.result = SpfResult::kNone;
    answer.reason = fmt::format("\"{}\" is no name that can have a record",
                                EscapeForLog(identity.domain));
    return answer;
  }
  SpfWalk walk(query, identity, dns, deadline);
  answer.result = RunLibspf2(walk, query.address);
  walk.Tell(&answer);
  if (answer.result == SpfResult::kFail)
    answer.explanation =
        walk.Explanation().value_or(std::string(kDefaultSpfExplanation));
  return answer;
}

}  // namespace postern
