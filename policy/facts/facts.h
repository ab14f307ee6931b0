// Facts: what is true of one message, gathered once, then judged by the checks.
//
// Plain data, written by Gather (gather.h) alone, immutable afterwards. Each
// fact that can be unknown says so itself. Borrows the configuration it was
// gathered with, which outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/domain.h"
#include "policy/base/ip_address.h"
#include "policy/config/config.h"
#include "policy/facts/attachment_facts.h"
#include "policy/facts/bulk_facts.h"
#include "policy/facts/content_facts.h"
#include "policy/facts/dkim.h"
#include "policy/facts/dmarc.h"
#include "policy/facts/dns.h"
#include "policy/facts/egress_health.h"
#include "policy/facts/header_facts.h"
#include "policy/facts/link_facts.h"
#include "policy/facts/link_list.h"
#include "policy/facts/mime_facts.h"
#include "policy/facts/part_text.h"
#include "policy/facts/spf.h"
#include "policy/facts/stream.h"
#include "policy/message/address.h"
#include "policy/message/html.h"
#include "policy/message/links.h"
#include "policy/message/message.h"
#include "policy/message/mime.h"
#include "policy/signing/keys.h"

namespace postern {

// Whether a domain can receive mail.
enum class MailDomain {
  kHasMx,
  kAddressOnly,  // no MX, but A or AAAA (RFC 5321 s.5.1)
  kNullMx,       // RFC 7505
  kNoMail,       // exists; neither MX nor address
  kNxDomain,
  kUnknown,  // DNS did not answer
};

// Whether a host that takes mail for a domain can be reached.
enum class MailHosts {
  kReachable,
  kNoAddress,  // none has one
  kUnusable,   // what addresses they have are private, or nobody's
  kUnknown,    // DNS did not answer, or there is no host to ask about
};

struct RecipientFact {
  std::string address;
  std::string path_fault;  // why it is not RFC 5321 syntax; empty: it is
  std::optional<Domain> domain;
  MailDomain mail_domain = MailDomain::kUnknown;
  MailHosts mail_hosts = MailHosts::kUnknown;
  std::string mail_hosts_fault;  // why they are unusable
  // The large provider whose domain this one misspells; empty: none.
  std::string meant_domain;
  std::string receiver = "selfhost";
  const ReceiverProfile* profile = nullptr;
};

// What the operator's rules say of whoever handed the message in.
enum class Permission { kNoRule, kPermitted, kForbidden, kUnknown };
struct SenderPermission {
  std::string who;  // "login alice"; empty: no rule concerns it
  Permission envelope = Permission::kNoRule;
  Permission author = Permission::kNoRule;  // From and Sender
  // The first that is not permitted, or why that is unknown.
  std::string author_address;
  // The first address that the rule names; empty: it names none.
  std::string own_address;
  // What may take the place of an address that is not permitted: the same,
  // where that is wanted.
  std::string identity;
};

// How this recipient's receiver finds the organizational domain.
[[nodiscard]] inline DmarcMethod MethodOf(const RecipientFact& recipient) {
  const bool uses_list = recipient.profile != nullptr &&
                         recipient.profile->uses_public_suffix_list;
  return uses_list ? DmarcMethod::kPublicSuffixList : DmarcMethod::kTreeWalk;
}

// One way the message may leave.
struct EgressFact {
  std::string route;
  IpAddress address;
  std::string helo_name;
  const EgressRoute* way = nullptr;  // as configured
  // What receivers find of it; none where nobody asks (egress_health.h).
  std::shared_ptr<const EgressHealth> health;
};

struct SpfFact {
  std::string egress;  // the address
  bool is_helo_identity = false;
  std::string domain;
  SpfResult result = SpfResult::kTempError;
  // With the author domain: by tree walk, and by public suffix list.
  Alignment alignment = Alignment::kUnknown;
  Alignment list_alignment = Alignment::kUnknown;
  std::string explanation, reason;
  std::string term;  // that decided or is in error, as written
  // The first term met that passes a large part of the Internet, quoted.
  std::string permissive_term;
  // What the domain's owner can publish so that it passes, proved; empty unless
  // wanted (GatherFrom::advice), and where nothing would do.
  std::string fix;
};

struct DkimFact {
  std::string domain, selector, algorithm;
  DkimResult result = DkimResult::kNone;
  Alignment alignment = Alignment::kUnknown;  // as in SpfFact
  Alignment list_alignment = Alignment::kUnknown;
  bool is_ours = false;  // the signature we are going to make: a prediction
  std::string reason;
  // Of those already there only: h= and l=. A name stands as often as h= has
  // it, so also for fields that must not be added.
  std::vector<std::string> signed_headers;
  std::optional<std::uint64_t> signed_body_bytes;
  // t= and x=, seconds since 1970; of ours x= alone.
  std::optional<std::int64_t> signed_at, expires_at;
};

// What the fact says to a receiver that aligns by this method.
template <typename Fact>
[[nodiscard]] Alignment AlignmentBy(const Fact& fact, DmarcMethod method) {
  return method == DmarcMethod::kTreeWalk ? fact.alignment
                                          : fact.list_alignment;
}

// Which keys would sign, and whether receivers can find their public halves.
struct SigningPlan {
  struct Planned {
    KeyInUse key;
    PublishedKey published = PublishedKey::kUnknown;
    std::string fault = {};   // what does not match
    bool is_testing = false;  // t=y
    // Receivers can find its public half, or may.
    [[nodiscard]] bool IsUsable() const;
  };
  std::vector<Planned> signatures;
  std::vector<std::string> faults;  // keys that should sign and cannot
  std::string unsigned_reason;      // why no signature will be made; else empty
};

struct DmarcOutcome {
  std::string egress;
  DmarcMethod method = DmarcMethod::kTreeWalk;
  std::vector<std::string> receivers;
  DmarcResult result = DmarcResult::kNone;
};
struct DmarcFact {
  std::optional<Domain> author_domain;  // none: DMARC does not apply
  DmarcDiscovery tree_walk, public_suffix_list;
  std::vector<DmarcOutcome> all;

