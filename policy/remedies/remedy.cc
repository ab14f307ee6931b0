#include "policy/remedies/remedy.h"

#include <algorithm>
#include <array>

namespace postern {
namespace {

constexpr auto kRemedies = std::to_array<Remedy>({
    {"header-field-empty", DeleteEmptyFields},
    {"header-field-duplicate", MergeDuplicateFields},
    {"from-missing", AddAuthor},
    {"author-domain-not-public", MasqueradeAuthor},
    {"subject-missing", AddSubject},
    {"header-too-large", DropExpendableFields},
    {"header-large", DropExpendableFields},
    {"date-missing", AddDate},
    {"date-duplicate", KeepFirstDate},
    {"date-invalid", RewriteDate},
    {"message-id-missing", AddMessageId},
    {"message-id-duplicate", KeepFirstMessageId},
    {"message-id-invalid", ReplaceMessageId},
    {"address-syntax", RewriteAddresses},
    {"date-in-future", RewriteDate},
    {"date-ahead", RewriteDate},
    {"date-too-old", RewriteAbsurdDate},
    {"nul-octet", RemoveNul},
    {"header-malformed", RemoveBlankFolds},
    {"mime-field-duplicate", DropDoubledMimeFields},
    {"from-encoded-address", DecodeFrom},
    {"display-name-deceptive", DropShownAddress},
    {"encoded-word-misplaced", MendMisplacedWord},
    {"header-eight-bit", EncodeHeader},
    {"encoded-word-invalid", EncodeHeader},
    {"encoded-word-irregular", EncodeHeader},
    {"return-path-present", RemoveReturnPath},
    {"bcc-present", RemoveBcc},
    {"header-no-recipient-field", AddRecipientField},
    {"sender-missing", AddSender},
    {"sender-not-permitted", RewriteSender},
    {"author-not-permitted", RewriteAuthor},
    {"mail-from-syntax", NormaliseSender},
    {"header-line-too-long", RefoldHeader},
    {"body-bare-cr-or-lf", ReencodeBody},
    {"body-line-too-long", ReencodeBody},
    {"body-eight-bit", ReencodeBody},
    {"body-undeclared-eight-bit", ReencodeBody},
    {"mime-version-missing", AddMimeVersion},
    {"charset-invalid", DeclareCharset},
    {"transfer-encoding-invalid", RepairTransferEncoding},
    {"base64-corrupt", ReencodeBase64},
    {"base64-plain-text", ReencodeBase64},
    {"boundary-invalid", CloseBoundary},
    {"attachment-type-mismatch", CorrectAttachmentTypes},
    {"html-active-content", RemoveActiveContent},
    {"html-hidden-text", RemoveHiddenText},
    // Told by the addresses that were found: before those become others.
    {"link-text-mismatch", ShowTrueTarget},
    {"url-dangerous-scheme", RemoveDangerousLinks},
    {"link-domain-listed", RemoveListedLinks},
    {"url-with-userinfo", DropUserinfo},
    {"url-oddly-written", NormaliseLinks},
    {"url-open-redirect", ReplaceLinks},
    {"url-shortener-avoidable", ReplaceLinks},
    {"broken-by-mta", MendForMta},
    {"dkim-one-signature-broken", RemoveBrokenSignatures},
    {"list-unsubscribe-missing", AddListUnsubscribe},
    {"one-click-incomplete", AddListUnsubscribe},
    {"list-id-missing", AddListId},
    {"auto-submitted-missing", AddAutoSubmitted},
    {"stream-field-missing", AddStreamFields},
    {"spf-fail", ChooseEgress, Stage::kEgress},
    {"dmarc-reject", ChooseEgress, Stage::kEgress},
    {"dmarc-quarantine", ChooseEgress, Stage::kEgress},
    {"mail-from-domain-unroutable", SwitchSender, Stage::kReversePath},
    {"mail-from-mx-unusable", SwitchSender, Stage::kReversePath},
    {"sender-domain-without-soa", SwitchSender, Stage::kReversePath},
    {"null-mx-sender", SwitchSender, Stage::kReversePath},
    {"spf-fail", SwitchSender, Stage::kReversePath},
    {"spf-permerror", SwitchSender, Stage::kReversePath},
    {"spf-too-permissive", SwitchSender, Stage::kReversePath},
    {"spf-not-passed-bulk", SwitchSender, Stage::kReversePath},
    {"forwarded-sender-unauthorized", SwitchSender, Stage::kReversePath},
    {"forwarded-sender-unproven", SwitchSender, Stage::kReversePath},
    {"dmarc-reject", MungeFrom, Stage::kAuthorDomain},
    {"dmarc-quarantine", MungeFrom, Stage::kAuthorDomain},
    {"author-is-mailbox-provider", MungeFrom, Stage::kAuthorDomain},
    {"author-is-recipients-domain", MungeFrom, Stage::kAuthorDomain},
});

}  // namespace

std::span<const Remedy> Remedies() { return kRemedies; }

std::vector<std::string_view> Mendable(std::span<const std::string_view> checks,
                                       Stage stage) {
  std::vector<std::string_view> mendable;
  for (const Remedy& remedy : kRemedies) {
    const bool is_asked =
        remedy.stage == stage &&
        std::find(checks.begin(), checks.end(), remedy.check) != checks.end();
    if (is_asked) mendable.push_back(remedy.check);
  }
  return mendable;
}

bool Mend(const Facts& facts, std::span<const std::string_view> checks,
          Stage stage, Message* message) {
  bool is_changed = false;
  for (const Remedy& remedy : kRemedies) {
    const bool is_asked =
        remedy.stage == stage &&
        std::find(checks.begin(), checks.end(), remedy.check) != checks.end();
    if (!is_asked) continue;
    is_changed |= remedy.mend(facts, message);
    // One proposal serves all that want another way out.
    if (is_changed && stage == Stage::kEgress) break;
  }
  return is_changed;
}

}  // namespace postern
