// What DMARC will come to at each egress, by both ways of finding the
// organizational domain.

#include "policy/facts/identity.h"

#include <set>

#include "policy/facts/alignment.h"

namespace postern {
namespace {

// How one egress fares under one method; DKIM does not depend on the egress.
DmarcResult ResultAt(const SpfFact* spf, const Facts& facts,
                     const DmarcDiscovery& discovery, const Aligner& aligner,
                     DmarcMethod method) {
  if (discovery.status == DmarcDiscovery::Status::kTempError)
    return DmarcResult::kTempError;
  if (discovery.status == DmarcDiscovery::Status::kAbsent)
    return DmarcResult::kNone;
  bool may_pass = spf == nullptr;  // no egress known: SPF is unknown
  if (spf != nullptr && (spf->result == SpfResult::kPass ||
                         spf->result == SpfResult::kTempError)) {
    const Alignment alignment =
        aligner.Align(spf->domain, discovery.record.is_strict_spf, method);
    if (alignment == Alignment::kAligned && spf->result == SpfResult::kPass)
      return DmarcResult::kPass;
    may_pass |= alignment != Alignment::kNotAligned;
  }
  for (const DkimFact& dkim : facts.dkim) {
    if (dkim.result != DkimResult::kPass &&
        dkim.result != DkimResult::kTempError)
      continue;
    const Alignment alignment =
        aligner.Align(dkim.domain, discovery.record.is_strict_dkim, method);
    if (alignment == Alignment::kAligned && dkim.result == DkimResult::kPass)
      return DmarcResult::kPass;
    may_pass |= alignment != Alignment::kNotAligned;
  }
  return may_pass ? DmarcResult::kTempError : DmarcResult::kFail;
}

std::vector<std::string> ReceiversUsing(const Facts& facts,
                                        DmarcMethod method) {
  std::set<std::string> names;
  for (const RecipientFact& recipient : facts.recipients) {
    const bool uses_list = recipient.profile != nullptr &&
                           recipient.profile->uses_public_suffix_list;
    if (uses_list == (method == DmarcMethod::kPublicSuffixList))
      names.insert(recipient.receiver);
  }
  return {names.begin(), names.end()};
}

}  // namespace

void GatherDmarcPolicy(const GatherFrom& from, Facts* facts) {
  facts->dmarc.author_domain = facts->author_domain;
  if (!facts->author_domain) return;
  facts->dmarc.tree_walk = DiscoverDmarc(
      *facts->author_domain, DmarcMethod::kTreeWalk, from.dns, from.deadline);
  facts->dmarc.public_suffix_list =
      DiscoverDmarc(*facts->author_domain, DmarcMethod::kPublicSuffixList,
                    from.dns, from.deadline);
}

void GatherDmarcOutcomes(const GatherFrom& from, Facts* facts) {
  if (!facts->author_domain) return;
  const Aligner aligner{from, *facts};
  std::vector<const SpfFact*> ways;
  for (const SpfFact& spf : facts->spf) ways.push_back(&spf);
  if (ways.empty()) ways.push_back(nullptr);
  for (const DmarcMethod method :
       {DmarcMethod::kTreeWalk, DmarcMethod::kPublicSuffixList}) {
    const std::vector<std::string> receivers = ReceiversUsing(*facts, method);
    for (const SpfFact* spf : ways)
      facts->dmarc.all.push_back(
          {.egress = spf == nullptr ? "" : spf->egress,
           .method = method,
           .receivers = receivers,
           .result = ResultAt(spf, *facts, aligner.Discovery(method), aligner,
                              method)});
  }
}

}  // namespace postern
