// Asking other filters: rspamd (POST /checkv2, HTTP) and SpamAssassin's spamd
// (SYMBOLS, SPAMC/1.5). The exchange is plain text; what comes back is foreign
// and read with bounds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/facts/content_facts.h"

namespace postern {

// What a filter is told beside the message: it is judged as the receiver will
// get it, from our egress.
struct OpinionQuestion {
  std::string message;  // as on the wire
  std::string ip, helo;
  std::string mail_from;
  std::vector<std::string> recipients;
};

[[nodiscard]] std::string RspamdRequest(const OpinionQuestion& question);
[[nodiscard]] std::string SpamdRequest(const OpinionQuestion& question);
// The fault is set where the answer cannot be understood. Never fails.
[[nodiscard]] SecondOpinion ReadRspamd(std::string_view answer);
[[nodiscard]] SecondOpinion ReadSpamd(std::string_view answer);

}  // namespace postern
