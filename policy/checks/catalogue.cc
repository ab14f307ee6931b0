#include "policy/checks/catalogue.h"

#include <array>

namespace postern {
namespace {

constexpr std::array kCatalogue = {
    &kRecipientSyntax,
    &kRecipientNeedsSmtputf8,
    &kRecipientDomainDead,
    &kRecipientDomainTypo,
    &kRecipientDomainReserved,
    &kRecipientDomainNxdomain,
    &kRecipientDomainWithoutMail,
    &kRecipientNullMx,
    &kRecipientMxUnusable,
    &kRecipientMxWithoutAddress,
    &kRecipientDomainLookalike,
    &kSenderNotPermitted,
    &kAuthorNotPermitted,
    &kMailFromSyntax,
    &kMailFromDomainUnroutable,
    &kNullMxSender,
    &kMailFromMxUnusable,
    &kSenderDomainWithoutSoa,
    &kAuthorDomainUnroutable,
    &kNullSenderManyRecipients,
    &kNullSenderWithoutReport,
    &kDateMissing,
    &kDateDuplicate,
    &kDateInvalid,
    &kFromMissing,
    &kFromDuplicate,
    &kFromWithoutAddress,
    &kFromMultipleMailboxes,
    &kMessageIdMissing,
    &kMessageIdInvalid,
    &kMessageIdDuplicate,
    &kAddressSyntax,
    &kHeaderFieldDuplicate,
    &kHeaderFieldEmpty,
    &kHeaderLineTooLong,
    &kHeaderFieldCut,
    &kBodyLineTooLong,
    &kBodyEightBit,
    &kBodyBareCrOrLf,
    &kBrokenByMta,
    &kMessageTooLarge,
    &kSpfFail,
    &kSpfHeloFail,
    &kSpfPermerror,
    &kSpfTemperror,
    &kSpfTooPermissive,
    &kSpfNotPassedBulk,
    &kSpfSoftfail,
    &kSpfNotAligned,
    &kForwardedSenderUnauthorized,
    &kForwardedSenderUnproven,
    &kNoAuthentication,
    &kBulkAuthentication,
    &kDkimUnsignedBulk,
    &kDkimUnsigned,
    &kDkimKeyUnreadable,
    &kDkimKeyMismatch,
    &kDkimKeyRevoked,
    &kDkimKeyTesting,
    &kDkimKeyWeak,
    &kDkimNotAligned,
    &kDkimAuthorSignatureBroken,
    &kDkimOneSignatureBroken,
    &kDkimSignatureWeak,
    &kDkimSignatureExpires,
    &kClockSkew,
    &kListUnsubscribeUnsigned,
    &kDmarcReject,
    &kDmarcQuarantine,
    &kDmarcFailBulk,
    &kDmarcFail,
    &kDmarcMissingBulk,
    &kDmarcMissing,
    &kDmarcRecordInvalid,
    &kDmarcMethodsDiffer,
    &kForwardedDmarcRisk,
    &kForwardedWithoutArc,
    &kAuthorIsMailboxProvider,
    &kAuthorIsRecipientsDomain,
    &kBulkAuthorNoReply,
    &kEgressWithoutPtr,
    &kEgressPtrNotConfirmed,
    &kEgressPtrGeneric,
    &kEgressIpv6,
    &kEgressIpv6Scattered,
    &kEgressListed,
    &kEgressListedBySome,
    &kEgressInDynamicRange,
    &kHeloNameInvalid,
    &kHeloNameUnresolvable,
    &kHeloNameDiffers,
    &kHeloDomainListed,
    &kEgressWithoutTls,
    &kEgressUnknownAtTOnline,
    &kImprintMissing,
    &kUrlShortener,
    &kUrlNumericHost,
    &kLinkTextMismatch,
    &kHtmlImageOnly,
    &kHtmlHiddenText,
    &kHtmlActiveContent,
    &kTextObfuscated,
};

std::array<std::string_view, kCatalogue.size()> Ids() {
  std::array<std::string_view, kCatalogue.size()> ids;
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = kCatalogue[i]->id;
  return ids;
}

}  // namespace

std::span<const Check* const> Catalogue() { return kCatalogue; }

std::span<const std::string_view> CheckIds() {
  static const auto ids = Ids();
  return ids;
}

}  // namespace postern
