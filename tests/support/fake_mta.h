// FakeMta: an MTA that writes down what it is told. For unit tests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "milter/mta.h"

namespace postern {

class FakeMta final : public Mta {
 public:
  std::map<std::string, std::string> macros;
  std::size_t edits_until_lost = 1'000'000;  // takes so many, then no more
  bool is_gone = false;                      // Progress fails

  std::vector<std::string> edits;  // "set Subject 1: x", in order
  std::optional<Reply> reply;
  std::atomic<int> progress = 0;

  [[nodiscard]] std::optional<std::string> Macro(
      const std::string& name) const override {
    const auto found = macros.find(name);
    if (found == macros.end() || found->second.empty()) return std::nullopt;
    return found->second;
  }
  void SetReply(const Reply& given) override { reply = given; }

  [[nodiscard]] bool Apply(const SetHeader& edit) override {
    return Take("set " + edit.name + " " + std::to_string(edit.index) + ":" +
                edit.value);
  }
  [[nodiscard]] bool Apply(const DeleteHeader& edit) override {
    return Take("delete " + edit.name + " " + std::to_string(edit.index));
  }
  [[nodiscard]] bool Apply(const InsertHeader& edit) override {
    return Take("insert " + edit.name + ":" + edit.value);
  }
  [[nodiscard]] bool Apply(const ReplaceBody& edit) override {
    return Take("body " + std::string(edit.body.bytes()));
  }
  [[nodiscard]] bool Apply(const ChangeSender& edit) override {
    return Take("sender <" + edit.mail_from + ">");
  }
  [[nodiscard]] bool Apply(const AddRecipient& edit) override {
    return Take("rcpt <" + edit.path.address + ">");
  }
  [[nodiscard]] bool Apply(const DeleteRecipient& edit) override {
    return Take("unrcpt <" + edit.address + ">");
  }
  [[nodiscard]] bool Progress() override {
    ++progress;
    return !is_gone;
  }

 private:
  bool Take(std::string edit) {
    if (edits_until_lost == 0) return false;
    --edits_until_lost;
    edits.push_back(std::move(edit));
    return true;
  }
};

}  // namespace postern
