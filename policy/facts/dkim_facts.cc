// The signatures that are there, and those that we are going to make.

#include "policy/facts/identity.h"

#include "policy/facts/alignment.h"

namespace postern {
namespace {

DkimResult ForeseenResult(PublishedKey published) {
  switch (published) {
    case PublishedKey::kMatches:
      return DkimResult::kPass;
    case PublishedKey::kUnknown:
      return DkimResult::kTempError;
    case PublishedKey::kMissing:
    case PublishedKey::kDiffers:
    case PublishedKey::kRevoked:
    case PublishedKey::kMalformed:
      return DkimResult::kPermError;
  }
  return DkimResult::kTempError;
}

void PlanSignatures(const GatherFrom& from, Facts* facts) {
  SigningPlan& plan = facts->signing;
  // A bounce of the MTA's is written by its own domain; a message without one
  // valid author is signed for nobody.
  if (!from.config.signing.enabled) {
    plan.unsigned_reason = "signing is switched off";
    return;
  }
  if (!facts->author_domain) {
    plan.unsigned_reason = "no single valid author address";
    return;
  }
  if (!from.may_mend && !facts->transit.Reason().empty()) {
    plan.unsigned_reason = facts->transit.Reason();
    return;
  }
  for (KeyInUse& key : from.keys.KeysFor(*facts->author_domain)) {
    const PublishedKey published =
        AskPublishedKey(key, from.dns, from.deadline);
    plan.signatures.push_back({std::move(key), published});
  }
  if (plan.signatures.empty())
    plan.unsigned_reason = "no key for " + facts->author_domain->text();
}

}  // namespace

void GatherDkim(const GatherFrom& from, Facts* facts) {
  const Message& message = *facts->message;
  if (message.header.Find("DKIM-Signature") != nullptr) {
    for (DkimSignature& found : VerifySignatures(
             message.header, message.body, {from.dns, from.deadline, from.now}))
      facts->dkim.push_back({.domain = std::move(found.domain),
                             .selector = std::move(found.selector),
                             .algorithm = std::move(found.algorithm),
                             .result = found.result,
                             .reason = std::move(found.reason),
                             .signed_headers = std::move(found.headers),
                             .signed_body_bytes = found.body_bytes});
  }
  PlanSignatures(from, facts);
  for (const SigningPlan::Planned& planned : facts->signing.signatures)
    facts->dkim.push_back(
        {.domain = planned.key.domain.text(),
         .selector = planned.key.selector,
         .algorithm = std::string(ToString(planned.key.key->algorithm())),
         .result = ForeseenResult(planned.published),
         .is_ours = true,
         .reason =
             "published key: " + std::string(ToString(planned.published))});
  const Aligner aligner{from, *facts};
  const DmarcFact& dmarc = facts->dmarc;
  for (DkimFact& fact : facts->dkim) {
    fact.alignment =
        aligner.Align(fact.domain, dmarc.tree_walk.record.is_strict_dkim,
                      DmarcMethod::kTreeWalk);
    fact.list_alignment = aligner.Align(
        fact.domain, dmarc.public_suffix_list.record.is_strict_dkim,
        DmarcMethod::kPublicSuffixList);
  }
}

}  // namespace postern
