// What SPF says of the envelope sender at each egress address.

#include "policy/facts/identity.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "policy/facts/alignment.h"
#include "policy/facts/spf_proposal.h"

namespace postern {
namespace {

SpfFact FactOf(const SpfQuery& query, SpfAnswer answer) {
  return {.egress = query.address.ToString(),
          .is_helo_identity = query.mail_from.empty(),
          .domain = std::move(answer.domain),
          .result = answer.result,
          .explanation = std::move(answer.explanation),
          .reason = std::move(answer.reason),
          .term = std::move(answer.term),
          .permissive_term = std::move(answer.permissive_term)};
}

// One proposal for each domain lets all addresses pass that it is asked for.
void Advise(const std::vector<SpfQuery>& queries, const GatherFrom& from,
            std::vector<SpfFact>* facts) {
  std::map<std::string, std::vector<SpfQuery>> by_domain;
  for (std::size_t i = 0; i < queries.size(); ++i)
    by_domain[(*facts)[i].domain].push_back(queries[i]);
  for (const auto& [domain, asked] : by_domain) {
    const auto proposal = ProposeSpf(asked, from.dns, from.deadline);
    if (!proposal) continue;
    for (SpfFact& fact : *facts)
      if (fact.domain == domain && fact.result != SpfResult::kPass)
        fact.fix = proposal->ToString();
  }
}

}  // namespace

void GatherSpf(const GatherFrom& from, Facts* facts) {
  const std::int64_t now = std::chrono::floor<std::chrono::seconds>(from.now)
                               .time_since_epoch()
                               .count();
  const Aligner aligner{from, *facts};
  std::vector<SpfQuery> queries;
  for (const EgressFact& egress : facts->egress) {
    queries.push_back({.address = egress.address,
                       .mail_from = facts->message->envelope.mail_from,
                       .helo_name = egress.helo_name,
                       .now_seconds = now});
    const SpfQuery& query = queries.back();
    SpfFact fact = FactOf(query, EvaluateSpf(query, from.dns, from.deadline));
    const DmarcFact& dmarc = facts->dmarc;
    fact.alignment =
        aligner.Align(fact.domain, dmarc.tree_walk.record.is_strict_spf,
                      DmarcMethod::kTreeWalk);
    fact.list_alignment = aligner.Align(
        fact.domain, dmarc.public_suffix_list.record.is_strict_spf,
        DmarcMethod::kPublicSuffixList);
    facts->spf.push_back(std::move(fact));
  }
  const bool is_wrong = std::ranges::any_of(
      facts->spf,
      [](const SpfFact& fact) { return fact.result != SpfResult::kPass; });
  if (is_wrong && from.advice == Advice::kWanted)
    Advise(queries, from, &facts->spf);
}

}  // namespace postern
