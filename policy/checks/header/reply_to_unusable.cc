// reply-to-unusable: answers go where the author's domain has no say.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"outlook",
     550,
     {5, 7, 1},
     "From and Reply-To must be able to receive replies",
     "sendersupport.olc.protection.outlook.com, policies"},
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, FREEMAIL_FORGED_REPLYTO"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.reply_to_domain) return {};
  const std::string& domain = facts.reply_to_domain->text();
  switch (facts.reply_to_mail_domain) {
    case MailDomain::kUnknown:
      return UnknownFor("DNS did not answer for " + domain);
    case MailDomain::kNxDomain:
    case MailDomain::kNoMail:
    case MailDomain::kNullMx:
      return FailsWith("Reply-To at " + domain + ", which takes no mail");
    case MailDomain::kHasMx:
    case MailDomain::kAddressOnly:
      break;
  }
  const auto& providers = facts.config->mailbox_providers;
  const bool is_away = facts.author_domain && providers.contains(domain) &&
                       !providers.contains(facts.author_domain->text());
  if (!is_away) return {};
  return FailsWith("Reply-To at " + domain + ", author at " +
                   facts.author_domain->text());
}

}  // namespace

constinit const Check kReplyToUnusable = {
    .id = "reply-to-unusable",
    .rules = "H39",
    .summary = "Reply-To leads nowhere, or away to a public mailbox.",
    .fix =
        "set Reply-To to an address in the author's domain that takes mail, or "
        "leave it out",
    .cites = "Outlook.com policies; SpamAssassin FREEMAIL_FORGED_REPLYTO",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
