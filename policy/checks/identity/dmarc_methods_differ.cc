// dmarc-methods-differ: receivers that walk the DNS tree (RFC 9989) and those
// that use the public suffix list (RFC 7489) will come to different ends.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::string EndOf(const DmarcOutcome& at, const DmarcFact& dmarc) {
  const DmarcDiscovery& discovery = dmarc.By(at.method);
  std::string text(ToString(at.result));
  if (at.result == DmarcResult::kFail)
    text += " with p=" + std::string(ToString(discovery.policy));
  return text;
}

std::string Told(const DmarcOutcome& at, const DmarcFact& dmarc) {
  const DmarcDiscovery& discovery = dmarc.By(at.method);
  std::string text = std::string(ToString(at.method)) + " " + EndOf(at, dmarc);
  if (discovery.found_at)
    text += " (record at " + discovery.found_at->text() + ")";
  else
    text += " (no record)";
  return text;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& walk : facts.dmarc.all) {
    if (walk.method != DmarcMethod::kTreeWalk) continue;
    for (const DmarcOutcome& list : facts.dmarc.all) {
      const bool is_pair = list.method == DmarcMethod::kPublicSuffixList &&
                           list.egress == walk.egress;
      // What DNS did not tell differs from nothing.
      const bool is_known = walk.result != DmarcResult::kTempError &&
                            list.result != DmarcResult::kTempError;
      if (!is_pair || !is_known ||
          EndOf(walk, facts.dmarc) == EndOf(list, facts.dmarc))
        continue;
      verdicts.push_back(
          {Outcome::kFail, Subject::Message(),
           Told(walk, facts.dmarc) + ", " + Told(list, facts.dmarc)});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kDmarcMethodsDiffer = {
    .id = "dmarc-methods-differ",
    .rules = "",
    .summary =
        "Receivers with the tree walk and with the public suffix list judge "
        "differently.",
    .fix =
        "publish a DMARC record at the author's domain itself: both ways find "
        "that one",
    .cites = "RFC 9989 s.4.10; RFC 7489 s.3.2, s.6.6.3",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
