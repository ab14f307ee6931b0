#include "policy/checks/catalogue.h"

#include <array>

namespace postern {
namespace {

constexpr std::array kCatalogue = {
    &kRecipientSyntax,
    &kRecipientDomainNxdomain,
    &kRecipientDomainWithoutMail,
    &kRecipientNullMx,
    &kMailFromDomainUnroutable,
    &kNullMxSender,
    &kSenderNotPermitted,
    &kAuthorNotPermitted,
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
    &kSpfPermerror,
    &kSpfNotAligned,
    &kNoAuthentication,
    &kDkimUnsignedBulk,
    &kDkimUnsigned,
    &kDkimKeyUnreadable,
    &kDkimKeyMismatch,
    &kDkimKeyRevoked,
    &kDkimKeyTesting,
    &kDkimKeyWeak,
    &kDkimSignatureExpires,
    &kClockSkew,
    &kDmarcReject,
    &kForwardedSenderUnauthorized,
    &kForwardedSenderUnproven,
    &kForwardedDmarcRisk,
    &kForwardedWithoutArc,
    &kDkimNotAligned,
    &kDkimSignatureWeak,
    &kListUnsubscribeUnsigned,
    &kDkimAuthorSignatureBroken,
    &kDkimOneSignatureBroken,
    &kAuthorIsMailboxProvider,
    &kDmarcMissing,
    &kDmarcMissingBulk,
    &kDmarcQuarantine,
    &kDmarcFail,
    &kDmarcFailBulk,
    &kDmarcRecordInvalid,
    &kDmarcMethodsDiffer,
    &kAuthorIsRecipientsDomain,
    &kBulkAuthorNoReply,
    &kBulkAuthentication,
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
    &kEgressUnknownAtTOnline,
    &kImprintMissing,
    &kUrlShortener,
    &kUrlNumericHost,
    &kLinkTextMismatch,
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
