#include "policy/mending.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "policy/decision/decide.h"
#include "policy/decision/findings.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

// What fails and may be mended in this mode. Of a bounce of the MTA's own only
// its transfer encoding, so that it can be signed.
std::vector<std::string_view> ToMend(const std::vector<Finding>& findings,
                                     const Facts& facts, const Config& config) {
  std::vector<std::string_view> checks;
  if (config.mode == Mode::kObserve) return checks;
  for (const Finding& finding : findings)
    if (finding.outcome == Outcome::kFail && !finding.is_mended &&
        ConfiguredAction(*finding.judged_by, facts, config) == Action::kMend &&
        (!facts.is_mta_bounce || finding.check == "broken-by-mta"))
      checks.push_back(finding.judged_by->id);
  return checks;
}

// It still fails, or nobody can tell any more.
bool IsStillFound(std::string_view check, const std::vector<Finding>& now) {
  return std::any_of(now.begin(), now.end(), [&](const Finding& finding) {
    return finding.check == check && !finding.is_mended;
  });
}

// What was found first and is gone now was mended; the rest is as found now.
std::vector<Finding> Remember(std::vector<Finding> first,
                              std::vector<Finding> now,
                              std::span<const std::string_view> mended) {
  std::vector<Finding> all;
  for (Finding& finding : first) {
    const bool was_tried =
        std::find(mended.begin(), mended.end(), finding.check) != mended.end();
    if (!was_tried && !finding.is_mended) continue;
    if (IsStillFound(finding.check, now)) continue;
    finding.is_mended = true;
    finding.action = Action::kMend;
    all.push_back(std::move(finding));
  }
  std::move(now.begin(), now.end(), std::back_inserter(all));
  return all;
}

// Something that was tried is gone, and nothing certain has come instead.
bool IsBetter(const Judged& before, const Judged& after,
              const std::vector<std::string_view>& tried) {
  const bool has_mended =
      std::any_of(tried.begin(), tried.end(), [&](std::string_view check) {
        return !IsStillFound(check, after.findings);
      });
  return has_mended &&
         std::all_of(after.findings.begin(), after.findings.end(),
                     [&](const Finding& finding) {
                       return finding.is_mended ||
                              finding.outcome != Outcome::kFail ||
                              finding.level != Level::kMust ||
                              IsStillFound(finding.check, before.findings);
                     });
}

// What one stage of remedies can do for a message, kept where it helps.
void MendStage(Stage stage, const GatherFrom& from, Judged* judged) {
  const std::vector<std::string_view> tried =
      Mendable(ToMend(judged->findings, judged->facts, from.config), stage);
  if (tried.empty()) return;
  Message proposal = *judged->facts.message;
  while (Mend(judged->facts, tried, stage, &proposal)) {
    Judged next{Gather(std::make_shared<const Message>(proposal), from),
                {},
                judged->dkim_as_received};
    next.findings = Remember(judged->findings,
                             RunChecks(next.facts, Corridor::kMessage), tried);
    if (stage == Stage::kMessage || IsBetter(*judged, next, tried)) {
      *judged = std::move(next);
      return;
    }
    if (stage != Stage::kEgress) return;  // the only proposal
  }
}

}  // namespace

Judged JudgeAndMend(std::shared_ptr<const Message> message,
                    const GatherFrom& from) {
  GatherFrom first = from;
  first.may_mend = from.config.mode != Mode::kObserve;
  Judged judged{Gather(std::move(message), first), {}, {}};
  judged.dkim_as_received = judged.facts.dkim;
  judged.findings = RunChecks(judged.facts, Corridor::kMessage);
  const std::shared_ptr<const Message> received = judged.facts.message;
  MendStage(Stage::kMessage, from, &judged);
  const bool is_final = judged.facts.message != received || !first.may_mend ||
                        judged.facts.transit.Reason().empty();
  if (!is_final) {
    judged.facts = Gather(received, from);
    judged.findings = RunChecks(judged.facts, Corridor::kMessage);
  }
  for (const Stage stage : kLaterStages) MendStage(stage, from, &judged);
  return judged;
}

}  // namespace postern
