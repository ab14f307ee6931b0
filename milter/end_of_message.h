// EndMessage: from the last octet received to the answer.
//
// Judges, holds on disk what is to be held, then tells the MTA. Whatever of
// that fails defers the message: it is never lost and never leaves unjudged.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "milter/door.h"
#include "milter/mta.h"
#include "milter/transaction.h"
#include "policy/message/envelope.h"

namespace postern {

struct Ending {
  Answer answer = Answer::kTempFail;
  // A hold that is pending until the MTA shows that it took the answer.
  std::string held_id;
};

[[nodiscard]] Ending EndMessage(Transaction transaction,
                                const Submission& submission, const Door& door,
                                Mta& mta);

}  // namespace postern
