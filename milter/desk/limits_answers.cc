#include "milter/desk/limits_answers.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "milter/desk/audit_log.h"
#include "milter/desk/hold_text.h"
#include "milter/desk/limits_text.h"
#include "policy/base/text.h"
#include "policy/limits/unusual_mail.h"

namespace postern {
namespace {

constexpr std::size_t kMostShown = 10'000;
constexpr std::size_t kMostReasonBytes = 500;

using Json = nlohmann::ordered_json;

Json Refused(int status, const std::string& error) {
  return {{"ok", false}, {"status", status}, {"error", error}};
}

Json Done() { return {{"ok", true}}; }

Json Show(const LimitsAnswers& limits, const Json& request) {
  Limiter::UseFilter filter;
  filter.rule = request.value("rule", "");
  filter.key = request.value("key", "");
  filter.most = std::min(request.value("most", filter.most), kMostShown);
  const auto uses = limits.limiter->Show(filter);
  if (!uses) return Refused(2, uses.error().message);
  Json answer = Done();
  answer["uses"] = Json::array();
  for (const LimitUse& use : *uses) {
    Json shown = LimitUseJson(use);
    const auto refusal = limits.limiter->LastRefusal(use.rule, use.key);
    shown["refused_at"] = refusal ? Json(Timestamp(refusal->at)) : Json();
    answer["uses"].push_back(std::move(shown));
  }
  return answer;
}

// As they are called in the answer: a contract.
constexpr std::pair<const char*, LimitOutcome> kOutcomes[] = {
    {"observed", LimitOutcome::kObserved},
    {"held", LimitOutcome::kHeld},
    {"deferred", LimitOutcome::kDeferred},
    {"rejected", LimitOutcome::kRejected},
    {"passed_uncounted", LimitOutcome::kPassedUncounted},
    {"refused_uncounted", LimitOutcome::kRefusedUncounted},
};

Json CountsJson(const LimitWatch::Counts& counts) {
  const auto of = [](const auto& numbers, const auto& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() ? 0 : found->second;
  };
  Json json = Json::object();
  for (const int percent : {80, 90, 100})
    json[fmt::format("warned_{}", percent)] = of(counts.warned, percent);
  for (const auto& [name, outcome] : kOutcomes)
    json[name] = of(counts.messages, outcome);
  return json;
}

Json Status(const LimitsAnswers& limits) {
  Json answer = Done();
  answer["status"] = Json::object();
  for (const Limiter::Statement& statement : limits.limiter->Status())
    answer["status"][statement.name] = statement.value;
  for (const History::Alarm& alarm : limits.history->Alarms())
    answer["status"][fmt::format("{} {}", kHijackAlarm, alarm.owner)] =
        fmt::format("until {}: {}", Timestamp(alarm.until), alarm.reason);
  answer["limits"] = Json::object();
  for (const auto& [rule, counts] : limits.limiter->CountsByRule())
    answer["limits"][rule] = CountsJson(counts);
  return answer;
}

// Nothing is changed that could not be written down first.
Result<void> Note(const LimitsAnswers& limits, const Json& request,
                  unsigned uid, const std::string& deed) {
  const std::string reason = request.at("reason").get<std::string>();
  const std::string line =
      AuditLine(limits.clock->Now(), {uid, request.value("sudo_user", "")},
                fmt::format("{} reason=\"{}\"", deed,
                            EscapeForLog(reason, kMostReasonBytes)));
  const Result<void> audited = Audit(limits.state_directory, line);
  if (audited) spdlog::info("audit: {}", Trim(line));
  return audited;
}

Json Grant(const LimitsAnswers& limits, const Json& request, unsigned uid) {
  const LimitGrant grant{
      .rule = request.at("rule").get<std::string>(),
      .key = request.at("key").get<std::string>(),
      .units = request.at("units").get<std::int64_t>(),
      .expires_at =
          limits.clock->Now() +
          std::chrono::seconds(std::min<std::int64_t>(
              request.at("seconds").get<std::int64_t>(), 10LL * 366 * 86'400))};
  const std::string deed =
      fmt::format("limits-grant limit={} key={} units={} seconds={}",
                  EscapeForLog(grant.rule, 64), EscapeForLog(grant.key, 200),
                  grant.units, request.at("seconds").get<std::int64_t>());
  Result<void> done = Note(limits, request, uid, deed);
  if (!done) return Refused(2, done.error().message);
  done = limits.limiter->Grant(grant);
  if (!done) return Refused(1, done.error().message);
  return Done();
}

Json Clear(const LimitsAnswers& limits, const Json& request, unsigned uid) {
  const auto rule = request.at("rule").get<std::string>();
  const auto key = request.at("key").get<std::string>();
  const Result<void> noted =
      Note(limits, request, uid,
           fmt::format("limits-clear limit={} key={}", EscapeForLog(rule, 64),
                       EscapeForLog(key, 200)));
  if (!noted) return Refused(2, noted.error().message);
  if (rule == kHijackAlarm)
    return limits.history->EndAlarm(key) ? Done()
                                         : Refused(1, "it is not alarmed");
  const Result<bool> cleared = limits.limiter->Clear(rule, key);
  if (!cleared) return Refused(2, cleared.error().message);
  return *cleared ? Done() : Refused(1, "nothing was counted for this key");
}

Json WarmUps(const LimitsAnswers& limits) {
  const auto now =
      std::chrono::floor<std::chrono::seconds>(limits.clock->Now());
  Json answer = Done();
  answer["climbs"] = Json::array();
  for (const auto& [key, climb] : limits.warm_up->Climbs())
    answer["climbs"].push_back(
        {{"sender", key.sender},
         {"receiver", key.receiver},
         {"started_at", Timestamp(climb.started)},
         {"climbed_seconds", Climbed(climb, now).count()},
         {"paused_until", climb.paused_until > now
                              ? Json(Timestamp(climb.paused_until))
                              : Json()}});
  return answer;
}

Json StartWarmUp(const LimitsAnswers& limits, const Json& request,
                 unsigned uid) {
  const WarmUpKey key{request.at("sender").get<std::string>(),
                      request.at("receiver").get<std::string>()};
  const int day = std::clamp(request.at("day").get<int>(), 1, 100'000);
  Result<void> done = Note(
      limits, request, uid,
      fmt::format(
          "limits-warm-up {} receiver={} day={}", EscapeForLog(key.sender, 200),
          key.receiver.empty() ? "all" : EscapeForLog(key.receiver, 64), day));
  if (!done) return Refused(2, done.error().message);
  done = limits.warm_up->Start(
      key, std::chrono::floor<std::chrono::seconds>(limits.clock->Now()) -
               std::chrono::days(day - 1));
  return done ? Done() : Refused(2, done.error().message);
}

// For the operator, who sees sooner than we that a receiver pushes back.
Json PauseWarmUp(const LimitsAnswers& limits, const Json& request,
                 unsigned uid) {
  const WarmUpKey named{request.at("sender").get<std::string>(),
                        request.at("receiver").get<std::string>()};
  const std::chrono::seconds lasting(std::clamp<std::int64_t>(
      request.at("seconds").get<std::int64_t>(), 1, 366LL * 86'400));
  std::vector<WarmUpKey> climbing;
  for (const auto& [key, climb] : limits.warm_up->Climbs())
    if (key.sender == named.sender &&
        (named.receiver.empty() || key.receiver == named.receiver))
      climbing.push_back(key);
  if (climbing.empty()) return Refused(1, "it has not begun");
  const Result<void> noted = Note(
      limits, request, uid,
      fmt::format(
          "limits-warm-up-pause {} receiver={} seconds={}",
          EscapeForLog(named.sender, 200),
          named.receiver.empty() ? "all" : EscapeForLog(named.receiver, 64),
          lasting.count()));
  if (!noted) return Refused(2, noted.error().message);
  for (const WarmUpKey& key : climbing)
    limits.warm_up->PushBack(key, limits.clock->Now() + lasting);
  return Done();
}

Json AnswerTo(const LimitsAnswers& limits, const Json& request, unsigned uid) {
  const auto what = request.at("ask").get<std::string>();
  if (what == "limits-show") return Show(limits, request);
  if (what == "limits-status") return Status(limits);
  if (what == "limits-grant") return Grant(limits, request, uid);
  if (what == "limits-clear") return Clear(limits, request, uid);
  if (what == "limits-warm-ups") return WarmUps(limits);
  if (what == "limits-warm-up") return StartWarmUp(limits, request, uid);
  if (what == "limits-warm-up-pause") return PauseWarmUp(limits, request, uid);
  return Refused(2, "this daemon does not know what is asked: it may be older");
}

}  // namespace

std::string LimitsAnswers::Answer(const std::string& request,
                                  unsigned uid) const {
  Json answer;
  try {
    answer = AnswerTo(*this, Json::parse(request), uid);
  } catch (const std::exception& error) {
    answer = Refused(2, error.what());
  }
  // Keys may be any octets.
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace postern
