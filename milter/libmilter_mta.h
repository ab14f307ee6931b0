// LibmilterMta: the Mta behind one libmilter callback. Lives as long as the
// callback; libmilter owns the context.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "milter/mta.h"

struct smfi_str;  // libmilter's SMFICTX

namespace postern {

class LibmilterMta final : public Mta {
 public:
  explicit LibmilterMta(smfi_str* context) : context_(context) {}

  [[nodiscard]] std::optional<std::string> Macro(
      const std::string& name) const override;
  void SetReply(const Reply& reply) override;
  [[nodiscard]] bool Apply(const SetHeader& edit) override;
  [[nodiscard]] bool Apply(const DeleteHeader& edit) override;
  [[nodiscard]] bool Apply(const InsertHeader& edit) override;
  [[nodiscard]] bool Apply(const ReplaceBody& edit) override;
  [[nodiscard]] bool Apply(const ChangeSender& edit) override;
  [[nodiscard]] bool Apply(const AddRecipient& edit) override;
  [[nodiscard]] bool Apply(const DeleteRecipient& edit) override;
  [[nodiscard]] bool Progress() override;

 private:
  smfi_str* context_;
};

}  // namespace postern
