// Who may send as whom: what the operator's rules say of this message.

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/facts/identity.h"

namespace postern {
namespace {

struct Rule {
  std::string who;
  std::string patterns;
};

// What a login may use that no rule names; nullopt: anything.
std::optional<std::string> Unlisted(const SendersConfig& senders,
                                    const std::string& login) {
  const std::optional<std::string> own = login.find('@') == std::string::npos
                                             ? std::nullopt
                                             : SenderMap::PatternOf(login);
  switch (senders.unlisted) {
    case UnlistedSenders::kAny:
      return std::nullopt;
    case UnlistedSenders::kOwnAddress:
      return own.value_or("");
    case UnlistedSenders::kOwnDomain:
      return own ? own->substr(own->rfind('@')) : "";
    case UnlistedSenders::kNone:
      return "";
  }
  return std::nullopt;
}

std::optional<Rule> RuleOfLogin(const SendersConfig& senders,
                                const std::string& login) {
  std::optional<std::string> patterns;
  if (senders.map != nullptr)
    if (const auto found = senders.map->OfLogin(login)) patterns = *found;
  if (!patterns) patterns = Unlisted(senders, login);
  if (!patterns) return std::nullopt;
  if (senders.null_sender) *patterns += " <>";
  return Rule{"login " + login, *patterns};
}

// The rule that concerns whoever handed the message in; nullopt: none does.
std::optional<Rule> RuleFor(const Submission& submission,
                            const SendersConfig& senders) {
  if (!submission.login.empty()) return RuleOfLogin(senders, submission.login);
  if (senders.map == nullptr) return std::nullopt;
  const SenderMap& map = *senders.map;
  if (submission.is_local) {
    if (submission.local_uid)
      if (const auto found = map.OfUid(*submission.local_uid))
        return Rule{"uid " + std::to_string(*submission.local_uid),
                    std::string(*found)};
    if (const auto found = map.OfLocal())
      return Rule{"a local submission", std::string(*found)};
    return std::nullopt;
  }
  if (submission.client_address)
    if (const auto found = map.OfClient(*submission.client_address))
      return Rule{"client " + submission.client_address->ToString(),
                  std::string(*found)};
  return std::nullopt;
}

// The address that may take the place of one that is not permitted.
std::string IdentityOf(const Rule& rule, const Submission& submission,
                       std::string_view separator) {
  const std::string_view first = FirstAddress(rule.patterns);
  if (!first.empty()) return std::string(first);
  const std::string& login = submission.login;
  const bool is_own = login.find('@') != std::string::npos &&
                      Permits(rule.patterns, login, separator);
  return is_own ? login : std::string();
}

// What a field of authors comes to. An address that cannot be read is unknown:
// whether it is refused is for the checks of the header to say.
void JudgeField(const HeaderField& field, const Rule& rule,
                std::string_view separator, SenderPermission* permission) {
  AddressList list = ParseAddressList(field.value);
  if (!list.error.empty()) {
    std::optional<Mailbox> lone = LoneMailbox(field.value);
    if (!lone) {
      if (permission->author == Permission::kForbidden) return;
      permission->author = Permission::kUnknown;
      permission->author_address = field.name + " cannot be read";
      return;
    }
    list = {.mailboxes = {std::move(*lone)}};
  }
  for (const Mailbox& mailbox : list.mailboxes) {
    if (permission->author == Permission::kForbidden) return;
    const std::string address = mailbox.address.ToString();
    const bool is_permitted = Permits(rule.patterns, address, separator);
    if (is_permitted && permission->author == Permission::kUnknown) continue;
    permission->author =
        is_permitted ? Permission::kPermitted : Permission::kForbidden;
    permission->author_address =
        is_permitted ? "" : field.name + " <" + address + ">";
  }
}

}  // namespace

void GatherSenderPermission(Facts* facts) {
  // What the MTA itself writes is nobody's submission.
  if (facts->is_mta_bounce) return;
  const SendersConfig& senders = facts->config->senders;
  const Submission& submission = facts->message->submission;
  const std::optional<Rule> rule = RuleFor(submission, senders);
  if (!rule) return;
  SenderPermission& permission = facts->sender_permission;
  permission.who = rule->who;
  permission.envelope =
      Permits(rule->patterns, facts->message->envelope.mail_from,
              senders.separator)
          ? Permission::kPermitted
          : Permission::kForbidden;
  permission.own_address = IdentityOf(*rule, submission, senders.separator);
  if (senders.rewrite) permission.identity = permission.own_address;
  // Sender names who really sent it (RFC 5322 s.3.6.2): no less than From it
  // must be one of his own.
  for (const char* name : {"From", "Sender"})
    for (const HeaderField* field : facts->message->header.FindAll(name))
      JudgeField(*field, *rule, senders.separator, &permission);
}

}  // namespace postern
