#include "policy/limits/unusual_mail.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/limits/history/hijack_alarm.h"
#include "policy/limits/history/history.h"
#include "policy/limits/history/ramp_guard.h"
#include "policy/limits/novelty.h"

namespace postern {
namespace {

std::string DomainOwner(const Domain& author) {
  return "author_domain=" + author.text();
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
  const Action action = asker.config.ramp.action;
  if (action == Action::kOff || asker.history == nullptr ||
      !facts.author_domain || facts.is_mta_bounce)
    return std::nullopt;
  const auto ramp =
      JudgeRamp(asker.history->Look(DomainOwner(*facts.author_domain)), {});
  if (!ramp) return std::nullopt;
  Finding finding = Unusual("volume-ramp", action, asker, facts);
  finding.rules = "V03";
  finding.detail = facts.author_domain->text() + ": " + ramp->detail;
  finding.fix = "spread what is more over the next days";
  return finding;
}

void RememberWhatLeaves(const Asker& asker, const Facts& facts,
                        const std::vector<std::string>& held_recipients,
                        TransactionLimits* limits) {
  if (asker.history == nullptr || facts.is_mta_bounce) return;
  const std::set<std::string_view> held(held_recipients.begin(),
                                        held_recipients.end());
  MailThatLeft mail{.recipients = Addresses(facts),
                    .from = {},
                    .network = asker.submission.client_address};
  std::erase_if(mail.recipients, [&](const std::string& address) {
    return held.contains(address);
  });
  if (!facts.from.mailboxes.empty())
    mail.from = facts.from.mailboxes.front().address.ToString();
  if (asker.config.ramp.action != Action::kOff && facts.author_domain)
    limits->reservations.push_back(
        ToRemember(asker.history, DomainOwner(*facts.author_domain), mail));
  limits->reservations.push_back(ToRemember(
      asker.history, HistoryOwner(asker.submission), std::move(mail)));
}

}  // namespace postern
