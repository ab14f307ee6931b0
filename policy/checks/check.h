// Check: one requirement of receivers, judged purely; and its vocabulary.
//
// A check is a constant and a pure function from facts to verdicts: no I/O, no
// clock, no configuration. It foresees; decide.h decides. See STYLE: one check,
// one file, one line in the catalogue.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/base/smtp_reply.h"
#include "policy/config/action.h"

namespace postern {

struct Facts;

// The strength of the source, not of our mood: a certain refusal (RFC MUST or a
// receiver's published rule), a likely one, a risk.
enum class Level { kNotice, kShould, kMust };
enum class Outcome { kFail, kUnknown };

// What a named receiver is documented to answer.
struct PredictedReply {
  std::string_view receiver;  // "google", or "any"
  int code = 0;
  EnhancedCode enhanced;
  std::string_view text;    // the receiver's own words; empty: ours
  std::string_view source;  // where the receiver says so
};

// What a verdict is about.
struct Subject {
  enum class Kind { kMessage, kRecipient, kReceiver, kEgress };
  Kind kind = Kind::kMessage;
  std::string
      name;  // the recipient's address, the receiver, the egress address

  [[nodiscard]] static Subject Message() { return {}; }
  [[nodiscard]] static Subject Recipient(std::string address) {
    return {Kind::kRecipient, std::move(address)};
  }
  [[nodiscard]] static Subject Receiver(std::string name) {
    return {Kind::kReceiver, std::move(name)};
  }
  [[nodiscard]] static Subject Egress(std::string address) {
    return {Kind::kEgress, std::move(address)};
  }
};

// A subject that passes, or is not concerned, has no verdict.
struct Verdict {
  Outcome outcome = Outcome::kFail;
  Subject subject;
  std::string detail;  // one line for the operator: names and values, no advice
  std::string fix = {};  // one line: with names and values; empty: the check's
};

// The usual answers of a check about the whole message.
[[nodiscard]] std::vector<Verdict> FailsWith(std::string detail);
[[nodiscard]] std::vector<Verdict> UnknownFor(std::string detail);

struct Check {
  std::string_view id;       // kebab-case, says what is wrong, is for ever
  std::string_view rules;    // rule-base ids, separated by a space: "H16"
  std::string_view summary;  // one sentence
  std::string_view fix;      // one line: what to do about it, and who
  std::string_view cites;
  Level level = Level::kNotice;         // at the receivers in `predicts`;
                                        // elsewhere one step lower
  Action action = Action::kObserve;     // in mode enforce, unless configured
  Action otherwise = Action::kObserve;  // when mending did not help
  bool at_rcpt = false;                 // also judged at RCPT, envelope alone
  std::span<const PredictedReply> predicts;
  std::vector<Verdict> (*run)(const Facts&) = nullptr;
};

[[nodiscard]] std::string_view ToString(Level level);
[[nodiscard]] std::string_view ToString(Outcome outcome);

}  // namespace postern
