#include "policy/facts/forwarding.h"

#include <algorithm>

namespace postern {
namespace {

// A key of the fallback domain signs for everybody.
bool SignsFor(const GatherFrom& from, const Domain& domain) {
  const KeyChoice choice = from.keys.KeysFor("", domain);
  return std::any_of(
      choice.keys.begin(), choice.keys.end(),
      [&](const KeyInUse& key) { return domain.IsWithin(key.domain); });
}

bool IsOurs(const GatherFrom& from, const Domain& domain) {
  const auto is_sender_of = [&](const EgressRoute& route) {
    return std::any_of(
        route.senders.begin(), route.senders.end(),
        [&](const Domain& sender) { return domain.IsWithin(sender); });
  };
  return std::any_of(from.config.egress.begin(), from.config.egress.end(),
                     is_sender_of) ||
         SignsFor(from, domain);
}

bool WasReceivedBefore(const GatherFrom& from, const Facts& facts) {
  if (facts.message->header.Find("Received") != nullptr) return true;
  return std::any_of(
      facts.dkim.begin(), facts.dkim.end(), [&](const DkimFact& dkim) {
        const std::optional<Domain> domain = Domain::Parse(dkim.domain);
        return !dkim.is_ours && domain && !IsOurs(from, *domain);
      });
}

}  // namespace

void GatherForwarding(const GatherFrom& from, Facts* facts) {
  const Header& header = facts->message->header;
  if (!facts->message->submission.login.empty() ||
      !WasReceivedBefore(from, *facts))
    return;
  const std::optional<Domain>& author = facts->author_domain;
  const std::optional<Domain>& sender = facts->mail_from_domain;
  const bool is_author_ours = author && IsOurs(from, *author);
  const bool has_list_fields =
      header.Find("List-Id") != nullptr || header.Find("List-Post") != nullptr;
  facts->is_list_traffic = has_list_fields && author && !is_author_ours;
  const bool is_switched =
      sender && sender == from.config.bounce_domain && !is_author_ours;
  facts->is_forwarded =
      facts->is_list_traffic || is_switched ||
      (sender && sender != from.config.bounce_domain && !IsOurs(from, *sender));
}

}  // namespace postern
