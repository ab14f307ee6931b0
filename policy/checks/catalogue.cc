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
    &kHeaderFieldDuplicate,
    &kHeaderFieldEmpty,
    &kHeaderLineTooLong,
    &kBodyLineTooLong,
    &kBodyEightBit,
    &kBodyBareCrOrLf,
    &kMessageTooLarge,
    &kSpfFail,
    &kSpfPermerror,
    &kSpfNotAligned,
    &kNoAuthentication,
    &kDkimUnsigned,
    &kDkimKeyMismatch,
    &kDmarcReject,
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
