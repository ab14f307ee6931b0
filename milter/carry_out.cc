#include "milter/carry_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <variant>

#include "policy/base/text.h"

namespace postern {
namespace {

bool IsFieldName(std::string_view name) {  // RFC 5322 s.3.6.8
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != ':';
  });
}

// NUL would end the C string; CR becomes a bare CR on the wire; a line feed
// that begins no fold is made one by the MTA, and the value is damaged.
bool IsFieldValue(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\0' || value[i] == '\r') return false;
    if (value[i] != '\n') continue;
    if (i + 1 == value.size() || !IsBlank(value[i + 1])) return false;
  }
  return true;
}

bool IsPath(std::string_view path) {
  return std::none_of(path.begin(), path.end(), [](char c) {
    return c == '\0' || c == '\r' || c == '\n';
  });
}

// Why an edit cannot be sent; empty: it can.
struct Fault {
  std::string operator()(const SetHeader& edit) const {
    return OfField(edit.name, edit.value, edit.index);
  }
  std::string operator()(const DeleteHeader& edit) const {
    return OfField(edit.name, "", edit.index);
  }
  std::string operator()(const InsertHeader& edit) const {
    return OfField(edit.name, edit.value, 1);
  }
  std::string operator()(const ReplaceBody& edit) const {
    if (edit.body.size() > std::numeric_limits<int>::max())
      return "body too large to replace";
    return {};
  }
  std::string operator()(const ChangeSender& edit) const {
    return IsPath(edit.mail_from) ? "" : "sender is no path";
  }
  std::string operator()(const AddRecipient& edit) const {
    const auto& args = edit.path.args;
    return IsPath(edit.path.address) &&
                   std::all_of(args.begin(), args.end(), IsPath)
               ? ""
               : "recipient is no path";
  }
  std::string operator()(const DeleteRecipient& edit) const {
    return IsPath(edit.address) ? "" : "recipient is no path";
  }
  static std::string OfField(std::string_view name, std::string_view value,
                             std::size_t index) {
    if (!IsFieldName(name)) return "not a field name";
    if (!IsFieldValue(value)) return fmt::format("bad value for {}", name);
    if (index < 1 || index > std::numeric_limits<int>::max())
      return fmt::format("bad index for {}", name);
    return {};
  }
};

Result<void> LookOver(const std::vector<Edit>& edits, std::size_t recipients) {
  std::size_t deleted = 0;
  for (const Edit& edit : edits) {
    if (std::holds_alternative<DeleteRecipient>(edit)) ++deleted;
    if (std::holds_alternative<AddRecipient>(edit)) ++recipients;
    const std::string fault = std::visit(Fault{}, edit);
    if (!fault.empty()) return Fail("edit not sent: " + fault);
  }
  if (deleted > 0 && deleted >= recipients)
    return Fail("edits not sent: they would delete the last recipient");
  return {};
}

}  // namespace

Result<void> CarryOut(const std::vector<Edit>& edits, std::size_t recipients,
                      Mta& mta) {
  const Result<void> sound = LookOver(edits, recipients);
  if (!sound) return sound;
  for (const Edit& edit : edits) {
    const bool is_taken =
        std::visit([&mta](const auto& one) { return mta.Apply(one); }, edit);
    if (!is_taken) return Fail("the MTA did not take an edit");
  }
  return {};
}

}  // namespace postern
