#include "policy/decision/explain.h"

#include <fmt/format.h>

#include <algorithm>

namespace postern {
namespace {

// RFC 5321 s.4.2.3 knows these for a refused recipient or message; others
// (556, 541) are replies that only some receivers give.
int RefusalCode(const PredictedReply* reply) {
  if (reply == nullptr || reply->code < 550 || reply->code > 554) return 550;
  return reply->code;
}

EnhancedCode RefusalStatus(const PredictedReply* reply, int status_class) {
  if (reply == nullptr) return {status_class, 7, 0};
  return {status_class, reply->enhanced.subject, reply->enhanced.detail};
}

std::string Foreseen(const Finding& finding) {
  const PredictedReply* reply = BestPrediction(finding);
  // A reply without words is our own, no receiver's.
  if (reply == nullptr || reply->text.empty()) return {};
  const std::string_view who =
      reply->receiver == "any" ? "the receiver" : reply->receiver;
  return fmt::format("; {} would answer \"{}\"", who, ToString(*reply));
}

}  // namespace

const PredictedReply* BestPrediction(const Finding& finding) {
  const auto permanent = std::find_if(
      finding.predicts.begin(), finding.predicts.end(),
      [](const PredictedReply& reply) { return reply.code >= 500; });
  if (permanent != finding.predicts.end()) return &*permanent;
  return finding.predicts.empty() ? nullptr : &finding.predicts.front();
}

Reply ReplyFor(const Finding& finding, Disposition disposition) {
  const PredictedReply* reply = BestPrediction(finding);
  if (finding.outcome == Outcome::kUnknown)
    return Reply::Make(451, {4, 4, 3},
                       fmt::format("Cannot be judged yet: {} (postern {})",
                                   finding.detail, finding.check));
  const std::string text =
      fmt::format("Not sent: {}{} (postern {})", finding.detail,
                  Foreseen(finding), finding.check);
  if (disposition == Disposition::kReject)
    return Reply::Make(RefusalCode(reply), RefusalStatus(reply, 5), text);
  return Reply::Make(451, RefusalStatus(reply, 4), text);
}

std::string ToString(const PredictedReply& reply) {
  return fmt::format("{} {} {}", reply.code, reply.enhanced.ToString(),
                     reply.text);
}

}  // namespace postern
