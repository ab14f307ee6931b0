// The signatures that are there, and those that we are going to make.

#include "policy/facts/identity.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "policy/base/tag_list.h"
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
  KeyChoice choice = from.keys.KeysFor(
      facts->from.mailboxes.front().address.local_part, *facts->author_domain);
  plan.faults = std::move(choice.faults);
  plan.unsigned_reason = std::move(choice.unsigned_reason);
  for (const KeyInUse& key : choice.keys)
    from.dns.Prefetch(key.RecordName(), RrType::kTxt);
  for (KeyInUse& key : choice.keys) {
    PublishedRecord record = AskPublishedRecord(key, from.dns, from.deadline);
    plan.signatures.push_back({std::move(key), record.published,
                               std::move(record.fault), record.is_testing});
  }
  const bool is_any_usable = std::any_of(
      plan.signatures.begin(), plan.signatures.end(),
      [](const SigningPlan::Planned& planned) { return planned.IsUsable(); });
  if (is_any_usable || plan.signatures.empty()) return;
  const SigningPlan::Planned& first = plan.signatures.front();
  plan.unsigned_reason = first.key.RecordName() + ": " +
                         std::string(ToString(first.published)) + ", " +
                         first.fault;
}

// t= and x= (RFC 6376 s.3.5); what is no number is none.
std::optional<std::int64_t> TimeTag(const TagList& tags,
                                    std::string_view name) {
  const std::optional<std::string_view> value = tags.Find(name);
  std::int64_t seconds = 0;
  if (!value) return std::nullopt;
  const char* const end = value->data() + value->size();
  const auto [stop, fault] = std::from_chars(value->data(), end, seconds);
  if (fault != std::errc() || stop != end || seconds < 0) return std::nullopt;
  return seconds;
}

void ReadTimes(const HeaderField& field, DkimFact* fact) {
  const Result<TagList> tags = TagList::Parse(field.value);
  if (!tags) return;
  fact->signed_at = TimeTag(*tags, "t");
  fact->expires_at = TimeTag(*tags, "x");
}

// x= of a signature made now.
std::optional<std::int64_t> ExpiryOf(const GatherFrom& from) {
  const std::chrono::milliseconds expiry = from.config.signing.expiry;
  if (expiry.count() == 0) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(from.now + expiry)
      .time_since_epoch()
      .count();
}

void GatherForeign(const GatherFrom& from, Facts* facts) {
  const Message& message = *facts->message;
  const std::vector<const HeaderField*> fields =
      message.header.FindAll("DKIM-Signature");
  if (fields.empty()) return;
  for (DkimSignature& found : VerifySignatures(
           message.header, message.body, {from.dns, from.deadline, from.now})) {
    facts->dkim.push_back({.domain = std::move(found.domain),
                           .selector = std::move(found.selector),
                           .algorithm = std::move(found.algorithm),
                           .result = found.result,
                           .reason = std::move(found.reason),
                           .signed_headers = std::move(found.headers),
                           .signed_body_bytes = found.body_bytes});
    const std::size_t place = facts->dkim.size() - 1;
    if (place < fields.size()) ReadTimes(*fields[place], &facts->dkim.back());
  }
}

}  // namespace

bool SigningPlan::Planned::IsUsable() const {
  return published == PublishedKey::kMatches ||
         published == PublishedKey::kUnknown;
}

bool Facts::LeavesUnsigned() const {
  const auto may_pass = [](const DkimFact& fact) {
    return fact.result == DkimResult::kPass ||
           fact.result == DkimResult::kTempError ||
           fact.result == DkimResult::kNeutral;
  };
  return !std::any_of(dkim.begin(), dkim.end(), may_pass);
}

void GatherDkim(const GatherFrom& from, Facts* facts) {
  GatherForeign(from, facts);
  PlanSignatures(from, facts);
  for (const SigningPlan::Planned& planned : facts->signing.signatures) {
    facts->dkim.push_back(
        {.domain = planned.key.domain.text(),
         .selector = planned.key.selector,
         .algorithm = std::string(ToString(planned.key.key->algorithm())),
         .result = ForeseenResult(planned.published),
         .is_ours = true,
         .reason =
             "published key: " + std::string(ToString(planned.published))});
    facts->dkim.back().expires_at = ExpiryOf(from);
  }
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
