// Names inside of our network, in the addresses of authors and of the envelope
// sender, become the public domain that the operator gives (from.masquerade):
// "joe@pc7.corp.internal" is "joe@example.com". Names shown beside an address
// stay as they are, unless they show that address.

#include <algorithm>
#include <optional>
#include <string>

#include "policy/base/text.h"
#include "policy/message/address.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

constexpr std::size_t kMostMailboxes = 100;

// The public domain in the place of this one; null: it is public already. The
// rule for the longest name counts.
const Domain* PublicDomain(const std::vector<MasqueradeRule>& rules,
                           const std::string& written) {
  const std::optional<Domain> domain = Domain::Parse(written);
  const MasqueradeRule* nearest = nullptr;
  for (const MasqueradeRule& rule : rules) {
    if (!domain || !rule.outside || !domain->IsWithin(rule.inside)) continue;
    if (nearest == nullptr || rule.inside.IsWithin(nearest->inside))
      nearest = &rule;
  }
  return nearest == nullptr ? nullptr : &*nearest->outside;
}

bool GoesOn(std::string_view rest) {
  if (rest.empty()) return false;
  if (rest[0] != '.') return IsAlnum(rest[0]) || Contains("-_", {&rest[0], 1});
  return rest.size() > 1 && IsAlnum(rest[1]);
}

// Wherever the text has this domain behind an "@".
void ReplaceDomain(const std::string& from, const std::string& to,
                   std::string* text) {
  const std::string sought = "@" + ToLower(from);
  for (std::size_t at = ToLower(*text).find(sought); at != text->npos;
       at = ToLower(*text).find(sought, at + 1)) {
    if (GoesOn(std::string_view(*text).substr(at + sought.size()))) continue;
    text->replace(at + 1, from.size(), to);
  }
}

std::optional<std::string> Masqueraded(const Facts& facts,
                                       const HeaderField& field) {
  std::string text = field.Unfolded();
  const AddressList list = ParseAddressList(text);
  if (!list.error.empty() || list.mailboxes.size() > kMostMailboxes)
    return std::nullopt;
  bool is_changed = false;
  for (const Mailbox& mailbox : list.mailboxes) {
    const std::string& domain = mailbox.address.domain;
    const Domain* outside = PublicDomain(facts.config->masquerade, domain);
    if (outside == nullptr || domain == outside->text()) continue;
    ReplaceDomain(domain, outside->text(), &text);
    is_changed = true;
  }
  const AddressList written = ParseAddressList(text);
  if (!is_changed || !written.error.empty() ||
      written.mailboxes.size() != list.mailboxes.size())
    return std::nullopt;
  return FoldValue(field.name, text);
}

bool NamesAuthors(std::string_view name) {
  return EqualsIgnoreCase(name, "From") || EqualsIgnoreCase(name, "Sender") ||
         EqualsIgnoreCase(name, "Reply-To");
}

bool MasqueradeSender(const Facts& facts, Message* message) {
  std::string& mail_from = message->envelope.mail_from;
  const std::size_t at = mail_from.rfind('@');
  if (at == mail_from.npos) return false;
  const Domain* outside =
      PublicDomain(facts.config->masquerade, mail_from.substr(at + 1));
  if (outside == nullptr) return false;
  mail_from = mail_from.substr(0, at + 1) + outside->text();
  return true;
}

}  // namespace

bool MasqueradeAuthor(const Facts& facts, Message* message) {
  if (facts.config->masquerade.empty()) return false;
  bool is_changed =
      message->header.Rewrite(
          [&](const HeaderField& field) -> std::optional<std::string> {
            if (!NamesAuthors(field.name) || facts.IsFieldCovered(field.name))
              return std::nullopt;
            return Masqueraded(facts, field);
          }) > 0;
  is_changed |= MasqueradeSender(facts, message);
  return is_changed;
}

}  // namespace postern