  [[nodiscard]] const DmarcDiscovery& By(DmarcMethod method) const {
    return method == DmarcMethod::kTreeWalk ? tree_walk : public_suffix_list;
  }
};

// The body's octets as the wire will carry them.
struct BodyShape {
  std::size_t longest_line = 0;  // octets without CRLF
  bool has_eight_bit = false;
  bool has_bare_cr = false;
  bool has_bare_lf = false;
  bool has_nul = false;
  Base64Runs base64;
};

// What the MTA would still change in signed octets after its milters: a
// signature over these would not verify.
struct TransitFact {
  std::vector<std::string> addresses;  // fields that Sendmail writes anew
  std::string line_field;              // a signed field with a line it cuts
  std::size_t line_length = 0;         // of that line; 0: none
  std::string body;                    // why it would change the body

  // In words, for the record; empty when nothing would change.
  [[nodiscard]] std::string Reason() const;
};

struct Facts {
  std::shared_ptr<const Message> message;
  const Config* config = nullptr;
  TimePoint received_at;
  // A bounce that the MTA itself made: "<>" without login, delivery-status.
  bool is_mta_bounce = false;
  // Its stream or its header says that it is one of many: Precedence, List-*,
  // Feedback-ID.
  bool is_bulk = false;
  // Receivers that take all mail of the author's domain for a bulk sender's,
  // for how much it has sent them.
  std::vector<std::string> bulk_sender_at;
  StreamFact stream;
  // Mail that others wrote to us and that we send on; list traffic is a kind of
  // it (forwarding.h).
  bool is_forwarded = false;
  bool is_list_traffic = false;
  // False at RCPT: only the envelope is known, the rest is empty.
  bool has_content = false;

  std::optional<Domain> mail_from_domain;
  MailDomain mail_from_mail_domain = MailDomain::kUnknown;
  MailHosts mail_from_mail_hosts = MailHosts::kUnknown;
  std::string mail_from_mail_hosts_fault;
  std::string mail_from_fault;  // why it is not RFC 5321 syntax
  // Whether the organizational domain of the envelope sender has an SOA; asked
  // only where a receiver wants it.
  std::optional<Domain> mail_from_organization;
  DnsStatus mail_from_soa = DnsStatus::kTempError;
  std::vector<RecipientFact> recipients;

  std::string date_fault;  // why the Date field cannot be read
  AddressList from;        // of the first From field
  // Of all its authors (RFC 9989 s.5.3.1); none: not a single one.
  std::optional<Domain> author_domain;
  MailDomain author_mail_domain = MailDomain::kUnknown;

  SenderPermission sender_permission;

  HeaderFacts header;
  // Of the first mailbox in Reply-To, where it is not the author's.
  std::optional<Domain> reply_to_domain;
  MailDomain reply_to_mail_domain = MailDomain::kUnknown;

  std::vector<EgressFact> egress;
  // Routes that could be chosen instead and would take every recipient.
  std::vector<std::string> alternatives;
  std::vector<SpfFact> spf;  // one for each egress address
  std::vector<DkimFact> dkim;
  SigningPlan signing;
  DmarcFact dmarc;

  // How far the newest Received field is ahead of our clock; negative: behind.
  // None: there is no such field, or it cannot be read.
  std::optional<std::chrono::seconds> received_ahead;

  BodyShape body;
  std::int64_t wire_bytes = 0;  // header and body with CRLF
  MimeStructure mime;
  MimeFacts structure;
  AttachmentFacts attachments;
  TransitFact transit;
  // Of the text/html parts, in order; shared with the cache, never null.
  std::vector<std::shared_ptr<const HtmlFacts>> html;
  // Of mime.parts, one each, shared likewise; null: the part has no text.
  std::vector<std::shared_ptr<const PartText>> texts;
  LinkList links;  // of the text, then of List-Unsubscribe
  LinkFacts linking;
  Obfuscation subject_obfuscation, body_obfuscation;
  BulkFact bulk;
  ContentFact content;
  std::vector<SecondOpinion> second_opinions;  // none: nobody is asked

  // True when a signature that is not ours (DKIM that passes, S/MIME, PGP)
  // covers the body or this field: it must not be mended.
  bool is_body_covered = false;
  [[nodiscard]] bool IsFieldCovered(std::string_view name) const;
  // True when no signature will be there that may pass: neither ours nor one
  // that the message came with.
  [[nodiscard]] bool LeavesUnsigned() const;
  // Whether the receiver asks of it what it asks of bulk mail, and in words
  // why.
  [[nodiscard]] bool IsBulkAt(const std::string& receiver) const;
  [[nodiscard]] std::string WhyBulkAt(const std::string& receiver) const;
};

}  // namespace postern
