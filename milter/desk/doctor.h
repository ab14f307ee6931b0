// What `postern doctor` found, one entry for each thing that it looked at, and
// the parts of the house visit.
//
// Each part appends to the findings of the Visit that it is given; none fails.
// What DNS told stands in them as it came: the writers below make it safe.
// One thread. `fix` says what to write where, in words that can be followed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"
#include "policy/signing/keys.h"

namespace postern {

enum class Health { kOk, kWarn, kFail, kUnknown };
[[nodiscard]] std::string_view ToString(Health health);

struct Examined {
  std::string what;  // "spf"; stable
  std::string subject;
  Health outcome = Health::kOk;
  std::string detail, fix;
};

struct Visit {
  const Config& config;
  Dns& dns;
  std::chrono::milliseconds patience{8'000};  // for one set of questions
  std::vector<Examined> found;

  void Add(Examined examined) { found.push_back(std::move(examined)); }
  [[nodiscard]] Deadline Soon() const { return In(patience); }
};

// The parts, in the order of the report.
void ExamineResolver(Visit* visit);
void ExamineKeys(Visit* visit);
void ExamineDomains(Visit* visit);
void ExamineEgress(Visit* visit);
void ExamineMachine(Visit* visit);
// The folder of main.cf. What is_asked is expected to have Postern as its
// milter; another one may belong to something else.
void ExaminePostfix(const std::string& folder, bool is_asked, Visit* visit);
void ExamineSendmail(const std::string& file, bool is_asked, Visit* visit);

// For programs: one JSON object a line. For people: 80 columns.
[[nodiscard]] std::string DoctorJson(const std::vector<Examined>& found);
[[nodiscard]] std::string DoctorText(const std::vector<Examined>& found);

}  // namespace postern
