// Remedies: what can be mended without changing what the sender said.
//
// A remedy is a function that changes the message and says whether it did. It
// never touches what somebody else's signature covers (facts.is_body_covered,
// Facts::IsFieldCovered). Whether it helped is proved by judging again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "policy/facts/facts.h"

namespace postern {

struct Remedy {
  std::string_view check;  // whose failure it mends
  bool (*mend)(const Facts& facts, Message* message) = nullptr;
};

// In the order in which they are applied.
[[nodiscard]] std::span<const Remedy> Remedies();

// The message with the remedies for these checks applied; nullopt when none
// changed anything.
[[nodiscard]] std::optional<Message> Mend(
    const Facts& facts, std::span<const std::string_view> checks);

// One file each.
bool AddDate(const Facts& facts, Message* message);
bool RewriteDate(const Facts& facts, Message* message);
bool KeepFirstDate(const Facts& facts, Message* message);
bool AddMessageId(const Facts& facts, Message* message);
bool ReplaceMessageId(const Facts& facts, Message* message);
bool KeepFirstMessageId(const Facts& facts, Message* message);
bool MergeDuplicateFields(const Facts& facts, Message* message);
bool DeleteEmptyFields(const Facts& facts, Message* message);
bool RefoldHeader(const Facts& facts, Message* message);
bool ReencodeBody(const Facts& facts, Message* message);
bool NormaliseSender(const Facts& facts, Message* message);
bool SwitchSender(const Facts& facts, Message* message);

}  // namespace postern
