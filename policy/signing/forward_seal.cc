#include "policy/signing/forward_seal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/base/text.h"
#include "policy/signing/arc_fields.h"
#include "policy/signing/arc_results.h"

namespace postern {
namespace {

constexpr std::string_view kMended = "forwarded-without-arc";

// Why nothing is sealed; empty: it can be.
std::string Obstacle(const ArcChain& chain, const Facts& facts,
                     PublishedKey published) {
  if (facts.body.has_bare_cr || facts.body.has_bare_lf)
    return "a lone CR or LF in the body";
  if (published != PublishedKey::kMatches &&
      published != PublishedKey::kUnknown)
    return fmt::format("the published key: {}", ToString(published));
  if (chain.result == ArcResult::kTempError) return chain.reason;
  // RFC 8617 s.5.1: nobody extends a chain that has failed.
  if (chain.has_ended) return chain.reason;
  if (chain.highest >= kMaxArcSets) return "the chain has 50 sets";
  return {};
}

std::string ResultsOf(const Domain& authserv_id, const TrustedResults& trusted,
                      std::span<const DkimFact> dkim, ArcResult chain) {
  std::vector<std::string> entries = trusted.entries;
  if (!trusted.has_dkim)
    for (std::string& entry : DkimEntries(dkim))
      entries.push_back(std::move(entry));
  entries.push_back(fmt::format("arc={}", ToString(chain)));
  return fmt::format("{}; {}", authserv_id.text(), fmt::join(entries, "; "));
}

Header LeavingHeader(const Decision& decision) {
  Header header = decision.message.header;
  for (const Edit& edit : decision.edits)
    if (const auto* insert = std::get_if<InsertHeader>(&edit))
      header.Prepend(insert->name, Trim(insert->value));
  return header;
}

// Our set, seen as the next hop will see it. Over a chain that failed nobody
// looks at it.
std::string Misfit(Header header, const ArcSet& set, const Decision& decision,
                   const GatherFrom& from) {
  header.Prepend(kArcResults, set.results);
  header.Prepend(kArcMessageSignature, set.message_signature);
  header.Prepend(kArcSeal, set.seal);
  const ArcChain chain = ValidateChain(header, decision.message.body, from.dns,
                                       from.deadline, from.now);
  const bool is_good = chain.result == ArcResult::kPass ||
                       chain.result == ArcResult::kTempError || chain.has_ended;
  return is_good ? std::string() : chain.reason;
}

void Withdraw(std::string reason, Decision* decision) {
  decision->unsealed_reason = std::move(reason);
  for (Finding& finding : decision->findings) {
    if (finding.check != kMended) continue;
    finding.is_mended = false;
    finding.action = Action::kObserve;
  }
}

}  // namespace

Result<std::optional<KeyInUse>> LoadArcKey(const ArcConfig& config) {
  if (!config.enabled || !config.domain) return std::nullopt;
  const std::optional<Domain> selector = Domain::Parse(config.selector);
  if (!selector) return Fail("arc.selector: not a DNS name");
  Result<std::shared_ptr<const PrivateKey>> key =
      PrivateKey::FromFile(config.key_file);
  if (!key) return Fail("arc.key_file: " + key.error().message);
  if ((*key)->algorithm() != KeyAlgorithm::kRsaSha256)
    return Fail("arc.key_file: " + config.key_file +
                ": not an RSA key; receivers read no other in ARC");
  return KeyInUse{*config.domain, selector->text(), *std::move(key)};
}

SealPlan PlanSeal(const AsReceived& received, const Facts& facts,
                  const std::optional<KeyInUse>& key, const GatherFrom& from) {
  SealPlan plan;
  if (!key || !facts.is_forwarded) return plan;
  const Message& message = received.message;
  const ArcChain chain = ValidateChain(message.header, message.body, from.dns,
                                       from.deadline, from.now);
  plan.unsealed_reason =
      Obstacle(chain, facts, AskPublishedKey(*key, from.dns, from.deadline));
  plan.will_seal = plan.unsealed_reason.empty();
  if (!plan.will_seal) return plan;
  const TrustedResults trusted =
      ReadTrustedResults(message.header, from.config.arc.trusted_authserv_ids);
  plan.instance = chain.highest + 1;
  plan.received = chain.result;
  // A list of ours has changed the message since our border saw it whole.
  if (chain.do_seals_hold && trusted.says_arc_pass)
    plan.received = ArcResult::kPass;
  plan.results = ResultsOf(key->domain, trusted, received.dkim, plan.received);
  return plan;
}

void CountSeal(const SealPlan& plan, std::vector<Finding>* findings) {
  if (!plan.will_seal) return;
  for (Finding& finding : *findings) {
    if (finding.check != kMended) continue;
    finding.is_mended = true;
    finding.action = Action::kMend;
  }
}

void Seal(const SealPlan& plan, const KeyInUse& key, const GatherFrom& from,
          Decision* decision) {
  if (!plan.will_seal || decision->disposition != Disposition::kAccept) {
    decision->unsealed_reason = plan.unsealed_reason;
    return;
  }
  Header header = LeavingHeader(*decision);
  const Result<ArcSet> set = SealMessage(header, decision->message.body,
                                         {.key = key,
                                          .instance = plan.instance,
                                          .received = plan.received,
                                          .results = plan.results,
                                          .now = from.now});
  if (!set) return Withdraw(set.error().message, decision);
  std::string misfit = Misfit(std::move(header), *set, *decision, from);
  if (!misfit.empty())
    return Withdraw("our own seal does not verify: " + misfit, decision);
  const auto insert = [&](std::string_view name, const std::string& value) {
    decision->edits.push_back(InsertHeader{std::string(name), " " + value});
  };
  insert(kArcResults, set->results);
  insert(kArcMessageSignature, set->message_signature);
  insert(kArcSeal, set->seal);
  decision->seal = {key.domain.text(), key.selector, plan.instance,
                    std::string(ToString(plan.received))};
}

}  // namespace postern
