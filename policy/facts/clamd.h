// A question to clamd(8) about a whole message: INSTREAM over its socket.
//
// clamd takes mail apart itself. Asked once per message, before it is judged,
// within a deadline. What it does not answer is unknown, never clean.
// Thread-safe: a connection for each question.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/base/clock.h"
#include "policy/config/config.h"
#include "policy/facts/attachment_facts.h"
#include "policy/message/message.h"

namespace postern {

// kNotAsked where no socket is configured.
[[nodiscard]] MalwareFact AskClamd(const ClamdConfig& config,
                                   const Message& message, Deadline deadline);

}  // namespace postern
