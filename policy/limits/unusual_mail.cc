#include "policy/limits/unusual_mail.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/limits/bulk_sender.h"
#include "policy/limits/history/hijack_alarm.h"
#include "policy/limits/history/history.h"
#include "policy/limits/history/ramp_guard.h"
#include "policy/limits/novelty.h"

namespace postern {
namespace {

// Whose volume receivers watch: the author domain, and the ways out that may
// carry the message.
std::vector<std::string> VolumeOwners(const Facts& facts) {
  std::vector<std::string> owners;
  if (facts.author_domain)
    owners.push_back("author_domain=" + facts.author_domain->text());
  for (const EgressFact& egress : facts.egress) {
    std::string owner = "egress=" + ToLower(egress.route);
    if (std::ranges::find(owners, owner) == owners.end())
      owners.push_back(std::move(owner));
  }
  return owners;
}

bool IsRampWatched(const Asker& asker) {
  return asker.volumes != nullptr && asker.config.ramp.action != Action::kOff;
}

std::vector<std::string> Addresses(const Facts& facts) {
  std::vector<std::string> addresses;
  for (const ForwardPath& path : facts.message->envelope.recipients)
    addresses.push_back(path.address);
  return addresses;
}

Finding Unusual(std::string_view id, Action action, const Asker& asker,
                const Facts& facts) {
  Finding finding;
  finding.check = id;
  finding.level = Level::kShould;
  finding.action = asker.Enforces(id) ? action : Action::kObserve;
  finding.recipients = Addresses(facts);
  return finding;
}

}  // namespace

std::optional<Hijack> JudgeHijack(const Asker& asker, const Facts& facts,
                                  const Clock& clock) {
  const std::string& login = asker.submission.login;
  if (asker.history == nullptr || login.empty() || facts.is_mta_bounce)
    return std::nullopt;
  const LoginVerdict verdict =
      JudgeLogin(HistoryOwner(asker.submission), {}, clock, asker.history);
  if (!verdict.is_alarmed) return std::nullopt;
  Finding finding =
      Unusual(kHijackAlarm, asker.config.hijack.action, asker, facts);
  finding.rules = "V05";
  finding.detail = fmt::format(
      "login {}: {}, until {:%Y-%m-%d %H:%M:%S} UTC", EscapeForLog(login, 80),
      verdict.reason, std::chrono::ceil<std::chrono::seconds>(verdict.until));
  finding.fix = fmt::format(
      "when it is its owner's mail: postern limits clear {} {} --reason ...",
      kHijackAlarm, HistoryOwner(asker.submission));
  return Hijack{std::move(finding), verdict.is_new};
}

std::optional<Finding> JudgeVolume(const Asker& asker, const Facts& facts) {
  if (!IsRampWatched(asker) || facts.is_mta_bounce) return std::nullopt;
  for (const std::string& owner : VolumeOwners(facts)) {
    const auto ramp = JudgeRamp(asker.volumes->Look(owner), {});
    if (!ramp) continue;
    Finding finding =
        Unusual("volume-ramp", asker.config.ramp.action, asker, facts);
    finding.rules = "V03";
    finding.detail = owner + ": " + ramp->detail;
    finding.fix = "spread what is more over the next days";
    return finding;
  }
  return std::nullopt;
}

void RememberWhatLeaves(const Asker& asker, const Facts& facts,
                        const std::vector<std::string>& held_recipients,
                        TransactionLimits* limits) {
  if (facts.is_mta_bounce) return;
  const std::set<std::string_view> held(held_recipients.begin(),
                                        held_recipients.end());
  MailThatLeft mail{.recipients = Addresses(facts),
                    .from = {},
                    .network = asker.submission.client_address};
  std::erase_if(mail.recipients, [&](const std::string& address) {
    return held.contains(address);
  });
  if (asker.volumes != nullptr)
    for (auto& count : ToCountForBulk(asker.volumes, facts, held))
      limits->reservations.push_back(std::move(count));
  if (IsRampWatched(asker))
    for (const std::string& owner : VolumeOwners(facts))
      limits->reservations.push_back(ToRemember(asker.volumes, owner,
                                                {.recipients = mail.recipients,
                                                 .from = {},
                                                 .network = {},
                                                 .is_only_counted = true}));
  if (asker.history == nullptr) return;
  if (!facts.from.mailboxes.empty())
    mail.from = facts.from.mailboxes.front().address.ToString();
  limits->reservations.push_back(ToRemember(
      asker.history, HistoryOwner(asker.submission), std::move(mail)));
}

}  // namespace postern
