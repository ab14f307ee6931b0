// spf-not-aligned: the envelope sender's domain is not the author's.
//
// Harmless while an aligned DKIM signature passes; without one DMARC fails.
// NetEase compares the two itself. What SPF says of the envelope sender is
// other checks' business; a null sender is not compared.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"netease",
     554,
     {5, 7, 1},
     "DT:SUM: the envelope sender does not match the header sender",
     "help.mail.163.com, list of bounce codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.author_domain) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (!spf.is_helo_identity && spf.alignment == Alignment::kNotAligned)
      verdicts.push_back({Outcome::kFail, Subject::Egress(spf.egress),
                          "SPF " + std::string(ToString(spf.result)) + " for " +
                              spf.domain + ", the author is " +
                              facts.author_domain->text()});
  return verdicts;
}

}  // namespace

constinit const Check kSpfNotAligned = {
    .id = "spf-not-aligned",
    .rules = "S35",
    .summary =
        "The envelope sender is not of the author's organizational "
        "domain.",
    .fix =
        "own mail: send with an envelope sender in the author's domain, as "
        "bounces@DOMAIN; forwarded mail: nothing",
    .cites = "RFC 9989 s.4.4; help.mail.163.com",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
