// A session file: what came before the message, a line each.
//
//   client 192.0.2.1 mail.example.com
//   helo mail.example.com
//   auth alice
//   mail <a@example.com> SIZE=100
//   rcpt <b@example.org> NOTIFY=NEVER
//   daemon ORIGINATING
//   mta sendmail mail.example.com
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/message/envelope.h"

namespace postern {

struct SessionFile {
  Submission submission;
  Envelope envelope;
  bool has_mail = false;
};

// Empty lines and lines that begin with # are skipped. An error names the line.
[[nodiscard]] Result<SessionFile> ParseSessionFile(std::string_view text,
                                                   const std::string& name);

}  // namespace postern
