// The catalogue: every check, in the order in which findings are reported and
// ties are broken. A new check is one line declared and one line listed here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "policy/checks/check.h"

namespace postern {

extern const Check kRecipientSyntax;
extern const Check kRecipientNeedsSmtputf8;
extern const Check kRecipientDomainDead;
extern const Check kRecipientDomainTypo;
extern const Check kRecipientDomainReserved;
extern const Check kRecipientDomainNxdomain;
extern const Check kRecipientDomainWithoutMail;
extern const Check kRecipientNullMx;
extern const Check kRecipientMxUnusable;
extern const Check kRecipientMxWithoutAddress;
extern const Check kRecipientDomainLookalike;
extern const Check kSenderNotPermitted;
extern const Check kAuthorNotPermitted;
extern const Check kMailFromSyntax;
extern const Check kMailFromDomainUnroutable;
extern const Check kNullMxSender;
extern const Check kMailFromMxUnusable;
extern const Check kSenderDomainWithoutSoa;
extern const Check kAuthorDomainUnroutable;
extern const Check kNullSenderManyRecipients;
extern const Check kNullSenderWithoutReport;
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
extern const Check kAddressSyntax;
extern const Check kHeaderFieldDuplicate;
extern const Check kHeaderFieldEmpty;
extern const Check kHeaderLineTooLong;
extern const Check kHeaderFieldCut;
extern const Check kBodyLineTooLong;
extern const Check kBodyEightBit;
extern const Check kBodyBareCrOrLf;
extern const Check kBrokenByMta;
extern const Check kMessageTooLarge;
extern const Check kSpfFail;
extern const Check kSpfHeloFail;
extern const Check kSpfPermerror;
extern const Check kSpfTemperror;
extern const Check kSpfTooPermissive;
extern const Check kSpfNotPassedBulk;
extern const Check kSpfSoftfail;
extern const Check kSpfNotAligned;
extern const Check kForwardedSenderUnauthorized;
extern const Check kForwardedSenderUnproven;
extern const Check kNoAuthentication;
extern const Check kBulkAuthentication;
extern const Check kDkimUnsignedBulk;
extern const Check kDkimUnsigned;
extern const Check kDkimKeyUnreadable;
extern const Check kDkimKeyMismatch;
extern const Check kDkimKeyRevoked;
extern const Check kDkimKeyTesting;
extern const Check kDkimKeyWeak;
extern const Check kDkimNotAligned;
extern const Check kDkimAuthorSignatureBroken;
extern const Check kDkimOneSignatureBroken;
extern const Check kDkimSignatureWeak;
extern const Check kDkimSignatureExpires;
extern const Check kClockSkew;
extern const Check kListUnsubscribeUnsigned;
extern const Check kDmarcReject;
extern const Check kDmarcQuarantine;
extern const Check kDmarcFailBulk;
extern const Check kDmarcFail;
extern const Check kDmarcMissingBulk;
extern const Check kDmarcMissing;
extern const Check kDmarcRecordInvalid;
extern const Check kDmarcMethodsDiffer;
extern const Check kForwardedDmarcRisk;
extern const Check kForwardedWithoutArc;
extern const Check kAuthorIsMailboxProvider;
extern const Check kAuthorIsRecipientsDomain;
extern const Check kBulkAuthorNoReply;
extern const Check kEgressWithoutPtr;
extern const Check kEgressPtrNotConfirmed;
extern const Check kEgressPtrGeneric;
extern const Check kEgressIpv6;
extern const Check kEgressIpv6Scattered;
extern const Check kEgressListed;
extern const Check kEgressListedBySome;
extern const Check kEgressInDynamicRange;
extern const Check kHeloNameInvalid;
extern const Check kHeloNameUnresolvable;
extern const Check kHeloNameDiffers;
extern const Check kHeloDomainListed;
extern const Check kEgressUnknownAtTOnline;
extern const Check kImprintMissing;
extern const Check kUrlShortener;
extern const Check kUrlNumericHost;
extern const Check kLinkTextMismatch;
extern const Check kUrlShortenerChained;
extern const Check kUrlMixedScripts;
extern const Check kUrlLookalikeHost;
extern const Check kUrlIdnInvalid;
extern const Check kUrlWithUserinfo;
extern const Check kUrlDangerousScheme;
extern const Check kUrlOpenRedirect;
extern const Check kUrlDynamicHost;
extern const Check kUrlFreeHosting;
extern const Check kLinkHostNxdomain;
extern const Check kLinkDomainListed;
extern const Check kLinkTooMany;
extern const Check kUrlOddPort;
extern const Check kUrlOddlyWritten;
extern const Check kUrlNamesBrand;
extern const Check kLinkOnBadList;
extern const Check kLinkTrackingShared;
extern const Check kHtmlImageOnly;
extern const Check kHtmlHiddenText;
extern const Check kHtmlActiveContent;
extern const Check kTextObfuscated;

[[nodiscard]] std::span<const Check* const> Catalogue();
// Their ids, for the configuration's `checks.<id>`.
[[nodiscard]] std::span<const std::string_view> CheckIds();

}  // namespace postern
