#include "policy/facts/gather.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/facts/body_shape.h"
#include "policy/facts/domains.h"
#include "policy/facts/identity.h"
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

void GatherSender(Facts* facts, MailDomains* domains) {
  const std::string& mail_from = facts->message->envelope.mail_from;
  if (mail_from.empty()) return;
  facts->mail_from_fault = PathFault(mail_from);
  facts->mail_from_domain = DomainOf(mail_from);
  if (facts->mail_from_domain)
    facts->mail_from_mail_domain = domains->Find(*facts->mail_from_domain).kind;
}

void GatherRecipients(const Config& config, Facts* facts,
                      MailDomains* domains) {
  for (const ForwardPath& path : facts->message->envelope.recipients) {
    RecipientFact fact{.address = path.address,
                       .path_fault = PathFault(path.address),
                       .domain = DomainOf(path.address)};
    MxTargets mx;
    if (fact.domain) {
      const MailDomains::Entry& entry = domains->Find(*fact.domain);
      fact.mail_domain = entry.kind;
      mx = entry.mx;
    }
    fact.profile = &ReceiverOf(mx, config.receivers);
    fact.receiver = fact.profile->name;
    facts->recipients.push_back(std::move(fact));
  }
}

void GatherAuthor(Facts* facts, MailDomains* domains) {
  const HeaderField* from = facts->message->header.Find("From");
  if (from == nullptr) return;
  facts->from = ParseAddressList(from->value);
  // Who sends is plain to every receiver that reads the angle brackets alone.
  if (!facts->from.error.empty())
    if (std::optional<Mailbox> lone = LoneMailbox(from->value))
      facts->from = {.mailboxes = {std::move(*lone)}};
  const bool is_single = facts->message->header.Count("From") == 1 &&
                         facts->from.error.empty() &&
                         facts->from.mailboxes.size() == 1;
  if (!is_single) return;
  facts->author_domain =
      Domain::Parse(facts->from.mailboxes.front().address.domain);
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

// What a signature by somebody else covers; an unanswered one may cover it too.
bool StandsForItself(const DkimFact& dkim) {
  return !dkim.is_ours && (dkim.result == DkimResult::kPass ||
                           dkim.result == DkimResult::kTempError);
}

// A field that is missing has no fault of its own.
std::string DateFault(const Header& header) {
  const HeaderField* date = header.Find("Date");
  if (date == nullptr) return {};
  const Result<TimePoint> parsed = ParseDate(date->value);
  return parsed ? std::string() : parsed.error().message;
}

void GatherContent(const GatherFrom& from, Facts* facts) {
  const Message& message = *facts->message;
  facts->date_fault = DateFault(message.header);
  facts->body = ShapeOf(message.body.bytes());
  facts->wire_bytes = WireBytes(message.header, message.body);
  facts->mime = ReadMime(message.header, message.body);
  GatherText(from, facts);
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
  MailDomains domains(from.dns, from.deadline);
  GatherAuthor(&facts, &domains);
  GatherSender(&facts, &domains);
  GatherRecipients(from.config, &facts, &domains);
  GatherContent(from, &facts);
  GatherEgress(from, &domains, &facts);
  GatherDmarcPolicy(from, &facts);
  GatherSpf(from, &facts);
  GatherDkim(from, &facts);
  GatherDmarcOutcomes(from, &facts);
  facts.is_body_covered =
      facts.mime.is_signed_or_encrypted ||
      std::any_of(facts.dkim.begin(), facts.dkim.end(), StandsForItself);
  return facts;
}

Facts GatherEnvelope(std::shared_ptr<const Message> message,
                     const GatherFrom& from) {
  Facts facts = Begin(std::move(message), from);
  MailDomains domains(from.dns, from.deadline);
  GatherSender(&facts, &domains);
  GatherRecipients(from.config, &facts, &domains);
  return facts;
}

}  // namespace postern
