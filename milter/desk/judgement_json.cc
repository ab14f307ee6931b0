#include "milter/desk/judgement_json.h"

#include <nlohmann/json.hpp>

#include "policy/base/text.h"
#include "policy/message/campaign.h"

namespace postern {
namespace {

using Json = nlohmann::ordered_json;

template <typename... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overload(Ts...) -> Overload<Ts...>;

Json ReplyJson(const std::optional<Reply>& reply) {
  if (!reply) return nullptr;
  return {{"code", reply->code()},
          {"enhanced", reply->enhanced().ToString()},
          {"text", reply->text()}};
}

Json AlignmentJson(Alignment alignment) {
  if (alignment == Alignment::kUnknown) return nullptr;
  return alignment == Alignment::kAligned;
}

Json FindingJson(const Finding& finding) {
  Json predicts = Json::array();
  for (const PredictedReply& reply : finding.predicts)
    predicts.push_back({{"receiver", reply.receiver},
                        {"code", reply.code},
                        {"enhanced", reply.enhanced.ToString()},
                        {"text", reply.text},
                        {"source", reply.source}});
  return {
      {"check", finding.check},
      {"rule", finding.rules},
      {"level", ToString(finding.level)},
      {"outcome", ToString(finding.outcome)},
      {"action", ToString(finding.action)},
      {"mended", finding.is_mended},
      {"detail", finding.detail},
      {"fix", finding.fix},
      {"recipients", finding.recipients},
      {"receivers", finding.receivers},
      {"egress", finding.egress.empty() ? Json(nullptr) : Json(finding.egress)},
      {"predicts", predicts}};
}

Json EditJson(std::string_view op, const std::string& name,
              const std::string& value) {
  return {{"op", op}, {"name", name}, {"value", value}};
}

// A field's value without the white space that the edit carries around it.
std::string Text(const std::string& value) { return std::string(Trim(value)); }

Json EditJson(const Edit& edit) {
  return std::visit(
      Overload{[](const SetHeader& e) {
                 return EditJson("set_header", e.name, Text(e.value));
               },
               [](const DeleteHeader& e) {
                 Json json = EditJson("delete_header", e.name, "");
                 json["index"] = e.index;
                 return json;
               },
               [](const InsertHeader& e) {
                 return EditJson("insert_header", e.name, Text(e.value));
               },
               [](const ReplaceBody& e) {
                 return EditJson("replace_body", "",
                                 std::to_string(e.body.size()) + " octets");
               },
               [](const ChangeSender& e) {
                 return EditJson("change_sender", "", e.mail_from);
               },
               [](const AddRecipient& e) {
                 return EditJson("add_recipient", "", e.path.address);
               },
               [](const DeleteRecipient& e) {
                 return EditJson("delete_recipient", "", e.address);
               }},
      edit);
}

int Badness(DmarcResult result) {
  switch (result) {
    case DmarcResult::kPass:
      return 0;
    case DmarcResult::kNone:
      return 1;
    case DmarcResult::kPermError:
      return 2;
    case DmarcResult::kTempError:
      return 3;
    case DmarcResult::kFail:
      return 4;
  }
  return 0;
}

// The worst among the outcomes that some receiver of this message will see.
Json WorstDmarcJson(const DmarcFact& dmarc, bool has_recipients) {
  const DmarcOutcome* worst = nullptr;
  for (const DmarcOutcome& outcome : dmarc.all) {
    if (has_recipients && outcome.receivers.empty()) continue;
    if (worst == nullptr || Badness(outcome.result) > Badness(worst->result))
      worst = &outcome;
  }
  const DmarcMethod method =
      worst == nullptr ? DmarcMethod::kTreeWalk : worst->method;
  const DmarcDiscovery& discovery = dmarc.By(method);
  const bool is_found = discovery.status == DmarcDiscovery::Status::kFound;
  return {
      {"domain",
       dmarc.author_domain ? Json(dmarc.author_domain->text()) : Json(nullptr)},
      {"policy", is_found ? Json(ToString(discovery.policy)) : Json(nullptr)},
      {"result",
       ToString(worst == nullptr ? DmarcResult::kNone : worst->result)},
      {"method", ToString(method)}};
}

Json SealJson(const Decision& decision) {
  if (decision.seal)
    return {{"d", decision.seal->domain},
            {"s", decision.seal->selector},
            {"i", decision.seal->instance},
            {"cv", decision.seal->received}};
  if (decision.unsealed_reason.empty()) return nullptr;
  return {{"unsealed", decision.unsealed_reason}};
}

Json FactsJson(const Facts& facts) {
  Json spf = Json::array();
  for (const SpfFact& fact : facts.spf)
    spf.push_back({{"egress", fact.egress},
                   {"identity", fact.is_helo_identity ? "helo" : "mailfrom"},
                   {"domain", fact.domain},
                   {"result", ToString(fact.result)},
                   {"aligned", AlignmentJson(fact.alignment)},
                   {"reason", fact.reason},
                   {"term", fact.term},
                   {"fix", fact.fix}});
  Json dkim = Json::array();
  for (const DkimFact& fact : facts.dkim)
    dkim.push_back({{"d", fact.domain},
                    {"s", fact.selector},
                    {"a", fact.algorithm},
                    {"result", ToString(fact.result)},
                    {"aligned", AlignmentJson(fact.alignment)},
                    {"ours", fact.is_ours},
                    {"reason", fact.reason}});
  Json all = Json::array();
  for (const DmarcOutcome& outcome : facts.dmarc.all)
    all.push_back({{"egress", outcome.egress},
                   {"method", ToString(outcome.method)},
                   {"receivers", outcome.receivers},
                   {"result", ToString(outcome.result)}});
  return {{"spf", spf},
          {"dkim", dkim},
          {"dmarc", WorstDmarcJson(facts.dmarc, !facts.recipients.empty())},
          {"dmarc_all", all},
          {"forwarded", facts.is_forwarded}};
}

}  // namespace

std::string JudgementJson(const std::string& file, const Judgement& judgement) {
  const Decision& decision = judgement.decision;
  Json recipients = Json::array();
  for (const RecipientDecision& recipient : decision.recipients)
    recipients.push_back({{"address", recipient.address},
                          {"receiver", recipient.receiver},
                          {"disposition", ToString(recipient.disposition)},
                          {"reply", ReplyJson(recipient.reply)}});
  Json findings = Json::array();
  for (const Finding& finding : decision.findings)
    findings.push_back(FindingJson(finding));
  Json edits = Json::array();
  for (const Edit& edit : decision.edits) edits.push_back(EditJson(edit));
  const std::string campaign = CampaignOf(decision.message.header);
  const Json json = {
      {"file", file},
      {"mode", ToString(decision.mode)},
      {"disposition", ToString(decision.disposition)},
      {"reply", ReplyJson(decision.reply)},
      {"stream",
       decision.stream.empty() ? Json(nullptr) : Json(decision.stream)},
      {"campaign", campaign.empty() ? Json(nullptr) : Json(campaign)},
      {"recipients", recipients},
      {"findings", findings},
      {"edits", edits},
      {"unsigned", decision.signatures.empty() ? Json(decision.unsigned_reason)
                                               : Json(nullptr)},
      {"arc", SealJson(decision)},
      {"authentication", decision.authentication},
      {"facts", FactsJson(judgement.facts)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string LeavingOctets(const Decision& decision) {
  Header header = decision.message.header;
  for (const Edit& edit : decision.edits)
    if (const auto* insert = std::get_if<InsertHeader>(&edit))
      header.Prepend(insert->name, Trim(insert->value));
  return ToOctets(header, decision.message.body);
}

}  // namespace postern
