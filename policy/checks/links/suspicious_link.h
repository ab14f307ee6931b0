// What receivers answer to links and words that they do not trust; they do not
// say which.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/checks/check.h"

namespace postern {

inline constexpr PredictedReply kSuspiciousLink[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [PH01]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"google",
     421,
     {4, 7, 0},
     "suspicious due to the nature of the content or the links within",
     "support.google.com/a/answer/3726730"},
};

// Of short links: mail.ru's rules for senders forbid them.
inline constexpr PredictedReply kShortenedLink[] = {
    kSuspiciousLink[0],
    kSuspiciousLink[1],
    {"mailru",
     550,
     {5, 7, 1},
     "spam message rejected",
     "postmaster.mail.ru: rules for senders"},
};

// Of what is no sign of phishing.
inline constexpr PredictedReply kSuspiciousContent[] = {kSuspiciousLink[1]};

}  // namespace postern
