// The catalogue: every check, in the order in which findings are reported and
// ties are broken. A new check is one line declared and one line listed here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "policy/checks/check.h"

namespace postern {

extern const Check kRecipientSyntax;
extern const Check kRecipientDomainNxdomain;
extern const Check kRecipientDomainWithoutMail;
extern const Check kRecipientNullMx;
extern const Check kMailFromDomainUnroutable;
extern const Check kNullMxSender;
extern const Check kDateMissing;
extern const Check kDateDuplicate;
extern const Check kDateInvalid;
extern const Check kFromMissing;
extern const Check kFromDuplicate;
extern const Check kFromWithoutAddress;
extern const Check kFromMultipleMailboxes;
extern const Check kMessageIdMissing;
extern const Check kMessageIdInvalid;
extern const Check kMessageIdDuplicate;
extern const Check kHeaderFieldDuplicate;
extern const Check kHeaderFieldEmpty;
extern const Check kHeaderLineTooLong;
extern const Check kBodyLineTooLong;
extern const Check kBodyEightBit;
extern const Check kBodyBareCrOrLf;
extern const Check kMessageTooLarge;
extern const Check kSpfFail;
extern const Check kSpfPermerror;
extern const Check kSpfNotAligned;
extern const Check kNoAuthentication;
extern const Check kDkimUnsigned;
extern const Check kDkimKeyMismatch;
extern const Check kDmarcReject;
extern const Check kUrlShortener;
extern const Check kUrlNumericHost;
extern const Check kLinkTextMismatch;
extern const Check kHtmlImageOnly;
extern const Check kHtmlHiddenText;
extern const Check kHtmlActiveContent;
extern const Check kTextObfuscated;

[[nodiscard]] std::span<const Check* const> Catalogue();
// Their ids, for the configuration's `checks.<id>`.
[[nodiscard]] std::span<const std::string_view> CheckIds();

}  // namespace postern
