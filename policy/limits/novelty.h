// Novelty: what of a message is new to its sender, for the limits that count
// it; and its remembrance once the message has left.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "policy/limits/charges.h"
#include "policy/limits/history/history.h"
#include "policy/limits/limiter.h"
#include "policy/message/envelope.h"

namespace postern {

// Whose history it is: the login's, or the client's where there is none, or
// that of all local programs.
[[nodiscard]] std::string HistoryOwner(const Submission& submission);

// Says which of them are new. Without a history nobody is.
void MarkNew(const History* history, const Submission& submission,
             std::span<LimitedRecipient> recipients);

// Remembers the mail when it is committed. The history outlives it.
[[nodiscard]] std::shared_ptr<Reservation> ToRemember(History* history,
                                                      std::string owner,
                                                      MailThatLeft mail);

}  // namespace postern
