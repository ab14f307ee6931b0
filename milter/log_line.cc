#include "milter/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "policy/base/text.h"

namespace postern {
namespace {

// "-" stands for none, so that every key has a value.
std::string List(const std::vector<std::string>& words) {
  return words.empty() ? "-" : EscapeForLog(Join(words, ","), 1000);
}

void AddOnce(std::vector<std::string>* words, std::string word) {
  if (std::find(words->begin(), words->end(), word) == words->end())
    words->push_back(std::move(word));
}

std::string_view What(const Finding& finding) {
  if (finding.is_mended) return "mended";
  if (finding.outcome == Outcome::kUnknown) return "unknown";
  return ToString(finding.action);
}

std::vector<std::string> Findings(const Decision& decision) {
  std::vector<std::string> words;
  for (const Finding& finding : decision.findings)
    AddOnce(&words, fmt::format("{}:{}", finding.check, What(finding)));
  return words;
}

std::vector<std::string> Receivers(const Decision& decision) {
  std::vector<std::string> words;
  for (const RecipientDecision& recipient : decision.recipients)
    if (!recipient.receiver.empty()) AddOnce(&words, recipient.receiver);
  return words;
}

std::string Signing(const Decision& decision) {
  std::vector<std::string> words;
  for (const SignatureRecord& signature : decision.signatures)
    words.push_back(fmt::format("{}/{}/{}{}", signature.domain,
                                signature.selector, signature.algorithm,
                                signature.is_aligned ? "/aligned" : ""));
  if (!words.empty()) return "signed=" + List(words);
  return fmt::format("unsigned=\"{}\"", EscapeForLog(decision.unsigned_reason));
}

}  // namespace

std::string LogLine(const Decision& decision, const LogContext& context) {
  std::string line =
      fmt::format("{}: disposition={} mode={}", EscapeForLog(context.queue_id),
                  ToString(decision.disposition), ToString(decision.mode));
  if (decision.reply)
    line += fmt::format(" reply=\"{} {}\"", decision.reply->code(),
                        decision.reply->enhanced().ToString());
  if (!decision.stream.empty())
    line += fmt::format(" stream={}", EscapeForLog(decision.stream));
  line += fmt::format(" findings={} from=<{}> rcpts={} receiver={} {}",
                      List(Findings(decision)), EscapeForLog(context.mail_from),
                      context.recipients, List(Receivers(decision)),
                      Signing(decision));
  for (const Edit& edit : decision.edits)
    if (const auto* change = std::get_if<ChangeSender>(&edit))
      line += fmt::format(" sender=<{}>", EscapeForLog(change->mail_from));
  if (decision.seal)
    line += fmt::format(" arc={}/{}/i={}/{}", decision.seal->domain,
                        decision.seal->selector, decision.seal->instance,
                        decision.seal->received);
  if (!decision.unsealed_reason.empty())
    line +=
        fmt::format(" unsealed=\"{}\"", EscapeForLog(decision.unsealed_reason));
  if (!decision.authentication.empty())
    line += fmt::format(" foreseen=\"{}\"",
                        EscapeForLog(decision.authentication, 1000));
  if (!decision.changes.empty())
    line += fmt::format(" changed={}", EscapeForLog(decision.changes, 1000));
  if (!decision.short_links.empty())
    line += fmt::format(" short_links=\"{}\"",
                        EscapeForLog(decision.short_links, 500));
  if (!context.login.empty())
    line += fmt::format(" login=\"{}\"", EscapeForLog(context.login));
  if (!context.held_id.empty()) line += " held=" + context.held_id;
  if (!decision.held_recipients.empty())
    line += fmt::format(" held_rcpts={}", decision.held_recipients.size());
  if (!context.fault.empty())
    line += fmt::format(" fault=\"{}\"", EscapeForLog(context.fault));
  return line + fmt::format(" ms={}", context.took.count());
}

}  // namespace postern
