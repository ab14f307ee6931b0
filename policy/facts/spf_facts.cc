// What SPF says of the envelope sender at each egress address.

#include "policy/facts/identity.h"

#include <chrono>

#include "policy/facts/alignment.h"

namespace postern {

void GatherSpf(const GatherFrom& from, Facts* facts) {
  const std::int64_t now = std::chrono::floor<std::chrono::seconds>(from.now)
                               .time_since_epoch()
                               .count();
  const Aligner aligner{from, *facts};
  for (const EgressFact& egress : facts->egress) {
    const SpfQuery query{.address = egress.address,
                         .mail_from = facts->message->envelope.mail_from,
                         .helo_name = egress.helo_name,
                         .now_seconds = now};
    SpfAnswer answer = EvaluateSpf(query, from.dns, from.deadline);
    SpfFact fact{.egress = egress.address.ToString(),
                 .is_helo_identity = query.mail_from.empty(),
                 .domain = std::move(answer.domain),
                 .result = answer.result,
                 .explanation = std::move(answer.explanation),
                 .reason = std::move(answer.reason)};
    const DmarcFact& dmarc = facts->dmarc;
    fact.alignment =
        aligner.Align(fact.domain, dmarc.tree_walk.record.is_strict_spf,
                      DmarcMethod::kTreeWalk);
    fact.list_alignment = aligner.Align(
        fact.domain, dmarc.public_suffix_list.record.is_strict_spf,
        DmarcMethod::kPublicSuffixList);
    facts->spf.push_back(std::move(fact));
  }
}

}  // namespace postern
