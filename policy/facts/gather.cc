#include "policy/facts/gather.h"

#include <algorithm>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/facts/attachments.h"
#include "policy/facts/body_shape.h"
#include "policy/facts/clamd.h"
#include "policy/facts/domains.h"
#include "policy/facts/forwarding.h"
#include "policy/facts/identity.h"
#include "policy/facts/links.h"
#include "policy/facts/meant_domain.h"
#include "policy/facts/receiver.h"
#include "policy/facts/text.h"
#include "policy/message/date.h"

namespace postern {
namespace {

void Prefetch(const Facts& facts, Dns& dns) {
  if (facts.author_domain)
    dns.Prefetch("_dmarc." + facts.author_domain->text(), RrType::kTxt);
  if (facts.mail_from_domain)
    dns.Prefetch(facts.mail_from_domain->text(), RrType::kTxt);
}

// RFC 6531 s.3.4: the client says so with MAIL.
PathCharacters CharactersOf(const Envelope& envelope) {
  const bool is_declared =
      std::ranges::any_of(envelope.mail_args, [](const std::string& argument) {
        return EqualsIgnoreCase(argument, "SMTPUTF8");
      });
  return is_declared ? PathCharacters::kUtf8 : PathCharacters::kAscii;
}

void GatherSender(Facts* facts, MailDomains* domains) {
  const std::string& mail_from = facts->message->envelope.mail_from;
  if (mail_from.empty()) return;
  facts->mail_from_fault =
      PathFault(mail_from, CharactersOf(facts->message->envelope));
  facts->mail_from_domain = DomainOf(mail_from);
  if (!facts->mail_from_domain) return;
  const MailDomains::Entry& entry = domains->Find(*facts->mail_from_domain);
  facts->mail_from_mail_domain = entry.kind;
  facts->mail_from_mail_hosts = entry.hosts;
  facts->mail_from_mail_hosts_fault = entry.hosts_fault;
}

void GatherSenderSoa(const GatherFrom& from, Facts* facts) {
  const bool is_wanted = std::ranges::any_of(
      facts->recipients, [](const RecipientFact& recipient) {
        return recipient.profile->needs_sender_soa;
      });
  if (!is_wanted || !facts->mail_from_domain) return;
  facts->mail_from_organization = RegistrableDomain(*facts->mail_from_domain);
  if (!facts->mail_from_organization)
    facts->mail_from_organization = facts->mail_from_domain;
  facts->mail_from_soa = from.dns
                             .Ask(facts->mail_from_organization->text(),
                                  RrType::kSoa, from.deadline)
                             .status;
}

void GatherRecipients(const Config& config, Facts* facts,
                      MailDomains* domains) {
  const PathCharacters characters = CharactersOf(facts->message->envelope);
  for (const ForwardPath& path : facts->message->envelope.recipients) {
    RecipientFact fact{.address = path.address,
                       .path_fault = PathFault(path.address, characters),
                       .domain = DomainOf(path.address)};
    MxTargets mx;
    if (fact.domain) {
      const MailDomains::Entry& entry = domains->Find(*fact.domain);
      fact.mail_domain = entry.kind;
      fact.mail_hosts = entry.hosts;
      fact.mail_hosts_fault = entry.hosts_fault;
      fact.meant_domain = MeantDomain(*fact.domain, entry.kind, config);
      mx = entry.mx;
    }
    fact.profile = &ReceiverOf(mx, config.receivers);
    fact.receiver = fact.profile->name;
    facts->recipients.push_back(std::move(fact));
  }
}

// RFC 9989 s.5.3.1: several authors count as one when their domain is the same;
// of several domains DMARC judges none.
std::optional<Domain> CommonDomain(const std::vector<Mailbox>& mailboxes) {
  std::optional<Domain> common;
  for (const Mailbox& mailbox : mailboxes) {
    std::optional<Domain> domain = Domain::Parse(mailbox.address.domain);
    if (!domain || (common && *common != *domain)) return std::nullopt;
    common = std::move(domain);
  }
  return common;
}

void GatherAuthor(Facts* facts, MailDomains* domains) {
  const HeaderField* from = facts->message->header.Find("From");
  if (from == nullptr) return;
  facts->from = ParseAddressList(from->value);
  // Who sends is plain to every receiver that reads the angle brackets alone.
  if (!facts->from.error.empty())
    if (std::optional<Mailbox> lone = LoneMailbox(from->value))
      facts->from = {.mailboxes = {std::move(*lone)}};
  if (facts->message->header.Count("From") != 1 || !facts->from.error.empty())
    return;
  facts->author_domain = CommonDomain(facts->from.mailboxes);
  if (facts->author_domain)
    facts->author_mail_domain = domains->Find(*facts->author_domain).kind;
}

// The MTA's own notices come without login and say what they are (RFC 3464).
bool IsMtaBounce(const Message& message) {
  if (!message.envelope.mail_from.empty() || !message.submission.login.empty())
    return false;
  const HeaderField* type = message.header.Find("Content-Type");
  if (type == nullptr) return false;
  const std::string value = ToLower(type->Unfolded());
  return value.starts_with("multipart/report") &&
         Contains(value, "delivery-status");
}

// Mailings and lists say so themselves (RFC 2919, RFC 2369, RFC 8058).
bool IsBulk(const Header& header) {
  for (const char* name : {"List-Unsubscribe", "List-Id", "Feedback-ID"})
    if (header.Find(name) != nullptr) return true;
  const HeaderField* precedence = header.Find("Precedence");
  if (precedence == nullptr) return false;
  const std::string value = ToLower(precedence->Unfolded());
  return value == "bulk" || value == "list";
}

// A signature by somebody else that a receiver may find good: also where DNS
// did not answer us, or where it was not examined.
bool StandsForItself(const DkimFact& dkim) {
  return !dkim.is_ours && (dkim.result == DkimResult::kPass ||
                           dkim.result == DkimResult::kTempError ||
                           dkim.result == DkimResult::kNeutral);
}

// RFC 6376 s.3.5: with l=0 it says nothing of the body.
bool CoversBody(const DkimFact& dkim) {
  return StandsForItself(dkim) && dkim.signed_body_bytes != 0U;
}

// A field that is missing has no fault of its own.
std::string DateFault(const Header& header) {
  const HeaderField* date = header.Find("Date");
  if (date == nullptr) return {};
  const Result<TimePoint> parsed = ParseDate(date->value);
  return parsed ? std::string() : parsed.error().message;
}

// The newest stamp of another MTA's clock: ours adds its own after its milters.
std::optional<std::chrono::seconds> ReceivedAhead(const Header& header,
                                                  TimePoint now) {
  const HeaderField* received = header.Find("Received");
  if (received == nullptr) return std::nullopt;
  // RFC 5321 s.4.4: the date follows the last semicolon.
  const std::size_t semicolon = received->value.rfind(';');
  if (semicolon == std::string::npos) return std::nullopt;
  const Result<TimePoint> stamp =
      ParseDate(std::string_view(received->value).substr(semicolon + 1));
  if (!stamp) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*stamp - now);
}

MalwareFact MalwareIn(const GatherFrom& from, const Facts& facts) {
  if (from.malware) return *from.malware;
  const CheckPolicy policy =
      PolicyOf("malware", from.config, facts.stream.config);
  if (policy.action == Action::kOff) return {};
  return AskClamd(from.config.clamd, *facts.message, from.deadline);
}

void GatherContent(const GatherFrom& from, Facts* facts) {
  const Message& message = *facts->message;
  facts->date_fault = DateFault(message.header);
  facts->received_ahead = ReceivedAhead(message.header, facts->received_at);
  facts->body = ShapeOf(message.body.bytes());
  facts->wire_bytes = WireBytes(message.header, message.body);
  facts->mime = ReadMime(message.header, message.body, facts->body.base64);
  GatherText(from.content_cache, facts);
  facts->attachments =
      GatherAttachments(facts->mime, message.body.bytes(), facts->texts);
  facts->attachments.malware = MalwareIn(from, *facts);
  GatherMime(facts);
}

Facts Begin(std::shared_ptr<const Message> message, const GatherFrom& from) {
  Facts facts;
  facts.message = std::move(message);
  facts.config = &from.config;
  facts.received_at = from.now;
  return facts;
}

}  // namespace

