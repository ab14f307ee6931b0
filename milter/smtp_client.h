// SmtpClient: hands one message back to an MTA (RFC 5321), over a blocking
// socket with timeouts. Used to release what was held.
//
// Line ends are made CRLF and dots are stuffed, so that no octets of a held
// message can end the data early. Every error names the server, the stage and
// the reply. Nothing is retried.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/envelope.h"

namespace postern {

struct SmtpServer {
  std::string host;
  std::string port = "25";
  [[nodiscard]] std::string ToString() const;
};
// "127.0.0.1:10025", "[::1]:25", "mail.example.com".
[[nodiscard]] std::optional<SmtpServer> ParseSmtpServer(std::string_view text);

struct SmtpOutcome {
  enum class Kind {
    kTaken,    // for all recipients but those refused
    kRefused,  // a reply that refused the message, or every recipient
    kFailed,   // no connection, or it broke: it is not known to be taken
  };
  struct Refusal {
    ForwardPath recipient;
    std::string reply;
  };
  Kind kind = Kind::kFailed;
  std::vector<Refusal> refused;
  int code = 0;       // of the last reply that refused; 0: there was none
  std::string error;  // one sentence, unless taken
};

struct SmtpMail {
  std::string helo_name;
  Envelope envelope;
  std::string octets;  // header and body
};

// The ESMTP parameters of the envelope are said as far as the server offers
// their extension.
[[nodiscard]] SmtpOutcome SendMail(const SmtpServer& server,
                                   const SmtpMail& mail,
                                   std::chrono::seconds timeout);

// As DATA carries it, the final dot included (RFC 5321 s.4.5.2).
[[nodiscard]] std::string DataOctets(std::string_view message);

}  // namespace postern
