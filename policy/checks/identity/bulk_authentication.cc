// bulk-authentication: a mailing must pass SPF and DKIM both at receivers that
// have published so; for DMARC one would do.

#include <set>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"outlook",
     550,
     {5, 7, 515},
     "Access denied, sending domain does not meet the required authentication "
     "level: Spf and Dkim must both be Pass",
     "Outlook.com postmaster pages: requirements for high-volume senders"},
    {"google",
     550,
     {5, 7, 27},
     "bulk mail: SPF did not pass",
     "support.google.com/a/answer/3726730"},
    {"google",
     550,
     {5, 7, 30},
     "bulk mail: DKIM did not pass",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not accepted for policy reasons",
     "senders.yahooinc.com/best-practices and smtp-error-codes"},
};

struct Both {
  bool is_unknown = false;
  bool is_pass = false;
};

Both Dkim(const Facts& facts) {
  Both dkim;
  for (const DkimFact& fact : facts.dkim) {
    dkim.is_pass |= fact.result == DkimResult::kPass;
    dkim.is_unknown |= fact.result == DkimResult::kTempError ||
                       fact.result == DkimResult::kNeutral;
  }
  return dkim;
}

std::string DkimWord(const Facts& facts) {
  return facts.dkim.empty() ? "none"
                            : std::string(ToString(facts.dkim.front().result));
}

void AddAt(const SpfFact& spf, const Facts& facts,
           std::vector<Verdict>* verdicts) {
  const Both dkim = Dkim(facts);
  const bool is_spf_unknown = spf.result == SpfResult::kTempError;
  if (spf.result == SpfResult::kPass && dkim.is_pass) return;
  const bool is_lost = (spf.result != SpfResult::kPass && !is_spf_unknown) ||
                       (!dkim.is_pass && !dkim.is_unknown);
  std::set<std::string> told;
  for (const RecipientFact& recipient : facts.recipients) {
    const bool demands = recipient.receiver != "apple" &&
                         DemandsMoreOfBulk(recipient.receiver) &&
                         facts.IsBulkAt(recipient.receiver);
    if (!demands || !told.insert(recipient.receiver).second) continue;
    verdicts->push_back(
        {is_lost ? Outcome::kFail : Outcome::kUnknown,
         Subject::Receiver(recipient.receiver),
         "at " + spf.egress + ": SPF " + std::string(ToString(spf.result)) +
             " for " + spf.domain + ", DKIM " +
             (dkim.is_pass ? std::string("pass") : DkimWord(facts)) +
             (facts.is_bulk ? ""
                            : "; " + facts.WhyBulkAt(recipient.receiver))});
  }
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf) AddAt(spf, facts, &verdicts);
  return verdicts;
}

}  // namespace

constinit const Check kBulkAuthentication = {
    .id = "bulk-authentication",
    .rules = "S01 S02 S08 S19 S20",
    .summary = "A mailing that does not pass both SPF and DKIM.",
    .fix =
        "both must pass: list our egress in the envelope domain's SPF, and "
        "have a key in signing.domains",
    .cites =
        "support.google.com/a/answer/81126; Outlook.com postmaster pages; "
        "senders.yahooinc.com/best-practices",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
