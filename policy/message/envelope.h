// Envelope and Submission: what was said before the message's own bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/base/ip_address.h"

namespace postern {

struct ForwardPath {
  std::string address;            // without angle brackets
  std::vector<std::string> args;  // ESMTP parameters: "NOTIFY=NEVER"
};

struct Envelope {
  std::string mail_from;  // without angle brackets; empty: null reverse-path
  std::vector<std::string> mail_args;  // "SIZE=100", "BODY=8BITMIME"
  std::vector<ForwardPath> recipients;
};

// Which MTA has us as its milter: they differ in what they change afterwards.
enum class MtaKind { kUnknown, kPostfix, kSendmail };

// Who handed the message to our MTA, and how.
struct Submission {
  std::optional<IpAddress> client_address;  // none: local, or unknown family
  std::string client_name;
  std::string helo_name;
  // The authenticated login ({auth_authen} beside {auth_type}); never
  // {auth_author}, which any client may claim (RFC 4954 s.5 AUTH=).
  std::string login;
  bool is_local = false;  // handed in by a program on this host, not by SMTP
  // By Sendmail's message submission program, sendmail(1): by SMTP.
  bool is_msp = false;
  std::optional<unsigned>
      local_uid;            // whose program that was, where it is known
  std::string daemon_name;  // {daemon_name} as seen at CONNECT
  MtaKind mta_kind = MtaKind::kUnknown;
  std::string mta_name;        // {j}: the MTA's own host name
  std::string queue_id;        // "NOQUEUE" before the MTA gave one
  std::string mta_message_id;  // Sendmail's {msg_id}: what it would add itself
};

}  // namespace postern
