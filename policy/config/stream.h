// Streams: the kinds of traffic that the operator tells apart, and what differs
// for each.
//
// Plain data, part of Config. Which stream a message belongs to is found by
// facts/stream.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/ip_address.h"
#include "policy/config/action.h"

namespace postern {

struct CheckPolicy {
  std::optional<Action> action;     // none: the check's own
  std::optional<Action> otherwise;  // when mending did not help
};
using CheckPolicies =
    std::map<std::string, CheckPolicy, std::less<>>;  // by check id

// One entry of every list that is not empty must fit. "*" in a login or the
// value of a field stands for any text; upper and lower case are the same.
struct StreamMatch {
  std::vector<std::string> logins;
  std::vector<IpNetwork> networks;  // of the client
  std::vector<Domain> senders;      // author or envelope, or a domain below
  std::vector<std::string> fields;  // "X-Newsletter" or "X-Mailer: Shop*"
  std::optional<bool> bulk;         // the header says that it is one of many

  [[nodiscard]] bool IsEmpty() const {
    return logins.empty() && networks.empty() && senders.empty() &&
           fields.empty() && !bulk;
  }
};

// Fields that are added where they are missing; empty: not added. The texts may
// hold {recipient}, {domain} (the author's), {stream} and {token}.
struct StreamHeaders {
  std::string unsubscribe_url;     // https: one click (RFC 8058)
  std::string unsubscribe_mailto;  // mailto:
  std::string list_id;             // RFC 2919
  std::string feedback_id;
  std::string auto_submitted;  // RFC 3834
  std::string precedence;
  std::string token_secret_file;
  std::vector<std::string> token_secrets;  // read from it; the first one counts
};

struct StreamConfig {
  std::string name;
  StreamMatch match;  // empty: that of the built-in stream of this name
  // Whether its mail counts as bulk; none: what the header says.
  std::optional<bool> bulk;
  StreamHeaders headers;
  CheckPolicies checks;  // before those of all streams
};

// The streams that are always there, in the order in which they are tried:
// automatic, marketing, personal, transactional.
[[nodiscard]] bool IsBuiltInStream(std::string_view name);

struct Config;

// What the operator says of a check: the stream's word before the general one.
// Null: no stream of his.
[[nodiscard]] CheckPolicy PolicyOf(std::string_view check, const Config& config,
                                   const StreamConfig* stream);

// The parts of a template: {recipient} and {token} need one recipient.
[[nodiscard]] bool IsPersonalTemplate(std::string_view text);
// Every brace belongs to a name that a template may hold.
[[nodiscard]] bool IsTemplate(std::string_view text);

}  // namespace postern
