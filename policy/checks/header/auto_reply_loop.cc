// auto-reply-loop: an automatic answer to what no person wrote.
//
// RFC 3834 s.2: to lists' own addresses and to mailer daemons none is sent;
// s.3.1.5: the answer's subject is the old one behind "Auto:", so that two such
// words, or one behind "Re:", tell of two programs that answer each other.

#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool Says(const Header& header, std::string_view name, std::string_view word) {
  const HeaderField* field = header.Find(name);
  return field != nullptr &&
         StartsWithIgnoreCase(Trim(field->Unfolded()), word);
}

bool IsAutomaticAnswer(const Header& header) {
  return Says(header, "Auto-Submitted", "auto-replied") ||
         Says(header, "Precedence", "auto_reply") ||
         header.Find("X-Autoreply") != nullptr ||
         header.Find("X-Autorespond") != nullptr;
}

bool IsMachine(std::string_view address) {
  const std::string local = ToLower(address.substr(0, address.rfind('@')));
  for (const std::string_view name :
       {"mailer-daemon", "noreply", "no-reply", "donotreply", "do-not-reply"})
    if (local == name) return true;
  return local.starts_with("owner-") || local.ends_with("-request") ||
         local.ends_with("-bounces");
}

// The subject without such a word at its front; the same: there is none.
std::string_view WithoutMark(std::string_view subject) {
  for (const std::string_view mark :
       {"auto:", "automatic reply:", "autoreply:", "auto-reply:",
        "out of office:", "abwesenheitsnotiz:", "automatische antwort:",
        "automatisch antwoord:", "respuesta automática:",
        "réponse automatique :", "risposta automatica:"})
    if (StartsWithIgnoreCase(subject, mark))
      return Trim(subject.substr(mark.size()));
  return subject;
}

bool AnswersAnAnswer(std::string_view subject) {
  std::string_view rest = WithoutMark(Trim(subject));
  while (StartsWithIgnoreCase(rest, "re:")) rest = Trim(rest.substr(3));
  return rest.size() < Trim(subject).size() && WithoutMark(rest) != rest;
}

std::vector<Verdict> Run(const Facts& facts) {
  const Header& header = facts.message->header;
  if (!IsAutomaticAnswer(header)) return {};
  if (AnswersAnAnswer(facts.header.subject))
    return FailsWith("an answer to an automatic answer: \"" +
                     EscapeForLog(facts.header.subject, 80) + "\"");
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients)
    if (IsMachine(recipient.address))
      verdicts.push_back(
          {Outcome::kFail, Subject::Recipient(recipient.address),
           "an automatic answer to " + EscapeForLog(recipient.address, 100)});
  return verdicts;
}

}  // namespace

constinit const Check kAutoReplyLoop = {
    .id = "auto-reply-loop",
    .rules = "H29",
    .summary = "An automatic answer goes to what no person wrote.",
    .fix =
        "let the responder pass over Auto-Submitted, Precedence and List-*, "
        "and over senders like MAILER-DAEMON",
    .cites = "RFC 3834 s.2, s.3.1.5",
    .level = Level::kNotice,
    .run = Run,
};

}  // namespace postern
