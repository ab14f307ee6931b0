// What DMARC will come to at each egress, by both ways of finding the
// organizational domain.

#include "policy/facts/identity.h"

#include <algorithm>
#include <set>

namespace postern {
namespace {

// What one identifier does for DMARC: with a pass in alignment it carries it
// alone (RFC 9989 s.5.3.2).
enum class Bearing { kPasses, kMayPass, kNothing };

Bearing BearingOf(bool is_pass, bool is_unknown, Alignment alignment) {
  if (alignment == Alignment::kNotAligned || (!is_pass && !is_unknown))
    return Bearing::kNothing;
  return is_pass && alignment == Alignment::kAligned ? Bearing::kPasses
                                                     : Bearing::kMayPass;
}

// How one egress fares under one method; DKIM does not depend on the egress.
DmarcResult ResultAt(const SpfFact* spf, const Facts& facts,
                     DmarcMethod method) {
  switch (facts.dmarc.By(method).status) {
    case DmarcDiscovery::Status::kTempError:
      return DmarcResult::kTempError;
    case DmarcDiscovery::Status::kAbsent:
      return DmarcResult::kNone;
    case DmarcDiscovery::Status::kFound:
      break;
  }
  std::vector<Bearing> bearings;
  if (spf == nullptr)
    bearings.push_back(Bearing::kMayPass);  // no egress known: SPF is unknown
  else
    bearings.push_back(BearingOf(spf->result == SpfResult::kPass,
                                 spf->result == SpfResult::kTempError,
                                 AlignmentBy(*spf, method)));
  // What we did not examine (kNeutral) may pass where it is.
  for (const DkimFact& dkim : facts.dkim)
    bearings.push_back(BearingOf(dkim.result == DkimResult::kPass,
                                 dkim.result == DkimResult::kTempError ||
                                     dkim.result == DkimResult::kNeutral,
                                 AlignmentBy(dkim, method)));
  const auto has = [&](Bearing bearing) {
    return std::find(bearings.begin(), bearings.end(), bearing) !=
           bearings.end();
  };
  if (has(Bearing::kPasses)) return DmarcResult::kPass;
  return has(Bearing::kMayPass) ? DmarcResult::kTempError : DmarcResult::kFail;
}

std::vector<std::string> ReceiversUsing(const Facts& facts,
                                        DmarcMethod method) {
  std::set<std::string> names;
  for (const RecipientFact& recipient : facts.recipients)
    if (MethodOf(recipient) == method) names.insert(recipient.receiver);
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

void GatherDmarcOutcomes(Facts* facts) {
  if (!facts->author_domain) return;
  std::vector<const SpfFact*> ways;
  for (const SpfFact& spf : facts->spf) ways.push_back(&spf);
  if (ways.empty()) ways.push_back(nullptr);
  for (const DmarcMethod method :
       {DmarcMethod::kTreeWalk, DmarcMethod::kPublicSuffixList}) {
    const std::vector<std::string> receivers = ReceiversUsing(*facts, method);
    for (const SpfFact* spf : ways)
      facts->dmarc.all.push_back({.egress = spf == nullptr ? "" : spf->egress,
                                  .method = method,
                                  .receivers = receivers,
                                  .result = ResultAt(spf, *facts, method)});
  }
}

}  // namespace postern
