// What a filter's packets mean: verdicts, edits, the terms of negotiation.
//
// Parsers of hostile bytes: anything malformed is an Error, never a guess.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "tests/support/milter_client.h"

namespace postern {

// Null: the letter is no verdict.
[[nodiscard]] std::optional<MilterVerdict> VerdictOfLetter(char letter);

// A verdict packet, checked: only a reply code carries text.
[[nodiscard]] MilterReply ReplyOfPacket(const MilterPacket& packet);

// An edit packet. `has_leading_space`: values bring their own space after the
// colon; otherwise the MTA puts one before it.
[[nodiscard]] Result<MilterEdit> EditOfPacket(const MilterPacket& packet,
                                              bool has_leading_space);

// The filter's answer to an offer; fails when it takes more than was offered.
[[nodiscard]] Result<MilterTerms> TermsOfPacket(const MilterPacket& packet,
                                                const MilterTerms& offer);
[[nodiscard]] std::string OfferPayload(const MilterTerms& offer);

}  // namespace postern
