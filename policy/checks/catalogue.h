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
extern const Check kDateInFuture;
extern const Check kDateAhead;
extern const Check kDateTooOld;
extern const Check kDateBehind;
extern const Check kAuthorDomainNotPublic;
extern const Check kFromEncodedAddress;
extern const Check kHeaderNoRecipientField;
extern const Check kHeaderEightBit;
extern const Check kEncodedWordInvalid;
extern const Check kEncodedWordMisplaced;
extern const Check kEncodedWordIrregular;
extern const Check kHeaderTooLarge;
extern const Check kHeaderLarge;
extern const Check kHeaderFieldTooLarge;
extern const Check kHeaderTooManyFields;
extern const Check kFieldNameTooLong;
extern const Check kFieldNameInvalid;
extern const Check kSubjectTooLong;
extern const Check kSubjectLong;
extern const Check kTooManyReceived;
extern const Check kMailLoop;
extern const Check kReturnPathPresent;
extern const Check kHeaderMalformed;
extern const Check kNulOctet;
extern const Check kBccPresent;
extern const Check kSenderMissing;
extern const Check kFalseReplyPrefix;
extern const Check kDisplayNameDeceptive;
extern const Check kDisplayNameUnfit;
extern const Check kLocalPartExotic;
extern const Check kSubjectMissing;
extern const Check kReplyToUnusable;
extern const Check kMimeFieldDuplicate;
extern const Check kTemplateInHeader;
extern const Check kBodyLineTooLong;
extern const Check kBodyEightBit;
extern const Check kBodyBareCrOrLf;
extern const Check kBrokenByMta;
extern const Check kMessageTooLarge;
extern const Check kBodyUndeclaredEightBit;
extern const Check kTransferEncodingInvalid;
extern const Check kBoundaryInvalid;
extern const Check kMimeTooDeep;
extern const Check kMimeDeep;
extern const Check kMimeTooManyParts;
extern const Check kContentTypeInvalid;
extern const Check kMimeVersionMissing;
extern const Check kCharsetInvalid;
extern const Check kBase64Corrupt;
extern const Check kMessageEmpty;
extern const Check kAlternativeMismatch;
extern const Check kBase64PlainText;
extern const Check kMimeAmbiguous;
extern const Check kAttachmentBlockedType;
extern const Check kAttachmentBlockedInArchive;
extern const Check kArchiveEncryptedNested;
extern const Check kAttachmentEncrypted;
extern const Check kArchiveBomb;
extern const Check kArchiveInArchive;
extern const Check kOfficeMacro;
extern const Check kAttachmentNameDeceptive;
extern const Check kAttachmentActiveHtml;
extern const Check kAttachmentHtml;
extern const Check kAttachmentTypeMismatch;
extern const Check kMalware;
extern const Check kAttachmentUnusualType;
extern const Check kAttachmentPhishingCarrier;
extern const Check kTooManyAttachments;
extern const Check kWinmailDat;
extern const Check kMessageFragment;
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
extern const Check kEgressWithoutTls;
extern const Check kEgressUnknownAtTOnline;
extern const Check kImprintMissing;
extern const Check kUrlShortener;
extern const Check kUrlNumericHost;
extern const Check kLinkTextMismatch;
extern const Check kUrlShortenerChained;  // url_shortener_chained.cc
extern const Check kUrlMixedScripts;  // url_mixed_scripts.cc
extern const Check kUrlLookalikeHost;  // url_lookalike_host.cc
extern const Check kUrlIdnInvalid;  // url_idn_invalid.cc
extern const Check kUrlWithUserinfo;  // url_with_userinfo.cc
extern const Check kUrlDangerousScheme;  // url_dangerous_scheme.cc
extern const Check kUrlOpenRedirect;  // url_open_redirect.cc
extern const Check kUrlDynamicHost;  // url_dynamic_host.cc
extern const Check kUrlFreeHosting;  // url_free_hosting.cc
extern const Check kLinkHostNxdomain;  // link_host_nxdomain.cc
extern const Check kLinkDomainListed;  // link_domain_listed.cc
extern const Check kLinkTooMany;  // link_too_many.cc
extern const Check kUrlOddPort;  // url_odd_port.cc
extern const Check kUrlOddlyWritten;  // url_oddly_written.cc
extern const Check kUrlNamesBrand;  // url_names_brand.cc
extern const Check kLinkOnBadList;  // link_on_bad_list.cc
extern const Check kLinkTrackingShared;  // link_tracking_shared.cc
extern const Check kHtmlImageOnly;
extern const Check kHtmlHiddenText;
extern const Check kHtmlActiveContent;
extern const Check kTextObfuscated;
extern const Check kTemplateUnexpanded;
extern const Check kCredentialPhishing;
extern const Check kScamPhrases;
extern const Check kSubjectShouting;
extern const Check kBulkWithoutHeaders;
extern const Check kSecondOpinion;
extern const Check kListUnsubscribeMissing;
extern const Check kOneClickIncomplete;
extern const Check kUnsubscribeLinkMissing;
extern const Check kListIdMissing;
extern const Check kAutoSubmittedMissing;
extern const Check kStreamFieldMissing;
extern const Check kUnsubscribeHostUnusable;

[[nodiscard]] std::span<const Check* const> Catalogue();
// Their ids, for the configuration's `checks.<id>`.
[[nodiscard]] std::span<const std::string_view> CheckIds();

}  // namespace postern
