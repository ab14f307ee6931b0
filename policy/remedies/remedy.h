// Remedies: what can be mended without changing what the sender said.
//
// A remedy is a function that changes the message and says whether it did. It
// never touches what somebody else's signature covers (facts.is_body_covered,
// Facts::IsFieldCovered). Whether it helped is proved by judging again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "policy/facts/facts.h"

namespace postern {

// What is least in the sender's way comes first; the message is judged again
// after each stage. What a later stage does is kept only where that helped.
enum class Stage {
  kMessage,       // the message itself, and who may send it as whom
  kEgress,        // the way out
  kReversePath,   // the envelope sender
  kAuthorDomain,  // From
};
inline constexpr Stage kLaterStages[] = {Stage::kEgress, Stage::kReversePath,
                                         Stage::kAuthorDomain};

struct Remedy {
  std::string_view check;  // whose failure it mends
  bool (*mend)(const Facts& facts, Message* message) = nullptr;
  Stage stage = Stage::kMessage;
};

// In the order in which they are applied.
[[nodiscard]] std::span<const Remedy> Remedies();

// Those of the checks that this stage can mend.
[[nodiscard]] std::vector<std::string_view> Mendable(
    std::span<const std::string_view> checks, Stage stage);

// Applies the stage's remedies for these checks; false: none changed anything.
// Asked again with the message it made, kEgress makes its next proposal.
[[nodiscard]] bool Mend(const Facts& facts,
                        std::span<const std::string_view> checks, Stage stage,
                        Message* message);

// One file each.
bool AddDate(const Facts& facts, Message* message);
bool RewriteDate(const Facts& facts, Message* message);
bool KeepFirstDate(const Facts& facts, Message* message);
bool RewriteAbsurdDate(const Facts& facts, Message* message);
bool AddMessageId(const Facts& facts, Message* message);
bool ReplaceMessageId(const Facts& facts, Message* message);
bool KeepFirstMessageId(const Facts& facts, Message* message);
bool MergeDuplicateFields(const Facts& facts, Message* message);
bool DeleteEmptyFields(const Facts& facts, Message* message);
bool RewriteAddresses(const Facts& facts, Message* message);
bool EncodeHeader(const Facts& facts, Message* message);
bool DecodeFrom(const Facts& facts, Message* message);
bool MendMisplacedWord(const Facts& facts, Message* message);
bool DropShownAddress(const Facts& facts, Message* message);
bool AddRecipientField(const Facts& facts, Message* message);
bool RemoveBcc(const Facts& facts, Message* message);
bool AddSender(const Facts& facts, Message* message);
bool RemoveReturnPath(const Facts& facts, Message* message);
bool RemoveBlankFolds(const Facts& facts, Message* message);
bool RemoveNul(const Facts& facts, Message* message);
bool DropDoubledMimeFields(const Facts& facts, Message* message);
bool RefoldHeader(const Facts& facts, Message* message);
bool ReencodeBody(const Facts& facts, Message* message);
bool RepairTransferEncoding(const Facts& facts, Message* message);
bool CloseBoundary(const Facts& facts, Message* message);
bool AddMimeVersion(const Facts& facts, Message* message);
bool DeclareCharset(const Facts& facts, Message* message);
bool ReencodeBase64(const Facts& facts, Message* message);
bool RewriteSender(const Facts& facts, Message* message);
bool RewriteAuthor(const Facts& facts, Message* message);
bool AddListUnsubscribe(const Facts& facts, Message* message);
bool AddListId(const Facts& facts, Message* message);
bool AddAutoSubmitted(const Facts& facts, Message* message);
bool AddStreamFields(const Facts& facts, Message* message);
bool ChooseEgress(const Facts& facts, Message* message);
bool RemoveBrokenSignatures(const Facts& facts, Message* message);
bool MendForMta(const Facts& facts, Message* message);
bool NormaliseSender(const Facts& facts, Message* message);
bool SwitchSender(const Facts& facts, Message* message);
bool ReplaceLinks(const Facts& facts, Message* message);
bool MungeFrom(const Facts& facts, Message* message);
bool AddSubject(const Facts& facts, Message* message);
bool AddAuthor(const Facts& facts, Message* message);
bool MasqueradeAuthor(const Facts& facts, Message* message);
bool DropExpendableFields(const Facts& facts, Message* message);
bool CorrectAttachmentTypes(const Facts& facts, Message* message);
bool ShowTrueTarget(const Facts& facts, Message* message);
bool DropUserinfo(const Facts& facts, Message* message);
bool NormaliseLinks(const Facts& facts, Message* message);
bool RemoveDangerousLinks(const Facts& facts, Message* message);
bool RemoveListedLinks(const Facts& facts, Message* message);
bool RemoveHiddenText(const Facts& facts, Message* message);
bool RemoveActiveContent(const Facts& facts, Message* message);

}  // namespace postern
