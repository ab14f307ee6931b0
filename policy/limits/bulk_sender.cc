#include "policy/limits/bulk_sender.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "policy/base/public_suffix.h"
#include "policy/limits/novelty.h"

namespace postern {
namespace {

// Remembered as a From address of the owner's, which none has.
constexpr std::string_view kMark = "bulk sender";

std::string OwnerOf(const Domain& organization, const std::string& receiver) {
  return "bulk_sender=" + organization.text() + " receiver=" + receiver;
}

bool IsMarked(const History& history, const std::string& owner) {
  return history.Known(owner, Novelty::kFrom, kMark);
}

bool Counts(const RecipientFact& recipient) {
  if (recipient.profile == nullptr || !recipient.domain ||
      recipient.profile->bulk_sender_messages == 0)
    return false;
  const std::vector<Domain>& personal = recipient.profile->personal_domains;
  return personal.empty() ||
         std::ranges::find(personal, *recipient.domain) != personal.end();
}

MailThatLeft MailOf(const History& history, const std::string& owner,
                    const ReceiverProfile& profile,
                    std::vector<std::string> recipients) {
  const std::int64_t today = history.Look(owner).numbers.today.recipients +
                             static_cast<std::int64_t>(recipients.size());
  const bool is_many =
      today * 5 >= std::int64_t{4} * profile.bulk_sender_messages;
  const bool is_one = is_many || IsMarked(history, owner);  // or it fades
  return {.recipients = std::move(recipients),
          .from = std::string(is_one ? kMark : ""),
          .network = {},
          .is_only_counted = true};
}

}  // namespace

std::function<bool(const Domain&, const std::string&)> BulkSenders(
    const History* history) {
  if (history == nullptr) return {};
  return [history](const Domain& organization, const std::string& receiver) {
    return IsMarked(*history, OwnerOf(organization, receiver));
  };
}

std::vector<std::shared_ptr<Reservation>> ToCountForBulk(
    History* history, const Facts& facts,
    const std::set<std::string_view>& held) {
  std::vector<std::shared_ptr<Reservation>> counts;
  const std::optional<Domain> organization =
      facts.author_domain ? RegistrableDomain(*facts.author_domain)
                          : std::nullopt;
  // The author of what is passed on has sent it to us alone.
  if (!organization || facts.is_forwarded) return counts;
  std::map<const ReceiverProfile*, std::vector<std::string>> by_receiver;
  for (const RecipientFact& recipient : facts.recipients)
    if (Counts(recipient) && !held.contains(recipient.address))
      by_receiver[recipient.profile].push_back(recipient.address);
  for (auto& [profile, recipients] : by_receiver) {
    const std::string owner = OwnerOf(*organization, profile->name);
    counts.push_back(
        ToRemember(history, owner,
                   MailOf(*history, owner, *profile, std::move(recipients))));
  }
  return counts;
}

}  // namespace postern
