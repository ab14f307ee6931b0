// Facts: what is true of one message, gathered once, then judged by the checks.
//
// Plain data, written by Gather (gather.h) alone, immutable afterwards. Each
// fact that can be unknown says so itself. Borrows the configuration it was
// gathered with, which outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

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
#include "policy/facts/dkim.h"
#include "policy/facts/dmarc.h"
#include "policy/facts/dns.h"
#include "policy/facts/spf.h"
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

struct RecipientFact {
  std::string address;
  std::string path_fault;  // why it is not RFC 5321 syntax; empty: it is
  std::optional<Domain> domain;
  MailDomain mail_domain = MailDomain::kUnknown;
  std::string receiver = "selfhost";
  const ReceiverProfile* profile = nullptr;
};

// One way the message may leave.
struct EgressFact {
  std::string route;
  IpAddress address;
  std::string helo_name;
};

struct SpfFact {
  std::string egress;  // the address
  bool is_helo_identity = false;
  std::string domain;
  SpfResult result = SpfResult::kTempError;
  Alignment alignment = Alignment::kUnknown;  // with the author domain
  std::string explanation, reason;
};

struct DkimFact {
  std::string domain, selector, algorithm;
  DkimResult result = DkimResult::kNone;
  Alignment alignment = Alignment::kUnknown;
  bool is_ours = false;  // the signature we are going to make: a prediction
  std::string reason;
  std::vector<std::string> signed_headers;  // those already there only
};

// Which keys would sign, and whether receivers can find their public halves.
struct SigningPlan {
  struct Planned {
    KeyInUse key;
    PublishedKey published = PublishedKey::kUnknown;
  };
  std::vector<Planned> signatures;
  std::string unsigned_reason;  // why there is none; empty when there are some
};

struct DmarcOutcome {
  std::string egress;
  DmarcMethod method = DmarcMethod::kTreeWalk;
  std::vector<std::string> receivers;
  DmarcResult result = DmarcResult::kNone;
};
struct DmarcFact {
  std::optional<Domain> author_domain;  // none: no single valid author
  DmarcDiscovery tree_walk, public_suffix_list;
  std::vector<DmarcOutcome> all;
};

// The body's octets as the wire will carry them.
struct BodyShape {
  std::size_t longest_line = 0;  // octets without CRLF
  bool has_eight_bit = false;
  bool has_bare_cr = false;
  bool has_bare_lf = false;
  bool has_nul = false;
};

struct Facts {
  std::shared_ptr<const Message> message;
  const Config* config = nullptr;
  TimePoint received_at;
  // A bounce that the MTA itself made: "<>" without login, delivery-status.
  bool is_mta_bounce = false;
  // The header says that it is one of many: Precedence, List-*, Feedback-ID.
  bool is_bulk = false;
  // False at RCPT: only the envelope is known, the rest is empty.
  bool has_content = false;

  std::optional<Domain> mail_from_domain;
  MailDomain mail_from_mail_domain = MailDomain::kUnknown;
  std::string mail_from_fault;  // why it is not RFC 5321 syntax
  std::vector<RecipientFact> recipients;

  std::string date_fault;  // why the Date field cannot be read
  AddressList from;        // of the first From field
  std::optional<Domain> author_domain;
  MailDomain author_mail_domain = MailDomain::kUnknown;

  std::vector<EgressFact> egress;
  std::vector<SpfFact> spf;  // one for each egress address
  std::vector<DkimFact> dkim;
  SigningPlan signing;
  DmarcFact dmarc;

  BodyShape body;
  std::int64_t wire_bytes = 0;  // header and body with CRLF
  MimeStructure mime;
  // Of the text/html parts, in order; shared with the cache, never null.
  std::vector<std::shared_ptr<const HtmlFacts>> html;
  std::vector<Link> links;
  Obfuscation subject_obfuscation, body_obfuscation;

  // True when a signature that is not ours (DKIM that passes, S/MIME, PGP)
  // covers the body or this field: it must not be mended.
  bool is_body_covered = false;
  [[nodiscard]] bool IsFieldCovered(std::string_view name) const;
};

}  // namespace postern
