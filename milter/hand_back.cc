#include "milter/hand_back.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::chrono::minutes kTimeout{10};

std::string HeloName(const Config& config) {
  if (!config.hostname.empty()) return config.hostname;
  std::array<char, 256> name{};
  (void)gethostname(name.data(), name.size() - 1);
  return name[0] == '\0' ? "localhost" : name.data();
}

SmtpOutcome Send(const Config& config, const HeldMessage& held,
                 const std::string& token, std::string octets) {
  const auto server = ParseSmtpServer(config.holds.reinject);
  if (!server)
    return {.error = "holds.reinject: not HOST:PORT: " +
                     EscapeForLog(config.holds.reinject)};
  octets.insert(0, fmt::format("{}: {}\r\n", kReleaseField, token));
  return SendMail(*server,
                  {.helo_name = HeloName(config),
                   .envelope = held.envelope,
                   .octets = std::move(octets)},
                  kTimeout);
}

// What was not taken stays held: all of it, or the refused recipients.
Result<void> Settle(HeldStore* store, const HeldMessage& held,
                    const SmtpOutcome& outcome) {
  if (outcome.kind != SmtpOutcome::Kind::kTaken) return {};
  if (outcome.refused.empty()) return store->Complete(held.id);
  std::vector<ForwardPath> rest;
  for (const SmtpOutcome::Refusal& refusal : outcome.refused)
    rest.push_back(refusal.recipient);
  return store->KeepRecipients(held.id, rest);
}

}  // namespace

HandBackOutcome HandBack(HeldStore* store, const Config& config,
                         const std::string& id, ReleaseBy by) {
  HandBackOutcome back;
  const Result<std::string> token = store->IssueToken(id, by);
  if (!token) {
    back.fault = token.error().message;
    return back;
  }
  // Now it is ours alone. Since it was listed, another release may have sent
  // it to some of its recipients.
  Result<HeldMessage> held = store->Find(id);
  Result<std::string> octets = store->Octets(id);
  if (!held || !octets) {
    back.fault = (held ? octets.error() : held.error()).message;
    return back;
  }
  back.held = *std::move(held);
  back.outcome = Send(config, back.held, *token, *std::move(octets));
  back.settled = Settle(store, back.held, back.outcome);
  return back;
}

}  // namespace postern
