#include "policy/mending.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "policy/base/text.h"
#include "policy/decision/decide.h"
#include "policy/decision/findings.h"
#include "policy/message/encoded_word.h"
#include "policy/message/fold.h"
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

// Fields that a remedy changed or took away, as they were; hidden recipients
// stay hidden.
void KeepOriginals(const Message& before, Message* after) {
  std::map<std::pair<std::string, std::size_t>, const HeaderField*> now;
  for (const HeaderField& field : after->header.fields())
    if (field.origin > 0) now[{ToLower(field.name), field.origin}] = &field;
  for (const HeaderField& field : before.header.fields()) {
    const auto it = now.find({ToLower(field.name), field.origin});
    const bool is_kept = it != now.end() && it->second->value == field.value;
    const std::string name = "X-Original-" + field.name;
    if (field.origin == 0 || is_kept || EqualsIgnoreCase(field.name, "Bcc") ||
        after->header.Find(name) != nullptr)
      continue;
    std::string text = field.Unfolded();
    std::erase(text, '\0');
    // In ASCII: what was mended in the field must not come back with it.
    const auto folded = FoldValue(name, WriteEncodedText(text));
    if (folded) after->header.Append(name, *folded);
  }
}

// What one stage of remedies can do for a message, kept where it helps.
void MendStage(Stage stage, const GatherFrom& from, Judged* judged) {
  const std::vector<std::string_view> tried =
      Mendable(ToMend(judged->findings, judged->facts, from.config), stage);
  if (tried.empty()) return;
  Message proposal = *judged->facts.message;
  while (Mend(judged->facts, tried, stage, &proposal)) {
    if (from.config.keeps_originals)
      KeepOriginals(*judged->facts.message, &proposal);
    Judged next{Gather(std::make_shared<const Message>(proposal), from),
                {},
                judged->dkim_as_received,
                0};
    next.findings = Remember(judged->findings,
                             RunChecks(next.facts, Corridor::kMessage), tried);
    if (stage == Stage::kMessage || IsBetter(*judged, next, tried)) {
      *judged = std::move(next);
      return;
    }
    if (stage != Stage::kEgress) return;  // the only proposal
  }
}

// How many of the links are not there any more as they were.
std::size_t CountChanged(const LinkList& before, const LinkList& after) {
  std::multiset<std::string_view> left;
  for (const Link& link : after) left.insert(link.url);
  std::size_t changed = 0;
  for (const Link& link : before) {
    const auto same = left.find(link.url);
    if (same == left.end())
      ++changed;
    else
      left.erase(same);
  }
  return changed;
}

}  // namespace

Judged JudgeAndMend(std::shared_ptr<const Message> message, GatherFrom from) {
  GatherFrom first = from;
  first.may_mend = from.config.mode != Mode::kObserve;
  Judged judged{Gather(std::move(message), first), {}, {}, 0};
  from.malware = judged.facts.attachments.malware;
  judged.dkim_as_received = judged.facts.dkim;
  judged.findings = RunChecks(judged.facts, Corridor::kMessage);
  const std::shared_ptr<const Message> received = judged.facts.message;
  const LinkList links = first.may_mend ? judged.facts.links : LinkList();
  MendStage(Stage::kMessage, from, &judged);
  const bool is_final = judged.facts.message != received || !first.may_mend ||
                        judged.facts.transit.Reason().empty();
  if (!is_final) {
    judged.facts = Gather(received, from);
    judged.findings = RunChecks(judged.facts, Corridor::kMessage);
  }
  for (const Stage stage : kLaterStages) MendStage(stage, from, &judged);
  if (judged.facts.message != received)
    judged.links_changed = CountChanged(links, judged.facts.links);
  return judged;
}

}  // namespace postern
