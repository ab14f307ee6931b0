#include "milter/desk/judgement_text.h"

#include <fmt/format.h>

#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"
#include "policy/decision/explain.h"

namespace postern {
namespace {

std::string FindingText(const Finding& finding) {
  std::string text = fmt::format(
      "  {} {:<28} {:<6} {}\n",
      finding.is_mended ? "+" : (finding.outcome == Outcome::kFail ? "!" : "?"),
      finding.check, ToString(finding.level),
      finding.is_mended ? "mended" : ToString(finding.action));
  if (!finding.detail.empty())
    text += Wrapped("      ", TerminalText(finding.detail.substr(0, 400)));
  if (!finding.fix.empty() && !finding.is_mended)
    text += Wrapped("      ", "fix: " + TerminalText(finding.fix));
  if (const PredictedReply* reply = BestPrediction(finding))
    text += Wrapped("        ",
                    fmt::format("{}: {}", reply->receiver, ToString(*reply)));
  return text;
}

std::string IdentityText(const Facts& facts) {
  std::string text;
  for (const SpfFact& spf : facts.spf)
    text +=
        fmt::format("  SPF   {} for {} at {}{}\n", ToString(spf.result),
                    EscapeForLog(spf.domain), spf.egress,
                    spf.alignment == Alignment::kAligned ? ", aligned" : "");
  if (facts.egress.empty())
    text += "  SPF   unknown: no egress address is configured\n";
  for (const DkimFact& dkim : facts.dkim)
    text +=
        fmt::format("  DKIM  {} d={} s={} a={}{}{}\n", ToString(dkim.result),
                    EscapeForLog(dkim.domain), EscapeForLog(dkim.selector),
                    EscapeForLog(dkim.algorithm),
                    dkim.alignment == Alignment::kAligned ? ", aligned" : "",
                    dkim.is_ours ? " (ours)" : "");
  for (const DmarcOutcome& outcome : facts.dmarc.all)
    if (!outcome.receivers.empty() || facts.recipients.empty())
      text +=
          fmt::format("  DMARC {} by {}{}\n", ToString(outcome.result),
                      ToString(outcome.method),
                      outcome.egress.empty() ? "" : " at " + outcome.egress);
  return text;
}

}  // namespace

std::string JudgementText(const std::string& file, const Judgement& judgement) {
  const Decision& decision = judgement.decision;
  std::string text =
      fmt::format("{}: {} (mode {}{})\n", EscapeForLog(file),
                  ToString(decision.disposition), ToString(decision.mode),
                  decision.stream.empty() ? "" : ", stream " + decision.stream);
  if (decision.reply) text += Wrapped("  ", decision.reply->ToString());
  for (const RecipientDecision& recipient : decision.recipients)
    text += fmt::format("  to {} ({}): {}\n", EscapeForLog(recipient.address),
                        recipient.receiver, ToString(recipient.disposition));
  for (const Finding& finding : decision.findings) text += FindingText(finding);
  if (decision.findings.empty()) text += "  nothing foreseen\n";
  text += IdentityText(judgement.facts);
  text += Wrapped("  ", "foreseen: " + decision.authentication);
  for (const SignatureRecord& signature : decision.signatures)
    text += fmt::format("  signed d={} s={} a={}{}\n", signature.domain,
                        signature.selector, signature.algorithm,
                        signature.is_aligned ? ", aligned" : "");
  if (decision.signatures.empty() && !decision.unsigned_reason.empty())
    text +=
        fmt::format("  unsigned: {}\n", EscapeForLog(decision.unsigned_reason));
  if (decision.seal)
    text += fmt::format("  sealed d={} s={} i={} cv={}\n",
                        decision.seal->domain, decision.seal->selector,
                        decision.seal->instance, decision.seal->received);
  if (!decision.unsealed_reason.empty())
    text +=
        fmt::format("  unsealed: {}\n", EscapeForLog(decision.unsealed_reason));
  return text;
}

}  // namespace postern
