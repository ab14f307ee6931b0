// dmarc-reject: neither SPF nor DKIM passes in alignment with a p=reject
// author.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "Unauthenticated email from the domain is not accepted due to the "
     "domain's DMARC policy",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not accepted for policy reasons",
     "senders.yahooinc.com/smtp-error-codes"},
    {"outlook",
     550,
     {5, 7, 509},
     "Access denied, sending domain does not pass DMARC verification and has a "
     "DMARC policy of reject",
     "learn.microsoft.com, NDR error codes"},
    {"m365",
     550,
     {5, 7, 509},
     "Access denied, sending domain does not pass DMARC verification and has a "
     "DMARC policy of reject",
     "learn.microsoft.com, NDR error codes"},
    {"united-internet",
     554,
     {5, 7, 1},
     "Reject due to DMARC policy",
     "postmaster.gmx.net, error code list"},
    {"mailru",
     550,
     {5, 7, 1},
     "This message was not accepted due to domain owner DMARC policy",
     "postmaster.mail.ru"},
    {"comcast",
     550,
     {5, 2, 0},
     "DMARC DM000001",
     "postmaster.comcast.net, error codes"},
    {"orange",
     501,
     {5, 0, 2},
     "Mail rejected. DMARC check failed.",
     "postmaster.orange.fr"},
    {"laposte",
     501,
     {5, 0, 2},
     "Mail rejected. DMARC check failed.",
     "postmaster.orange.fr, whose codes La Poste shares"},
    {"qq",
     550,
     {5, 7, 1},
     "DMARC check failed",
     "service.mail.qq.com: bounce codes"},
    {"mimecast",
     550,
     {5, 7, 1},
     "DMARC Sender Invalid - envelope rejected",
     "community.mimecast.com: SMTP error codes"},
    {"proofpoint",
     550,
     {5, 7, 0},
     "Email rejected per sender's DMARC policy",
     "SMTP Field Manual: Proofpoint replies"},
    {"zoho",
     550,
     {5, 7, 1},
     "Email rejected per DMARC policy",
     "SMTP Field Manual: Zoho replies"},
    {"selfhost",
     550,
     {5, 7, 1},
     "rejected by DMARC policy",
     "OpenDMARC RejectFailures"},
};

std::vector<Verdict> Run(const Facts& facts) {
  return DmarcFailures(facts, {DmarcPolicy::kReject}, Concerned::kAll);
}

}  // namespace

constinit const Check kDmarcReject = {
    .id = "dmarc-reject",
    .rules = "S20",
    .summary = "DMARC will fail and the author's domain asks for rejection.",
    .fix =
        "your domain: sign for it (signing.domains); another's: write From "
        "yours, set Reply-To (from.munge_address)",
    .cites = "RFC 9989 s.4.7",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
