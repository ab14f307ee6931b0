#include "policy/holds/hold_json.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <exception>
#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

// The library's own lexer decides what UTF-8 is: strict dump() throws for less.
bool IsUtf8(const std::string& octets) {
  try {
    (void)Json(octets).dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

Json FromOctets(const std::string& octets) {
  if (IsUtf8(octets)) return octets;
  return {{"base64", Base64Encode(octets)}};
}

// What is missing or of the wrong kind throws, here and below; the two Parse
// functions catch it.
std::string OctetsOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return Base64Decode(value.at("base64").get<std::string>()).value();
}

Json FromList(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(FromOctets(text));
  return list;
}

std::vector<std::string> ToList(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& text : list) texts.push_back(OctetsOf(text));
  return texts;
}

Json FromEnvelope(const Envelope& envelope) {
  Json recipients = Json::array();
  for (const ForwardPath& recipient : envelope.recipients)
    recipients.push_back({{"address", FromOctets(recipient.address)},
                          {"args", FromList(recipient.args)}});
  return {{"mail_from", FromOctets(envelope.mail_from)},
          {"mail_args", FromList(envelope.mail_args)},
          {"recipients", std::move(recipients)}};
}

Envelope ToEnvelope(const Json& json) {
  Envelope envelope;
  envelope.mail_from = OctetsOf(json.at("mail_from"));
  envelope.mail_args = ToList(json.at("mail_args"));
  for (const Json& recipient : json.at("recipients"))
    envelope.recipients.push_back(
        {OctetsOf(recipient.at("address")), ToList(recipient.at("args"))});
  return envelope;
}

Json FromSubmission(const Submission& submission) {
  Json json = {{"client_name", FromOctets(submission.client_name)},
               {"helo_name", FromOctets(submission.helo_name)},
               {"login", FromOctets(submission.login)},
               {"is_local", submission.is_local},
               {"is_msp", submission.is_msp},
               {"daemon_name", FromOctets(submission.daemon_name)},
               {"mta_name", FromOctets(submission.mta_name)},
               {"queue_id", FromOctets(submission.queue_id)},
               {"mta_message_id", FromOctets(submission.mta_message_id)}};
  if (submission.client_address)
    json["client_address"] = submission.client_address->ToString();
  if (submission.local_uid) json["local_uid"] = *submission.local_uid;
  return json;
}

Submission ToSubmission(const Json& json) {
  Submission submission;
  if (json.contains("client_address"))
    submission.client_address =
        IpAddress::Parse(json.at("client_address").get<std::string>());
  submission.client_name = OctetsOf(json.at("client_name"));
  submission.helo_name = OctetsOf(json.at("helo_name"));
  submission.login = OctetsOf(json.at("login"));
  submission.is_local = json.at("is_local").get<bool>();
  submission.is_msp = json.value("is_msp", false);
  if (json.contains("local_uid"))
    submission.local_uid = json.at("local_uid").get<unsigned>();
  submission.daemon_name = OctetsOf(json.at("daemon_name"));
  submission.mta_name = OctetsOf(json.at("mta_name"));
  submission.queue_id = OctetsOf(json.at("queue_id"));
  submission.mta_message_id = OctetsOf(json.at("mta_message_id"));
  return submission;
}

Json FromReasons(const std::vector<HeldReason>& reasons) {
  Json list = Json::array();
  for (const HeldReason& reason : reasons) {
    Json& json = list.emplace_back(Json{{"check", FromOctets(reason.check)},
                                        {"detail", FromOctets(reason.detail)},
                                        {"reply", FromOctets(reason.reply)}});
    if (reason.key.empty()) continue;
    json["key"] = FromOctets(reason.key);
    json["cost"] = reason.cost;
  }
  return list;
}

std::vector<HeldReason> ToReasons(const Json& list) {
  std::vector<HeldReason> reasons;
  for (const Json& json : list) {
    HeldReason& reason = reasons.emplace_back(OctetsOf(json.at("check")),
                                              OctetsOf(json.at("detail")),
                                              OctetsOf(json.at("reply")));
    if (!json.contains("key")) continue;
    reason.key = OctetsOf(json.at("key"));
    reason.cost = json.at("cost").get<std::int64_t>();
  }
  return reasons;
}

TimePoint ToTime(const Json& nanoseconds) {
  return TimePoint(std::chrono::nanoseconds(nanoseconds.get<std::int64_t>()));
}

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

HoldRecord ToRecord(const Json& json) {
  HoldRecord record;
  HeldMessage& held = record.held;
  held.id = json.at("id").get<std::string>();
  held.held_at = ToTime(json.at("held_at_ns"));
  held.envelope = ToEnvelope(json.at("envelope"));
  held.submission = ToSubmission(json.at("submission"));
  held.reasons = ToReasons(json.at("reasons"));
  if (json.contains("free_at_ns")) held.free_at = ToTime(json["free_at_ns"]);
  held.subject = OctetsOf(json.at("subject"));
  held.message_bytes = json.at("message_bytes").get<std::int64_t>();
  record.fingerprint = json.at("fingerprint").get<std::string>();
  record.body_bytes = json.at("body_bytes").get<std::int64_t>();
  record.body_sum = json.at("body_sum").get<std::string>();
  return record;
}

}  // namespace

std::string ToJson(const HoldRecord& record) {
  const HeldMessage& held = record.held;
  Json json = {{"version", kVersion},
               {"id", held.id},
               {"held_at_ns", held.held_at.time_since_epoch().count()},
               {"envelope", FromEnvelope(held.envelope)},
               {"submission", FromSubmission(held.submission)},
               {"reasons", FromReasons(held.reasons)},
               {"subject", FromOctets(held.subject)},
               {"message_bytes", held.message_bytes},
               {"fingerprint", record.fingerprint},
               {"body_bytes", record.body_bytes},
               {"body_sum", record.body_sum}};
  if (held.free_at)
    json["free_at_ns"] = held.free_at->time_since_epoch().count();
  return Dump(json);
}

Result<HoldRecord> ParseHoldRecord(std::string_view json) {
  try {
    const Json parsed = Json::parse(json);
    if (parsed.at("version") != kVersion)
      return Fail("written by another version of Postern");
    return ToRecord(parsed);
  } catch (const std::exception& error) {
    return Fail(EscapeForLog(error.what()));
  }
}

std::string ToJson(const ReleaseRecord& record) {
  return Dump({{"version", kVersion},
               {"token", record.token},
               {"body_sum", record.body_sum},
               {"is_waiving", record.is_waiving}});
}

Result<ReleaseRecord> ParseReleaseRecord(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return ReleaseRecord{json.at("token").get<std::string>(),
                         json.at("body_sum").get<std::string>(),
                         json.value("is_waiving", true)};
  } catch (const std::exception& error) {
    return Fail(EscapeForLog(error.what()));
  }
}

}  // namespace postern