bool Facts::IsFieldCovered(std::string_view name) const {
  return std::any_of(dkim.begin(), dkim.end(), [&](const DkimFact& fact) {
    return StandsForItself(fact) &&
           std::any_of(fact.signed_headers.begin(), fact.signed_headers.end(),
                       [&](const std::string& covered) {
                         return EqualsIgnoreCase(covered, name);
                       });
  });
}

Facts Gather(std::shared_ptr<const Message> message, const GatherFrom& from) {
  Facts facts = Begin(std::move(message), from);
  facts.has_content = true;
  facts.is_mta_bounce = IsMtaBounce(*facts.message);
  facts.is_bulk = IsBulk(facts.message->header);
  facts.mail_from_domain = DomainOf(facts.message->envelope.mail_from);
  Prefetch(facts, from.dns);
  MailDomains domains(from.config, from.dns, from.deadline);
  GatherAuthor(&facts, &domains);
  GatherSender(&facts, &domains);
  GatherRecipients(from.config, &facts, &domains);
  GatherSenderSoa(from, &facts);
  GatherStream(&facts);
  GatherHeader(&facts, &domains);
  GatherContent(from, &facts);
  GatherBulk(from, &facts);
  GatherPhrases(&facts);
  GatherLinks(from, &facts);
  GatherSenderPermission(&facts);
  GatherTransit(from, &facts);
  GatherEgress(from, &domains, &facts);
  GatherDmarcPolicy(from, &facts);
  GatherSpf(from, &facts);
  GatherDkim(from, &facts);
  GatherForwarding(from, &facts);
  GatherDmarcOutcomes(&facts);
  GatherSecondOpinions(from, &facts);
  facts.is_body_covered =
      facts.mime.is_signed_or_encrypted ||
      std::any_of(facts.dkim.begin(), facts.dkim.end(), CoversBody);
  return facts;
}

Facts GatherEnvelope(std::shared_ptr<const Message> message,
                     const GatherFrom& from) {
  Facts facts = Begin(std::move(message), from);
  MailDomains domains(from.config, from.dns, from.deadline);
  GatherSender(&facts, &domains);
  GatherRecipients(from.config, &facts, &domains);
  GatherStream(&facts);
  GatherSenderPermission(&facts);
  return facts;
}

}  // namespace postern
