#include "milter/egress_watch.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "policy/base/text.h"

namespace postern {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{20'000};  // of one survey
// How soon it is asked again where something is wrong or not known.
constexpr milliseconds kSoon{300'000};

std::string PtrFault(const EgressHealth& way) {
  switch (way.ptr_status) {
    case DnsStatus::kTempError:
      return "PTR not known";
    case DnsStatus::kNoData:
    case DnsStatus::kNxDomain:
      return "no PTR record";
    case DnsStatus::kOk:
      break;
  }
  if (way.confirmation == Confirmation::kNo)
    return fmt::format("PTR {} does not lead back", EscapeForLog(way.ptr_name));
  if (way.confirmation == Confirmation::kUnknown)
    return fmt::format("addresses of {} not known", EscapeForLog(way.ptr_name));
  if (way.is_generic)
    return fmt::format("PTR {} looks generated", EscapeForLog(way.ptr_name));
  return {};
}

std::string HeloFaultOf(const EgressHealth& way) {
  if (way.helo_name.empty() || way.helo_name.front() == '[') return {};
  if (!way.helo_fault.empty())
    return fmt::format("EHLO name {} {}", EscapeForLog(way.helo_name),
                       way.helo_fault);
  switch (way.helo_status) {
    case DnsStatus::kOk:
      return {};
    case DnsStatus::kTempError:
      return fmt::format("addresses of EHLO name {} not known", way.helo_name);
    case DnsStatus::kNoData:
    case DnsStatus::kNxDomain:
      return fmt::format("EHLO name {} has no address", way.helo_name);
  }
  return {};
}

std::string ListingFault(const Listing& listing) {
  if (listing.status == ListStatus::kUnknown)
    return fmt::format("{} not known: {}", listing.zone, listing.reason);
  const bool is_both =
      !listing.listed.empty() && !listing.dynamic_range.empty();
  const std::string codes =
      listing.listed + (is_both ? ", " : "") + listing.dynamic_range;
  if (codes.empty()) return {};
  return fmt::format("{} listed by {} ({})", EscapeForLog(listing.subject),
                     listing.zone, codes);
}

bool IsWell(const EgressSurvey& survey) {
  return std::ranges::all_of(
      survey.ways, [](const auto& way) { return FaultsOf(*way).empty(); });
}

}  // namespace

std::string FaultsOf(const EgressHealth& way) {
  std::vector<std::string> faults = {PtrFault(way), HeloFaultOf(way)};
  for (const auto* lists : {&way.address_lists, &way.name_lists})
    for (const Listing& listing : *lists)
      faults.push_back(ListingFault(listing));
  std::erase(faults, "");
  return Join(faults, "; ");
}

EgressWatch::EgressWatch(const Snapshot<Rulebook>* rulebook, Dns* dns,
                         Snapshot<EgressSurvey>* survey)
    : rulebook_(rulebook),
      dns_(dns),
      survey_(survey),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void EgressWatch::Wake() {
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_all();
}

void EgressWatch::LogChange(const std::string& subject,
                            const std::string& faults) {
  const auto [place, is_new] = logged_.try_emplace(subject);
  if (!is_new && place->second == faults) return;
  place->second = faults;
  if (faults.empty()) {
    spdlog::info("{}: nothing wrong", subject);
  } else {
    spdlog::warn("{}: {}", subject, faults);
  }
}

void EgressWatch::Publish(EgressSurvey survey) {
  for (const ListTest& list : survey.lists)
    LogChange("blocklist " + list.zone, list.reason);
  for (const auto& way : survey.ways)
    LogChange(fmt::format("egress {} {}", way->route, way->address.ToString()),
              FaultsOf(*way));
  survey_->Set(std::make_shared<const EgressSurvey>(std::move(survey)));
}

void EgressWatch::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto rulebook = rulebook_->Get();
    milliseconds wait = rulebook->config.egress_check.interval;
    try {
      EgressSurvey survey =
          SurveyEgress(rulebook->config, *dns_, In(kPatience));
      if (!IsWell(survey)) wait = std::min(wait, kSoon);
      Publish(std::move(survey));
    } catch (const std::exception& e) {
      spdlog::error("egress: {}", e.what());
      wait = std::min(wait, kSoon);
    }
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, wait, [this] { return is_woken_; });
    is_woken_ = false;
  }
}

}  // namespace postern
