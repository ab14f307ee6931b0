// null-mx-sender: a sender whose domain says that it takes no mail.
//
// Unanswered look-ups are reported by mail-from-domain-unroutable.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not accepted for policy reasons",
     "senders.yahooinc.com/smtp-error-codes"},
    {"selfhost",
     550,
     {5, 7, 27},
     "Sender address has null MX",
     "RFC 7505 s.4.2; Postfix reject_unknown_sender_domain"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.mail_from_mail_domain == MailDomain::kNullMx)
    return FailsWith("envelope sender: null MX at " +
                     facts.mail_from_domain->text());
  if (facts.author_mail_domain == MailDomain::kNullMx)
    return FailsWith("author: null MX at " + facts.author_domain->text());
  return {};
}

}  // namespace

constinit const Check kNullMxSender = {
    .id = "null-mx-sender",
    .rules = "S27",
    .summary = "The envelope sender's or the author's domain has a null MX.",
    .fix =
        "send as a domain that takes mail, or replace the null MX; an envelope "
        "sender: sender.bounce_domain",
    .cites = "RFC 7505 s.4.2",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
